import { shellWord } from '../../text/shell-word.js';

/** The one name the node's container has on every host. */
export const CONTAINER = 'calico-node';

/** Who starts the container again when it ends: the engine, the init system, or `node run --watch`. */
export type Supervisor = 'engine' | 'init-system' | 'watch';

/** A variable of the container's environment. A secret is handed over in the engine's own environment, never in an argument. */
export interface Variable {
  readonly name: string;
  readonly value: string;
  readonly secret?: true;
}

/** A file or folder of the host, and where the container sees it. */
export interface Mount {
  readonly source: string;
  readonly target: string;
  readonly kind: 'folder' | 'file' | 'socket';
  /** What named it, for messages. */
  readonly origin?: string;
}

/** The words that start the container, and what they rely on. */
export interface ContainerCommand {
  readonly arguments: readonly string[];
  readonly environment: readonly Variable[];
  readonly mounts: readonly Mount[];
  readonly image: string;
  readonly supervisor: Supervisor;
}

/** The variables that must reach the engine's command in its environment. */
export function secretsOf({ environment }: ContainerCommand): Record<string, string> {
  return Object.fromEntries(environment.flatMap(({ name, value, secret }) => (secret === true ? [[name, value]] : [])));
}

/** A command line as a shell would have to read it: words that mean themselves stand as they are, others in quotes. */
export function shellLine(words: readonly string[]): string {
  return words.map(shellWord).join(' ');
}
