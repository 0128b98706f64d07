import { execFileSync } from 'node:child_process';
import { copyFileSync, chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What Node looks for to know that there is something inside it (https://nodejs.org/api/single-executable-applications.html). */
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

/**
 * Makes one file of the Node that runs this and the built tool: it needs nothing beside it but the C and C++ libraries.
 * @param dist the folder of the build
 * @param target a path that is absolute
 */
export function makeExecutable(dist: string, target: string): void {
  const folder = mkdtempSync(join(tmpdir(), 'calicoctl-executable-'));
  try {
    const blob = join(folder, 'blob');
    const config = join(folder, 'config.json');
    const assets = Object.fromEntries(readdirSync(dist).filter(isAsset).map((name) => [name, name]));
    // The path of `main` is in the executable: from the build, so that it is the same wherever it is built.
    writeFileSync(config, JSON.stringify({ main: 'embedded/launch.js', output: blob, assets, disableExperimentalSEAWarning: true }));
    node(dist, '--experimental-sea-config', config);
    copyFileSync(process.execPath, target);
    chmodSync(target, 0o755);
    node(folder, join(createRequire(import.meta.url).resolve('postject'), '../cli.js'), target, 'NODE_SEA_BLOB', blob, '--sentinel-fuse', FUSE);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function isAsset(name: string): boolean {
  return /^(?:help-\d+|completion)\.json$/.test(name) || /^(?:calicoctl-.*|agent|lab)\.js$/.test(name);
}

/** Says nothing where it works; what was said is a part of the error otherwise. */
function node(cwd: string, ...words: readonly string[]): void {
  execFileSync(process.execPath, words, { cwd, stdio: 'pipe' });
}
