import { InvalidRequest } from '../base/errors.js';
import type { Identifiers } from '../objects/named.js';
import type { ClassicKind, Kind, StoredKind } from '../resources/kind.js';

/** The same as the command line gives it. */
export interface IdentityFlags extends Identifiers {
  /** `-n`: what it means is decided by the kind. */
  readonly n?: string | undefined;
  readonly 'all-namespaces'?: boolean | undefined;
}

const CLASSIC_FLAGS = ['node', 'scope', 'orchestrator', 'workload'] as const;

/**
 * The identifiers that flags give for a kind: -n is the namespace of a v3 kind, and the node of a classic one, in either
 * dialect. Throws InvalidRequest for a flag that does not identify such a resource; only `get` of a classic kind goes on
 * ignoring those that calicoctl 1.6 ignored (reference/classic 4.2).
 */
export function identifiersOf(kind: Kind, flags: IdentityFlags, verb: 'get' | 'delete' | 'amend'): Identifiers {
  for (const flag of [...CLASSIC_FLAGS, 'namespace', 'n'] as const) if (flags[flag] === '') throw new InvalidRequest(`${written(flag)} is empty`, 'give it a value, or leave it out');
  return kind.dialect === 'v1' ? ofClassic(kind, flags, verb) : ofStored(kind, flags);
}

/** The flags that `get` of a kind ignores, as they are written. */
export function ignoredFlags(kind: Kind, flags: IdentityFlags): readonly string[] {
  if (kind.dialect === 'v3') return [];
  return misfits(kind, flags).map(written);
}

/** The namespace for manifests. Throws InvalidRequest for flags that say nothing of them. */
export function namespaceForFiles(flags: IdentityFlags): string | undefined {
  const other = flags['all-namespaces'] === true ? 'all-namespaces' : CLASSIC_FLAGS.find((flag) => flags[flag] !== undefined);
  if (other !== undefined) throw new InvalidRequest(`--${other} does not go with -f`, 'the manifests say which resources are meant');
  return oneOfTwo(flags, 'namespace');
}

function ofStored(kind: StoredKind, flags: IdentityFlags): Identifiers {
  const other = CLASSIC_FLAGS.find((flag) => flags[flag] !== undefined);
  if (other !== undefined) throw new InvalidRequest(`--${other} does not identify ${withArticle(kind.kind)}`, `it is named by its name${kind.namespaced ? ' and its namespace, -n' : ''}`);
  const namespace = oneOfTwo(flags, 'namespace');
  const all = flags['all-namespaces'] === true;
  if (all && namespace !== undefined) throw new InvalidRequest('--namespace and --all-namespaces cannot be used together');
  if (!kind.namespaced && (all || namespace !== undefined)) throw new InvalidRequest(`${kind.kind} is not namespaced`);
  return { namespace };
}

function ofClassic(kind: ClassicKind, flags: IdentityFlags, verb: 'get' | 'delete' | 'amend'): Identifiers {
  if (flags.namespace !== undefined) throw new InvalidRequest(`${kind.kind} is a classic kind: it has no namespace`, namespaceHint(kind));
  if (flags['all-namespaces'] === true && !kind.stored.namespaced) throw new InvalidRequest(`${kind.kind} is not namespaced`);
  const [misfit] = misfits(kind, flags);
  if (misfit !== undefined && verb !== 'get') throw new InvalidRequest(`${written(misfit)} does not identify ${withArticle(kind.kind)}`, misfit === 'n' ? nodeHint(kind) : `leave out ${written(misfit)}`);
  const node = kind.identifiers.includes('node') ? oneOfTwo(flags, 'node') : undefined;
  return Object.fromEntries(kind.identifiers.map((flag) => [flag, flag === 'node' ? node : flags[flag]]));
}

/** The flags that are given and do not identify a classic kind. */
function misfits(kind: ClassicKind, flags: IdentityFlags): readonly ('n' | (typeof CLASSIC_FLAGS)[number])[] {
  return (['n', ...CLASSIC_FLAGS] as const).filter((flag) => flags[flag] !== undefined && !kind.identifiers.includes(flag === 'n' ? 'node' : flag));
}

/** The value of -n or of the long flag that it stands for. Throws InvalidRequest where they differ. */
function oneOfTwo({ n, ...flags }: IdentityFlags, long: 'node' | 'namespace'): string | undefined {
  const value = flags[long];
  if (n !== undefined && value !== undefined && n !== value) throw new InvalidRequest(`-n ${n} and --${long} ${value} contradict each other`, 'leave out one of the two');
  return value ?? n;
}

/** `a node`, `an ipPool`. */
export function withArticle(kind: string): string {
  return `${/^[aeiou]/i.test(kind) ? 'an' : 'a'} ${kind}`;
}

function written(flag: string): string {
  return flag === 'n' ? '-n' : `--${flag}`;
}

function namespaceHint(kind: ClassicKind): string {
  if (kind.identifiers.includes('workload')) return 'its workload begins with it: --workload NAMESPACE.POD';
  return kind.kind === 'policy' ? NAMESPACED_POLICY : 'leave out --namespace';
}

const NAMESPACED_POLICY = 'a policy with a namespace is a networkPolicy: networkPolicy NAME -n NAMESPACE';

function nodeHint(kind: ClassicKind): string {
  return kind.kind === 'policy' ? NAMESPACED_POLICY : 'with classic kinds it is the node: leave it out';
}
