import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CalicoError } from '../base/errors.js';

/** What holds the network plugins: files of the build for the Node that runs this, or this executable, which has its own Node. */
export type CniProgram = { readonly node: string; readonly folder: string; readonly files: readonly string[] } | { readonly executable: string };

/** The file that is started, and the one that it loads. */
const FILES: readonly string[] = ['cni.js', 'calicoctl-cni.js'];

/**
 * The program of the network plugins. Throws CalicoError where it is not built.
 * @param program the words that start this program
 * @param root the folder of the build, or that of the repository
 */
export function cniProgram([program = '', file]: readonly string[], root: string): CniProgram {
  if (file === undefined) return { executable: program };
  const folder = [root, join(root, 'dist')].find((each) => FILES.every((name) => existsSync(join(each, name))));
  if (folder === undefined) throw new CalicoError('failed', 'the network plugins are not built', { hint: 'run npm run build first' });
  return { node: program, folder, files: FILES };
}
