import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensurePrograms } from '../support/programs.js';
import { PROGRAM } from '../support/calicoctl.js';

const NAMESPACES = ['--net', '--pid', '--fork', '--kill-child', '--mount-proc'];
/** Tells the process inside which folder is its own. */
const FOLDER = 'CALICOCTL_CHAOS_FOLDER';
const INDEX = fileURLToPath(new URL('index.ts', import.meta.url));
/** What a run may take beyond its duration: to start, to recover, to compare. */
const GRACE_MS = 420_000;

/** The folder of a run whose process is inside the namespaces already; undefined outside. With the process outside, that inside ends. */
export function insideFolder(): string | undefined {
  const folder = process.env[FOLDER];
  if (folder !== undefined) process.stdin.on('end', () => process.exit(2)).resume().unref();
  return folder;
}

/**
 * Runs this program once more in network and process namespaces of its own and returns its exit code. With its first process
 * everything in them ends, so that nothing is left of a run that is interrupted, or that does not end in its time.
 * @throws Error where there is no program to try, or no right to make namespaces
 */
export async function inNamespaces(durationMs: number, args: readonly string[]): Promise<number> {
  requireAll();
  const folder = mkdtempSync(join(tmpdir(), 'calicoctl-chaos-'));
  const again = [process.execPath, ...process.execArgv, INDEX, ...args];
  const child = spawn('unshare', [...NAMESPACES, ...again], { stdio: ['pipe', 'inherit', 'inherit'], env: { ...process.env, [FOLDER]: folder } });
  const end = (): void => void child.kill('SIGKILL');
  const interrupt = (): void => {
    console.error('chaos: interrupted');
    end();
  };
  const late = setTimeout(() => {
    console.error('chaos: the run did not come to its end');
    end();
  }, durationMs + GRACE_MS);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, interrupt);
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  clearTimeout(late);
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  return code ?? 2;
}

function requireAll(): void {
  if (!existsSync(fileURLToPath(new URL('../../dist', import.meta.url)))) throw new Error(`${PROGRAM} is not built: npm run build`);
  const { status, stderr, error } = spawnSync('unshare', [...NAMESPACES, 'true'], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`cannot make network and process namespaces here; run it as root, with CAP_SYS_ADMIN and CAP_NET_ADMIN (${(error?.message ?? stderr).trim()})`);
  ensurePrograms({ etcd: 'etcd-server', etcdctl: 'etcd-client', ip: 'iproute2', nsenter: 'util-linux' });
}
