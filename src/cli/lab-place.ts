import { CalicoError } from '../base/errors.js';
import type { WantedEnd } from '../insight/wanted-end.js';
import { entering } from '../host/namespaces/namespaces.js';
import { runInForeground } from '../host/program.js';
import type { Lab } from '../lab/lab.js';
import { placeNamed } from '../lab/place.js';
import { etcdEndpoint } from '../lab/plan.js';
import type { Dialect, StoredObject } from '../resources/kind.js';
import type { ExitCode } from './exit-codes.js';
import type { Shell } from './shell.js';

/** A command, and where it runs; on this machine where no place is named. */
interface PlacedCommand {
  readonly words: readonly string[];
  readonly wanted?: WantedEnd;
  readonly resources?: readonly StoredObject[];
  readonly dialect?: Dialect;
}

/** The exit code of a program that a signal ended, as shells have it for SIGKILL. */
const KILLED = 137;

/** Runs a command on our terminal and returns its exit code. Throws CalicoError where there is no such place or program. */
export async function runInPlace(shell: Shell, lab: Lab, { words, wanted, resources = [], dialect = 'v1' }: PlacedCommand): Promise<ExitCode> {
  const isInside = wanted !== undefined && !(wanted.by === 'address' && wanted.word === 'outside');
  const setting = `ETCD_ENDPOINTS=${wanted === undefined ? lab.endpoint : etcdEndpoint(lab.plan)}`;
  // nsenter takes our environment along, where the settings of another cluster may be.
  const command = ['env', '-u', 'CALICOCTL_CONTEXT', setting, ...(isInside ? ['PATH=' + lab.plan.searchPath] : []), ...words];
  const [file = '', ...args] = wanted === undefined ? command : entering(placeNamed(lab, wanted, resources, dialect), command);
  const code = await shell.whileAway(() => runInForeground(file, args, shell.interruption.signal)).catch((error: unknown) => {
    throw new CalicoError('failed', `${file} cannot be started: ${(error as Error).message}`);
  });
  // Whoever runs a command through us wants to know how that ended, not what we think of it.
  return (code ?? KILLED) as ExitCode;
}

/** The words that start the shell of whoever asks. */
export function shellWords(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  const shell = env['SHELL'];
  return [shell?.startsWith('/') === true ? shell : 'sh'];
}
