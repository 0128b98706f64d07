import { execFile, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { HistoryEvent } from './ledger.js';

const execute = promisify(execFile);
const ENVIRONMENT = { ...process.env, ETCDCTL_API: '3' };
/** The last thing that is written: once it is seen, all is. */
const END = '/calico/the-end';
const MOST_TRIES = 30;

interface WatchAnswer {
  readonly Events?: readonly { readonly type?: number; readonly kv: { readonly key: string; readonly value?: string; readonly mod_revision: number } }[];
}

/** Everything that ever happened below /calico/, from a watch that begins at the first revision. */
export async function wholeHistory(endpoint: string): Promise<readonly HistoryEvent[]> {
  await writeEnd(endpoint);
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

/** On a busy machine the members may lose sight of each other once more. */
async function writeEnd(endpoint: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await execute('etcdctl', ['--endpoints', endpoint, '--command-timeout', '120s', 'put', END, ''], { env: ENVIRONMENT });
      return;
    } catch (error) {
      if (tries === MOST_TRIES) throw error;
      await sleep(1000);
    }
  }
}

function text(base64 = ''): string {
  return Buffer.from(base64, 'base64').toString();
}
