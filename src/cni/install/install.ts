import { constants, readdir, rm, rmdir } from 'node:fs/promises';
import { accessSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CalicoError } from '../../base/errors.js';
import { whyUnread } from '../../base/regular-file.js';
import { decide, isIdle, type FileChange, type Known } from './changes.js';
import { digestOf, look, type WantedFile } from './files.js';
import { CONFIG_NAME, PROGRAM_FOLDER } from './plan.js';
import { stage, sweep, type Staged } from './put.js';
import { readRecord, recordText, type InstallRecord } from './record.js';

/** What was written beside its place so long ago is of a process that is no more. */
const ABANDONED_MS = 10 * 60 * 1000;

/** Where plugins and configs are. */
export interface InstallPlaces {
  readonly confDir: string;
  readonly binDir: string;
}

/** What became of files, or would. */
export interface InstallOutcome {
  readonly changes: readonly FileChange[];
  /** The configs of other networks that a runtime takes before ours, by their names. */
  readonly before: readonly string[];
}

/**
 * Brings files to where they are wanted, and takes away what an earlier installation wrote and this one does not want. Nothing is changed before
 * everything is written beside its place; what is as it should be stays untouched. Throws CalicoError.
 * @param dryRun only says what would be done
 */
export async function install(files: readonly WantedFile[], places: InstallPlaces, dryRun: boolean): Promise<InstallOutcome> {
  const recordPath = recordOf(places.binDir);
  const record = readRecord(recordPath);
  const known = await told(() => survey(files, record));
  const changes = decide(known, record);
  const after = recordAfter(known, changes, record);
  const idle = changes.every(isIdle) && recordText(after) === recordText(record);
  if (!dryRun) {
    if (!idle) await told(() => carryOut(files, changes, { path: recordPath, record, after }));
    await told(() => sweep([recordPath, ...known.map(({ path }) => path)], Date.now() - ABANDONED_MS));
  }
  return { changes, before: await configsBefore(places.confDir, files) };
}

/** Takes away what was installed, unless somebody changed it meanwhile. Throws CalicoError: `missing` where nothing was. */
export async function uninstall(binDir: string, dryRun: boolean): Promise<InstallOutcome & { readonly setAside: readonly string[] }> {
  const recordPath = recordOf(binDir);
  const record = readRecord(recordPath);
  if (Object.keys(record).length === 0) throw new CalicoError('missing', `nothing of this tool is installed in ${binDir}`, { hint: 'name the folder in which it was installed with --bin-dir' });
  const known = await told(() => survey([], record));
  // The config goes first: from then on no runtime calls what is taken away after it.
  const changes = decide([...known].reverse(), record);
  const setAside = await told(async () => {
    if (!dryRun) await takeAway(changes, recordPath);
    const names = Object.values(record).flatMap((each) => each.setAside ?? []);
    return (await Promise.all(names.map(async (path) => ((await look(path)).kind === 'none' ? [] : [path])))).flat();
  });
  return { changes, before: [], setAside };
}

function recordOf(binDir: string): string {
  return join(binDir, PROGRAM_FOLDER, 'installed.json');
}

/** What is known of each file that is wanted, or was once written. */
async function survey(files: readonly WantedFile[], record: InstallRecord): Promise<readonly Known[]> {
  const wanted = new Map(files.map((file) => [file.path, file]));
  const known: Known[] = [];
  for (const path of [...wanted.keys(), ...Object.keys(record).filter((each) => !wanted.has(each))]) {
    const file = wanted.get(path);
    const found = await look(path);
    if (found.kind === 'folder') throw new CalicoError('failed', `${path} is a directory: a file is to be there`);
    known.push({ path, found, freeName: await freeName(path), ...(file !== undefined && { wanted: { digest: await digestOf(file), mode: file.mode } }) });
  }
  return known;
}

/** No runtime takes a file of this name for a config. */
async function freeName(path: string): Promise<string> {
  for (let count = 1; ; count++) {
    const name = `${path}.before-calicoctl${count === 1 ? '' : `-${count}`}`;
    if ((await look(name)).kind === 'none') return name;
  }
}

