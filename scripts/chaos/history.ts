import { execFile, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import type { HistoryEvent } from './ledger.js';

const execute = promisify(execFile);
const ENVIRONMENT = { ...process.env, ETCDCTL_API: '3' };
/** The last thing that is written: once it is seen, all is. */
const END = '/calico/the-end';

interface WatchAnswer {
  readonly Events?: readonly { readonly type?: number; readonly kv: { readonly key: string; readonly value?: string; readonly mod_revision: number } }[];
}

/** Everything that ever happened below /calico/, from a watch that begins at the first revision. */
export async function wholeHistory(endpoint: string): Promise<readonly HistoryEvent[]> {
  await execute('etcdctl', ['--endpoints', endpoint, '--command-timeout', '120s', 'put', END, ''], { env: ENVIRONMENT });
  const watch = spawn('etcdctl', ['--endpoints', endpoint, 'watch', '--prefix', '/calico/', '--rev', '1', '-w', 'json'], { env: ENVIRONMENT, stdio: ['ignore', 'pipe', 'inherit'] });
  const latest = new Map<string, number>();
  const events: HistoryEvent[] = [];
  try {
    for await (const line of createInterface({ input: watch.stdout })) {
      for (const { type, kv } of (JSON.parse(line) as WatchAnswer).Events ?? []) {
        const [key, revision, isDeletion] = [text(kv.key), kv.mod_revision, type === 1];
        if (key === END) return events;
        events.push({ key, revision, value: isDeletion ? undefined : text(kv.value), before: latest.get(key) ?? 0 });
        latest.set(key, isDeletion ? 0 : revision);
      }
    }
  } finally {
    watch.kill('SIGKILL');
  }
  throw new Error('the watch ended before the history did');
}

function text(base64 = ''): string {
  return Buffer.from(base64, 'base64').toString();
}
