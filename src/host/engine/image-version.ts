import { CalicoError } from '../../base/errors.js';
import { plainId } from './state.js';
import type { Engine } from './runtime.js';

/** Calico 3 was the first to leave etcd's v2 store; calico/node 1 belonged to Calico 2. */
const FIRST_MAJOR = 3;
/** An image that may be named instead. */
const SUCCESSOR = 'quay.io/calico/node:v3.32.1';

/** What an engine says of an image. */
export interface ImageFacts {
  readonly id: string;
  /** Names it has on this machine, with tags. */
  readonly names: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  /** The program it starts, with its arguments. */
  readonly command: readonly string[];
}

/**
 * The version that the name of an image of Calico's node says, such as `2.6.12` of `quay.io/calico/node:v2.6.12-amd64`;
 * undefined where the name is another's, or says none (`latest`, a digest).
 */
export function versionInName(image: string): string | undefined {
  const [, repository = '', tag = ''] = /^(.*?)(?::([^/:@]+))?(?:@.*)?$/.exec(image) ?? [];
  const last = repository.slice(repository.lastIndexOf('/') + 1);
  if (!/calico/i.test(repository) || !/(^|[-_])node([-_]|$)/i.test(last)) return undefined;
  const [, withMark, bare] = /^(?:[a-z]+-)*(?:v(\d+(?:\.\d+)*)|(\d+(?:\.\d+)+))(?![\d.])/i.exec(tag) ?? [];
  return withMark ?? bare;
}

/** Reads what `image inspect` prints. What is not told stays empty. */
export function readImage(text: string): ImageFacts {
  const { Id = '', RepoTags, Config } = firstOf(text);
  const { Labels, Cmd, Entrypoint } = Config ?? {};
  return { id: plainId(Id), names: RepoTags ?? [], labels: Labels ?? {}, command: [...(Entrypoint ?? []), ...(Cmd ?? [])] };
}

interface Inspected {
  readonly Id?: string;
  readonly RepoTags?: readonly string[] | null;
  readonly Config?: { readonly Labels?: Readonly<Record<string, string>> | null; readonly Cmd?: readonly string[] | null; readonly Entrypoint?: readonly string[] | null };
}

function firstOf(text: string): Inspected {
  try {
    return (JSON.parse(text) as Inspected[])[0] ?? {};
  } catch {
    return {};
  }
}

/** Throws CalicoError where the name of an image says that it is too old to read what this tool stores. */
export function refuseOldName(image: string): void {
  refuseOld(image, versionInName(image));
}

/**
 * Looks at an image that is on this machine, under whatever name. Where neither its names nor its labels tell the version
 * of an image of Calico's, the programs in it are asked, without rights and without a network. Throws CalicoError as
 * refuseOldName does.
 */
export async function refuseOldImage(engine: Engine, image: string, facts: ImageFacts, signal: AbortSignal): Promise<void> {
  const told = [image, ...facts.names].map(versionInName).find((version) => version !== undefined) ?? versionInLabels(facts.labels);
  const isCalicos = facts.command.some((word) => /(^|\/)start_runit$/.test(word));
  refuseOld(image, told ?? (isCalicos ? await askPrograms(engine, image, signal) : undefined));
}

/** Labels of Calico's own only: those of the image below it speak of something else. */
function versionInLabels(labels: ImageFacts['labels']): string | undefined {
  const title = labels['org.opencontainers.image.title'] ?? labels['name'] ?? '';
  if (!/calico/i.test(title)) return undefined;
  return /^v?(\d+(?:\.\d+)+)/.exec(labels['org.opencontainers.image.version'] ?? labels['version'] ?? '')?.[1];
}

/** Calico 3 has one program for all; before that, Felix is a program of its own that counted like Calico. */
const ASK = 'calico-node -v 2>/dev/null || calico-felix --version 2>/dev/null';

async function askPrograms(engine: Engine, image: string, signal: AbortSignal): Promise<string | undefined> {
  const { stdout } = await engine.run(['run', '--rm', '--net=none', '--entrypoint=/bin/sh', image, '-c', ASK], { signal });
  signal.throwIfAborted();
  return /\bv?(\d+\.\d+(?:\.\d+)*)/.exec(stdout)?.[1];
}

function refuseOld(image: string, version: string | undefined): void {
  if (version === undefined || Number(version.split('.')[0]) >= FIRST_MAJOR) return;
  throw new CalicoError('failed', `${image} is calico/node ${version}, which reads etcd's v2 store: it would see nothing that this calicoctl stores`, {
    hint: (option) => `name an image of Calico 3, such as ${option('node-image', SUCCESSOR)}; ${option('force')} starts this one anyway`,
  });
}
