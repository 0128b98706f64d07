import { mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../../base/make-folder.js';
import { writeNewFile } from '../../base/new-file.js';
import type { BirdFiles } from '../../bgp/bird/files.js';
import type { RunProgram } from '../../host/program.js';

const FOR_ALL = 0o644;
const FOR_OWNER = 0o600;
const CHECK_MS = 10_000;

/** What became of the files of a family: nothing to do, in place, or refused by BIRD in these words. */
export type Installed = 'unchanged' | 'installed' | { readonly refused: string };

/**
 * Puts the files of a family in place together once BIRD accepts them, and else none (reference/bird 1): a main file and others that
 * do not fit would fail at the next start. Each is replaced at once, never half. Throws what the file system says.
 * @param program the BIRD that checks them
 */
export async function installFiles(folder: string, files: BirdFiles, program: string, run: RunProgram): Promise<Installed> {
  const before = await Promise.all([...files.texts.keys()].map((name) => readFile(join(folder, name), 'utf8').catch(() => undefined)));
  if ([...files.texts.values()].every((text, index) => text === before[index])) return 'unchanged';
  makeFolder(folder);
  // Beside their place, so that they can be renamed; nobody else can read what is in it.
  const stage = await mkdtemp(join(folder, '.new-'));
  try {
    for (const [name, text] of files.texts) await writeNewFile(join(stage, name), [text], { mode: files.isSecret && name === files.main ? FOR_OWNER : FOR_ALL });
    const refused = await refusal(join(stage, files.main), program, run);
    if (refused !== undefined) return { refused: refused.replaceAll(`${stage}/`, '') };
    for (const name of files.texts.keys()) await rename(join(stage, name), join(folder, name));
    return 'installed';
  } finally {
    await rm(stage, { recursive: true, force: true });
  }
}

/** Why BIRD does not accept a file, in its words. */
async function refusal(file: string, program: string, run: RunProgram): Promise<string | undefined> {
  try {
    const { code, stdout, stderr } = await run(program, ['-p', '-c', file], { timeoutMs: CHECK_MS });
    if (code === 0) return undefined;
    const words = `${stdout}\n${stderr}`.trim();
    return words === '' ? `${program} -p ended with ${code === null ? 'a signal' : `code ${code}`}` : words;
  } catch (error) {
    return `${program} cannot be started to check it: ${error instanceof Error ? error.message : String(error)}`;
  }
}
