import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleName, cacheName } from '../../src/programs/calicoctl/build-files.js';
import { seal } from '../../src/programs/calicoctl/code-cache.js';
import type { WarmRun } from '../../src/cli/build-facts.js';
import { startStubEtcd } from './stub-etcd.js';
import { checkWarmRun, warmArguments, WARM_MANIFEST, WARM_STORE, type WarmEnd } from './warm-runs.js';

const LONGEST_RUN_MS = 20_000;

/** What is run once: a command, or what completion looks up. */
interface Warmed {
  readonly name: string;
  readonly bundle: string;
  readonly warm: WarmRun;
}

const AT_A_TIME = 2;

/**
 * Runs every command once against a stub of etcd and keeps what V8 compiled (reference/speed 2.2). Returns how many caches were made.
 * Throws Refusal where the run of a command is no use.
 */
export async function makeCodeCaches(folder: string, commands: readonly Warmed[]): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), 'calicoctl-warm-'));
  const manifest = join(directory, 'manifest.yaml');
  writeFileSync(manifest, WARM_MANIFEST);
  const waiting = [...commands];
  try {
    const work = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await makeCodeCache(folder, next, manifest);
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, work));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
  return commands.length;
}

/** Each command has a store of its own: none finds what another wrote. */
async function makeCodeCache(folder: string, command: Warmed, manifest: string): Promise<void> {
  const target = join(folder, 'cache', cacheName(command.name));
  const etcd = await startStubEtcd(WARM_STORE);
  try {
    const args = [join(folder, 'launch.js'), ...command.name.split(' '), ...warmArguments(command.warm, manifest)];
    const end = await warmRun(args, { ETCD_ENDPOINTS: etcd.endpoint, CODE_CACHE_FILE: `${target}.bare`, CALICOCTL_COMPLETION_MS: String(LONGEST_RUN_MS) });
    if (process.env.SHOW_WARM_RUNS) console.log(`$ calicoctl ${command.name}\n${end.output}`);
    checkWarmRun(command, end);
  } finally {
    etcd.stop();
  }
  if (!existsSync(`${target}.bare`)) throw new Error(`calicoctl ${command.name} left no code cache`);
  writeFileSync(target, seal(readFileSync(`${target}.bare`), readFileSync(join(folder, bundleName(command.bundle)))));
  rmSync(`${target}.bare`);
}

/** The variables of this process that change what the compiled code looks like, or where the command finds its etcd, are kept away from it. */
function warmRun(args: readonly string[], variables: Readonly<Record<string, string>>): Promise<WarmEnd> {
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, ...variables };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, ['--require', join(import.meta.dirname, 'record-cache.cjs'), ...args], { env }, (_error, stdout, stderr) => {
      clearTimeout(limit);
      resolve({ code: child.exitCode, output: stdout + stderr });
    });
    const limit = setTimeout(() => void child.kill('SIGKILL'), LONGEST_RUN_MS);
    child.stdin?.end();
  });
}
