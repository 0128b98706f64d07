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

/**
 * Fetches Debian packages as below, and the libraries that they need, those of libraries too. Returns the names of all. What else
 * a package depends on (how it is set up, what it is run with) is for its user to name.
 * @param unneeded libraries that nothing needs which is used of these packages
 */
export function unpackWithLibraries(names: readonly string[], unneeded: readonly string[] = []): readonly string[] {
  const all = new Set(names);
  for (let found: readonly string[] = names; found.length > 0; ) {
    unpackPackages(found);
    found = found.flatMap(librariesOf).filter((name) => !all.has(name) && !unneeded.includes(name));
    for (const name of found) all.add(name);
  }
  return [...all].sort();
}

/** Packages whose name says that they are a library, or what the licences of GCC's libraries are in. */
const LIBRARY = /^(?:lib.*\d.*(?<!-bin)|zlib1g|gcc-\d+-base)$/;

function librariesOf(name: string): readonly string[] {
  const control = readFileSync(join(controlOf(name), 'control'), 'utf8');
  const depends = Array.from(control.matchAll(/^(?:Pre-)?Depends: (.*)$/gm), ([, text = '']) => text.split(/,\s*/)).flat();
  return depends.map((each) => each.split(/[\s:(|]/)[0] as string).filter((each) => LIBRARY.test(each));
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
