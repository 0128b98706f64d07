import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const CACHE = fileURLToPath(new URL('../../node_modules/.cache/debian/', import.meta.url));

/** Where a Debian package that `unpackPackages` fetched lies: a folder that looks like the root of a file system. */
export function unpackedPackage(name: string): string {
  return join(CACHE, name);
}

/** The version of such a package. */
export function unpackedVersion(name: string): string {
  return /^Version: (.*)$/m.exec(readFileSync(join(controlOf(name), 'control'), 'utf8'))?.[1] as string;
}

function controlOf(name: string): string {
  return join(CACHE, '.control', name);
}

/**
 * Fetches Debian packages and unpacks each into a folder of its own, without installing it: for packages that
 * exclude one another. Needs no root. Those that are there already are left alone.
 */
export function unpackPackages(names: readonly string[]): void {
  const missing = [...new Set(names)].filter((name) => !existsSync(controlOf(name)) || !existsSync(unpackedPackage(name)));
  if (missing.length === 0) return;
  console.error(`fetching ${missing.join(' ')}`);
  mkdirSync(CACHE, { recursive: true });
  const work = mkdtempSync(join(CACHE, '.fetch-'));
  try {
    download(missing, work);
    for (const file of readdirSync(work).filter((each) => each.endsWith('.deb'))) unpack(file, work);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** The lists of packages may be missing or out of date on a fresh machine. */
function download(names: readonly string[], folder: string): void {
  const fetch = (): unknown => execFileSync('apt-get', ['download', '-qq', ...names], { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  try {
    fetch();
  } catch {
    execFileSync('apt-get', ['update', '-qq'], { stdio: ['ignore', 'ignore', 'inherit'] });
    fetch();
  }
}

/** Renames into place only what is complete, so that a run that was cut short does no harm. */
function unpack(file: string, folder: string): void {
  const name = file.slice(0, file.indexOf('_'));
  for (const [option, target] of [['-x', unpackedPackage(name)], ['-e', controlOf(name)]] as const) {
    if (existsSync(target)) continue;
    const begun = join(folder, `${name}${option}`);
    execFileSync('dpkg', [option, join(folder, file), begun], { stdio: ['ignore', 'ignore', 'inherit'] });
    mkdirSync(dirname(target), { recursive: true });
    renameSync(begun, target);
  }
}
