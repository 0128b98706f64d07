import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleFile, bundleOf, cacheFile } from '../../src/programs/calicoctl/bundle.js';
import { seal } from '../../src/programs/calicoctl/code-cache.js';
import { startStubEtcd } from './stub-etcd.js';
import { warmArguments, WARM_MANIFEST, WARM_STORE } from './warm-runs.js';

const LONGEST_RUN_MS = 20_000;
const AT_A_TIME = 2;

/**
 * Runs every command once against a stub of etcd and keeps what V8 compiled (reference/speed 2.2). Returns how many caches were made.
 * Throws where a command leaves none: it crashed.
 */
export async function makeCodeCaches(folder: string, commands: readonly string[]): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), 'calicoctl-warm-'));
  const manifest = join(directory, 'manifest.yaml');
  writeFileSync(manifest, WARM_MANIFEST);
  const etcd = await startStubEtcd(WARM_STORE);
  const waiting = [...commands];
  try {
    const work = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await warmRun(folder, next, { manifest, endpoint: etcd.endpoint });
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, work));
  } finally {
    etcd.stop();
    rmSync(directory, { recursive: true, force: true });
  }
  return commands.length;
}

/** The variables of this process that change what the compiled code looks like, or where the command finds its etcd, are kept away from it. */
async function warmRun(folder: string, command: string, { manifest, endpoint }: { manifest: string; endpoint: string }): Promise<void> {
  const target = cacheFile(folder, command);
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, ETCD_ENDPOINTS: endpoint, CODE_CACHE_FILE: `${target}.bare` };
  const args = ['--require', join(import.meta.dirname, 'record-cache.cjs'), join(folder, 'launch.js'), ...command.split(' '), ...warmArguments(command, manifest)];
  const output = await new Promise<string>((resolve) => {
    const child = execFile(process.execPath, args, { env, timeout: LONGEST_RUN_MS }, (_error, stdout, stderr) => resolve(stdout + stderr));
    child.stdin?.end();
  });
  if (process.env.SHOW_WARM_RUNS) console.log(`$ calicoctl ${command}\n${output}`);
  if (output.includes('this is a bug of calicoctl')) throw new Error(`calicoctl ${command} failed while it was built:\n${output}`);
  if (!existsSync(`${target}.bare`)) throw new Error(`calicoctl ${command} left no code cache:\n${output}`);
  writeFileSync(`${target}.new`, seal(readFileSync(`${target}.bare`), readFileSync(bundleFile(folder, bundleOf(command)))));
  renameSync(`${target}.new`, target);
  rmSync(`${target}.bare`);
}
