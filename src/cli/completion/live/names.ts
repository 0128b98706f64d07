import type { Data } from '../../../base/data.js';
import { Pace } from '../../../base/pace.js';
import type { Identifiers } from '../../../objects/named.js';
import { nameOf } from '../../../objects/reference.js';
import { selectionsOf, type Selection } from '../../../objects/selection.js';
import { readSelection, syntheticViews } from '../../../get/read.js';
import type { Store } from '../../../datastore/store.js';
import { nameInKey, prefixOf } from '../../../resources/keys.js';
import type { AnyDocument, Dialect, Kind, Metadata, StoredKind } from '../../../resources/kind.js';
import { plainText } from '../../../resources/plain-text.js';
import { STORED_KINDS } from '../../../resources/registry.js';
import { NAMESPACE_PROFILE } from '../../../resources/v1/names.js';
import { readNamed } from '../../named.js';
import type { LookUp } from '../facts.js';

/** The names of the resources that the words `KIND[,KIND]` and the flags of a line choose, those that begin with `typed` at least. Throws InvalidRequest for what is no kind. */
export async function namesOf(kinds: string, { flags, typed }: Pick<LookUp, 'flags' | 'typed'>, dialect: Dialect, store: Store): Promise<readonly string[]> {
  const given = { ...Object.fromEntries([...flags].map(([name, values]) => [name, values.at(-1)])) } as Identifiers;
  const all = flags.has('all-namespaces');
  const selections = selectionsOf(readNamed([kinds], dialect, { ...given, 'all-namespaces': all }, 'get'), all);
  return (await Promise.all(selections.map((selection) => (isNamedByKey(selection) ? inKeys(selection, typed, store) : inValues(selection, store))))).flat();
}

type ByKey = Extract<Selection, { readonly by: 'all' }>;

/** Whether the names of what is selected are those in its keys; policies were stored under others. */
function isNamedByKey(selection: Selection): selection is ByKey {
  return selection.by === 'all' && selection.kind.storage === undefined;
}

async function inKeys({ kind, namespace }: ByKey, typed: string, store: Store): Promise<readonly string[]> {
  const names = await keysOf(kind, store, namespace, typed);
  return [...names, ...(kind.synthetic ?? []).map(({ metadata }) => metadata)].map((named) => nameIn(named, namespace));
}

/** A name as the command line wants it, where resources of that namespace are asked for, or of all. */
function nameIn({ name, namespace }: { readonly name: string; readonly namespace?: string | undefined }, wanted: string | undefined): string {
  return wanted === undefined && namespace !== undefined ? `${namespace}/${name}` : name;
}

/** Name and namespace in each key of a kind that begins with a text. Here as below there are pauses, in which the time limit can end it. */
async function keysOf(kind: StoredKind, store: Store, namespace?: string, typed = ''): Promise<readonly { readonly name: string; readonly namespace?: string }[]> {
  const found: { name: string; namespace?: string }[] = [];
  const pace = new Pace();
  for await (const { entries } of store.list(prefixOf(kind, namespace) + typed, { keysOnly: true })) {
    await pace.each(entries, ({ key }) => {
      const named = nameInKey(kind, key);
      if (named !== undefined) found.push(named);
    });
  }
  return found;
}

async function inValues(selection: Selection, store: Store): Promise<readonly string[]> {
  const documents = await documentsOf(selection, store);
  return documents.map(({ metadata }) => (selection.by === 'identity' ? plainText((metadata as Data)[selection.kind.nameField]) : nameIn(metadata as Metadata, selection.namespace)));
}

async function documentsOf(selection: Selection, store: Store): Promise<readonly AnyDocument[]> {
  const stored = selection.kind.dialect === 'v1' ? selection.kind.stored : selection.kind;
  const pace = new Pace();
  const documents = syntheticViews(stored, selection).map(({ row }) => row);
  for await (const { views } of readSelection(store, selection, { shows: 'rows', onRestart: () => (documents.length = 0) })) await pace.each(views, ({ row }) => documents.push(row));
  return documents;
}

/** The resources of a kind as `-o name` prints them, without the kind: `web`, `node/n1/10.0.0.1`, `NAMESPACE/NAME`. */
export async function referencesOf(kind: Kind, store: Store): Promise<readonly string[]> {
  const selection: Selection = kind.dialect === 'v1' ? { by: 'identity', kind, wanted: [{}] } : { by: 'all', kind, showNamespace: true };
  return (await documentsOf(selection, store)).map((document) => nameOf({ document }).slice(document.kind.length + 1));
}

/** The names of all nodes that begin with a text. */
export async function nodeNames(store: Store, typed: string): Promise<readonly string[]> {
  return (await keysOf(kindCalled('Node'), store, undefined, typed)).map(({ name }) => name);
}

/** The namespaces that something is stored in, and those that a profile of Kubernetes stands for. */
export async function namespaceNames(store: Store): Promise<readonly string[]> {
  const spaces = await Promise.all(STORED_KINDS.filter(({ namespaced }) => namespaced).map((kind) => keysOf(kind, store)));
  const profiles = await keysOf(kindCalled('Profile'), store, undefined, NAMESPACE_PROFILE);
  return [...new Set([...spaces.flat().flatMap(({ namespace }) => namespace ?? []), ...profiles.map(({ name }) => name.slice(NAMESPACE_PROFILE.length))])];
}

function kindCalled(name: string): StoredKind {
  return STORED_KINDS.find(({ kind }) => kind === name) as StoredKind;
}