async function carryOut(files: readonly WantedFile[], changes: readonly FileChange[], { path, record, after }: { readonly path: string; readonly record: InstallRecord; readonly after: InstallRecord }): Promise<void> {
  const written = new Set(changes.filter((change) => !isIdle(change) && change.fate !== 'remove').map((change) => change.path));
  const staged = await stage(files.filter((file) => written.has(file.path)));
  try {
    // Whoever is killed from here on leaves a record that knows both.
    await putRecord(path, merged(record, after));
    await staged.commit(changes);
    await putRecord(path, after);
    await dropFolders(changes);
  } finally {
    await staged.discard();
  }
}

/** What will be ours: what is wanted. What somebody changed is theirs from now on. */
function recordAfter(known: readonly Known[], changes: readonly FileChange[], record: InstallRecord): InstallRecord {
  const asides = new Map(changes.map(({ path, setAside }) => [path, setAside]));
  return Object.fromEntries(known.flatMap(({ path, wanted }) => {
    if (wanted === undefined) return [];
    const setAside = asides.get(path) ?? record[path]?.setAside;
    return [[path, { digests: [wanted.digest], ...(setAside !== undefined && { setAside }) }]];
  }));
}

function merged(one: InstallRecord, other: InstallRecord): InstallRecord {
  return Object.fromEntries([...new Set([...Object.keys(other), ...Object.keys(one)])].map((path) => {
    const digests = [...new Set([...(one[path]?.digests ?? []), ...(other[path]?.digests ?? [])])];
    return [path, { ...one[path], ...other[path], digests }];
  }));
}

async function putRecord(path: string, record: InstallRecord): Promise<void> {
  const staged: Staged = await stage([{ path, mode: 0o644, content: Buffer.from(recordText(record)) }]);
  await staged.commit([{ path, fate: 'replace' }]).finally(staged.discard);
}

async function takeAway(changes: readonly FileChange[], recordPath: string): Promise<void> {
  for (const { path, fate } of changes) if (fate === 'remove') await rm(path);
  await sweep([recordPath, ...changes.map(({ path }) => path)], Infinity);
  await rm(recordPath);
  await dropFolders([...changes, { path: recordPath, fate: 'remove' }]);
}

/** Folders of ours in which nothing is any more. */
async function dropFolders(changes: readonly FileChange[]): Promise<void> {
  const folders = new Set(changes.filter(({ fate }) => fate === 'remove').map(({ path }) => dirname(path)));
  for (const folder of folders) if (/\/calico(\.d|-tls)$/.test(folder)) await rmdir(folder).catch(() => undefined);
}

/** A runtime takes the first config by its name, of all that end so. */
async function configsBefore(confDir: string, files: readonly WantedFile[]): Promise<readonly string[]> {
  const own = files.map(({ path }) => path);
  const names = await readdir(confDir).catch((): string[] => []);
  return names.filter((name) => /\.(conf|conflist|json)$/.test(name) && name < `${CONFIG_NAME}.conf` && !own.includes(join(confDir, name))).sort();
}

/** Whether an executable is in a folder. */
export function isExecutable(folder: string, name: string): boolean {
  try {
    accessSync(join(folder, name), constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const CAUSES: Readonly<Record<string, string>> = {
  EACCES: 'may not be changed by this user', EPERM: 'may not be changed by this user', EROFS: 'is on a file system that is read only', ENOSPC: 'has no room on its file system',
  EEXIST: 'is no directory', ENOTDIR: 'is not in a directory',
};

/** Node's own errors as ours, with the path and what to do. */
async function told<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code, path } = error as NodeJS.ErrnoException;
    if (code === undefined || error instanceof CalicoError) throw error;
    throw new CalicoError('failed', `${path ?? 'a file'} ${CAUSES[code] ?? whyUnread(error)}`, { hint: ['EACCES', 'EPERM'].includes(code) ? 'run the command as root' : undefined });
  }
}
