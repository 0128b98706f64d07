import { CalicoError, InvalidRequest } from '../base/errors.js';
import { wantedView } from '../get/read.js';
import { nameOf } from '../objects/reference.js';
import { viewObject } from '../objects/view.js';
import { shownKindOf } from './directory.js';
import type { Dialect, StoredObject } from '../resources/kind.js';
import { plainText } from '../resources/plain-text.js';
import { similar } from '../text/similar.js';
import type { WantedEnd, WantedResource } from './wanted-end.js';

/** What may be called by a word. */
export interface Nameable {
  readonly kinds: readonly string[];
  /** What to write, where nothing is called so. */
  readonly hint: string;
  /** What there is, where there is none of them: `no policy`. */
  readonly none: string;
}

/** What can be an end of a flow. */
const ENDS: Nameable = {
  kinds: ['WorkloadEndpoint', 'HostEndpoint', 'GlobalNetworkSet', 'NetworkSet', 'Node'],
  hint: 'an end is an endpoint, a network set or host/NODE by name, an address, or internet',
  none: 'no endpoint, network set or node',
};

/** What rules stand in. */
export const POLICIES: Nameable = { kinds: ['GlobalNetworkPolicy', 'NetworkPolicy'], hint: 'write the name of a policy, of one with a namespace NAMESPACE/NAME', none: 'no policy' };
export const PROFILES: Nameable = { kinds: ['Profile'], hint: 'write the name of a profile', none: 'no profile' };

type Wanted = WantedResource | Extract<WantedEnd, { readonly by: 'host' }>;

/** Of many candidates the first are named. */
const MOST_CANDIDATES = 10;

/**
 * Finds the resource that a word means.
 * @param of what it may be; otherwise what can be an end of a flow
 * @throws CalicoError where there is none, InvalidRequest with the candidates where there are several
 */
export function findNamed(wanted: Wanted, resources: readonly StoredObject[], dialect: Dialect, of: Nameable = ENDS): StoredObject {
  const known = resources.filter(({ kind }) => of.kinds.includes(kind));
  const found = known.filter((object) => isMeant(object, wanted));
  const [first, ...others] = found;
  if (first === undefined) throw new CalicoError('missing', `nothing is called ${wanted.word}`, { hint: nearest(wanted.word, known, of) });
  if (others.length > 0) throw new InvalidRequest(`${wanted.word} may be any of ${listed(found.map((object) => endName(object, dialect)))}`, 'write one of these');
  return first;
}

/** What is found again under this word: `host/n1` of a node, otherwise as `-o name` prints it. */
export function endName(object: StoredObject, dialect: Dialect): string {
  return object.kind === 'Node' ? `host/${object.metadata.name}` : nameOf(viewObject(shownKindOf(object, dialect), object, 'documents'));
}

function isMeant(object: StoredObject, wanted: Wanted): boolean {
  if (wanted.by === 'host') return object.kind === 'Node' && namesOf(object).includes(wanted.name);
  if (wanted.by === 'name') return namesOf(object).includes(wanted.word);
  const { selection } = wanted;
  const kind = selection.kind.dialect === 'v1' ? selection.kind.stored.kind : selection.kind.kind;
  if (kind !== object.kind) return false;
  if (selection.by !== 'identity') return inNamespace(object, selection.namespace) && wantedView(selection, object, { shows: 'rows' }) !== undefined;
  return wantedView(selection, object, { shows: 'rows' }) !== undefined;
}

function inNamespace({ metadata }: StoredObject, namespace: string | undefined): boolean {
  return namespace === undefined || metadata.namespace === undefined || metadata.namespace === namespace;
}

/** Everything that a person may call it: stored and classic names, of a workload also those of its pod or container and its interface. */
function namesOf(object: StoredObject): readonly string[] {
  const { kind, metadata: { name, namespace }, spec } = object;
  const row = viewObject(shownKindOf(object, 'v1'), object, 'rows').row.metadata as Record<string, unknown>;
  const names = [name, plainText(row['name'])];
  if (kind === 'WorkloadEndpoint') {
    for (const workload of [spec['pod'], spec['containerID'], spec['workload'], row['workload']]) {
      if (typeof workload === 'string' && workload !== '') names.push(workload, `${namespace ?? ''}.${workload}`);
    }
    names.push(plainText(spec['endpoint']), plainText(spec['interfaceName']));
  }
  const spaced = namespace === undefined ? [] : names.map((each) => `${namespace}/${each}`);
  return [...names, ...spaced].filter((each) => each !== '');
}

function nearest(word: string, known: readonly StoredObject[], { hint, none }: Nameable): string {
  if (known.length === 0) return `there is ${none} in this network at all: check that it is the right one`;
  const near = similar(word, [...new Set(known.flatMap((object) => [...namesOf(object), ...(object.kind === 'Node' ? [`host/${object.metadata.name}`] : [])]))]);
  return near === undefined ? hint : `did you mean ${near}? ${hint}`;
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, MOST_CANDIDATES);
  return names.length > shown.length ? `${shown.join(', ')} and ${names.length - shown.length} more` : shown.join(', ');
}
