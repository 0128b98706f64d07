import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { OWN_FOLDER, readOwn } from './own-files.js';

/** Programs that are started by this one as processes of their own, by the word that stands for each: nobody types it. They are files of the build. */
const INNER: Readonly<Record<string, string>> = { __agent: 'agent.js', __lab: 'lab.js' };

/** Whether a word starts such a program. */
export function isInner(word: string | undefined): word is string {
  return word !== undefined && Object.hasOwn(INNER, word);
}

/** Runs it in this process, which has the words that follow. It is read like all files of the build, so that the executable has it too. */
export function runInner(word: string): void {
  const name = INNER[word] as string;
  process.argv.splice(2, 1);
  const filename = join(OWN_FOLDER, name);
  const script = new Script(`(function (exports, require, module, __filename, __dirname) {${readOwn(name).toString('latin1')}\n})`, { filename });
  const module = { exports: {} };
  (script.runInThisContext() as (...given: readonly unknown[]) => void)(module.exports, createRequire(filename), module, filename, OWN_FOLDER);
}
