import { isMap } from '../../base/data.js';
import type { Entry } from '../../datastore/store.js';
import type { BlockOwner, ObjectsByKind } from '../../dataplane/input.js';
import { attributeAt, isAllocated, addressTextAt } from '../../ipam/records/block.js';
import { decodeBlock, isUnreadable } from '../../ipam/records/block-codec.js';
import { BLOCK_PREFIX, parseAffinityText, parseBlockKey } from '../../ipam/records/keys.js';
import { formatCidr } from '../../net/address.js';
import type { StoredObject } from '../../resources/kind.js';
import { nameInKey, pluralInKey, RESOURCES_PREFIX } from '../../resources/keys.js';
import { storedKindOfKey } from '../../resources/registry.js';
import { decodeStored, isCorrupt } from '../../resources/stored-value.js';
import { parseStored } from '../../resources/stored-shape.js';
import { checkObject } from './checks.js';

/** Where all that the dataplane depends on is stored (reference/felix 2.1). */
export const MIRRORED = [{ prefix: RESOURCES_PREFIX }, { prefix: BLOCK_PREFIX }] as const;

/** Kinds that clients do not know and Felix reads. */
const OTHER_KINDS: Readonly<Record<string, { readonly kind: string; readonly plural: string; readonly namespaced: boolean }>> = {
  livemigrations: { kind: 'LiveMigration', plural: 'livemigrations', namespaced: true },
};

/** What a key stands for; nothing where its value is of no use. */
type Known = { readonly text: string } & ({ readonly kind: string; readonly object: StoredObject } | { readonly block: BlockOwner } | { readonly nothing: true });

/** What a key has. */
export type Value = Pick<Entry, 'key' | 'value' | 'modRevision'>;

/**
 * The objects of a store as the dataplane takes them, kept up to date by what a watch tells. What did not change stays the identical
 * object, over a new snapshot too. What cannot be read or is refused is left out, and told once.
 */
export class Mirror {
  private readonly byKey = new Map<string, Known>();
  /** Of each kind, the keys it has. */
  private readonly keys = new Map<string, Set<string>>();
  private readonly lists = new Map<string, readonly StoredObject[]>();
  private ownBlocks: readonly BlockOwner[] | undefined;
  private readonly told = new Map<string, string>();

  constructor(private readonly warn: (text: string) => void) {}

  /** All that is stored now, by kind. */
  objects(): ObjectsByKind {
    for (const [kind, keys] of this.keys) {
      if (!this.lists.has(kind)) this.lists.set(kind, [...keys].map((key) => (this.byKey.get(key) as { readonly object: StoredObject }).object));
    }
    return new Map(this.lists);
  }

  /** All blocks of addresses. */
  blocks(): readonly BlockOwner[] {
    return (this.ownBlocks ??= [...this.byKey.values()].flatMap((known) => ('block' in known ? [known.block] : [])));
  }

  /** Takes a key as it is now. Returns whether anything changed by it. */
  put(entry: Value): boolean {
    const before = this.byKey.get(entry.key);
    if (before?.text === entry.value) return false;
    const known = this.read(entry);
    this.remember(entry.key, before, known);
    return !('nothing' in known) || (before !== undefined && !('nothing' in before));
  }

  /** Forgets a key. Returns whether anything changed by it. */
  remove(key: string): boolean {
    const before = this.byKey.get(key);
    this.told.delete(key);
    if (before === undefined) return false;
    this.remember(key, before, undefined);
    return !('nothing' in before);
  }

  /** Forgets every key that is not among these. Returns whether anything changed by it. */
  retain(keys: { has(key: string): boolean }): boolean {
    const gone = [...this.byKey.keys()].filter((key) => !keys.has(key));
    return gone.map((key) => this.remove(key)).includes(true);
  }

  private remember(key: string, before: Known | undefined, now: Known | undefined): void {
    const kind = now !== undefined && 'kind' in now ? now.kind : undefined;
    if (before !== undefined && 'kind' in before) {
      if (before.kind !== kind) this.keys.get(before.kind)?.delete(key);
      this.lists.delete(before.kind);
    }
    if ((before !== undefined && 'block' in before) || (now !== undefined && 'block' in now)) this.ownBlocks = undefined;
    if (now === undefined) this.byKey.delete(key);
    else this.byKey.set(key, now);
    if (kind === undefined) return;
    this.keys.set(kind, (this.keys.get(kind) ?? new Set()).add(key));
    this.lists.delete(kind);
  }

  private read(entry: Value): Known {
    const text = entry.value;
    if (entry.key.startsWith(BLOCK_PREFIX)) {
      const block = parseBlockKey(entry.key) === undefined ? undefined : this.readBlock(entry);
      return block === undefined ? { text, nothing: true } : { text, block };
    }
    const object = this.readObject(entry);
    return object === undefined ? { text, nothing: true } : { text, kind: object.kind, object };
  }

  private readObject(entry: Value): StoredObject | undefined {
    const kind = storedKindOfKey(entry.key);
    const object = kind === undefined ? readOther(entry) : decodeStored(kind, entry);
    if (object === undefined) return undefined;
    if (isCorrupt(object)) return this.leaveOut(entry.key, object.reason);
    const { problem, labelsProblem } = checkObject(kind, object);
    if (problem !== undefined) return this.leaveOut(entry.key, problem);
    if (labelsProblem === undefined) return object;
    this.tell(entry.key, `the labels of ${entry.key} are not used: ${labelsProblem}`);
    return { ...object, spec: { ...object.spec, labelsToApply: {} } };
  }

  private readBlock({ key, value }: Value): BlockOwner | undefined {
    const block = decodeBlock(value);
    if (isUnreadable(block)) return this.leaveOut(key, block.problem);
    const claimant = parseAffinityText(block.affinity);
    const node = claimant?.type === 'host' ? claimant.name : undefined;
    const borrowed = new Map<string, string[]>();
    for (let ordinal = 0; ordinal < block.allocations.length; ordinal++) {
      if (!isAllocated(block, ordinal)) continue;
      const user = attributeAt(block, ordinal)?.secondary?.['node'];
      if (user === undefined || user === '' || user === node) continue;
      borrowed.set(user, [...(borrowed.get(user) ?? []), addressTextAt(block, ordinal)]);
    }
    return { cidr: formatCidr(block.cidr), node, borrowed };
  }

  private leaveOut(key: string, reason: string): undefined {
    this.tell(key, `${key} is left out: ${reason}`);
  }

  private tell(key: string, text: string): void {
    if (this.told.get(key) === text) return;
    this.told.set(key, text);
    this.warn(text);
  }
}

/** An object of a kind that clients do not know, as it is stored. */
function readOther({ key, value, modRevision }: Value): StoredObject | undefined {
  const kind = OTHER_KINDS[pluralInKey(key) ?? ''];
  const named = kind && nameInKey(kind, key);
  const parsed = named && parseStored(value);
  if (kind === undefined || parsed === undefined || 'problem' in parsed || !isMap(parsed.raw)) return undefined;
  const { metadata, spec } = parsed.raw;
  return {
    ...parsed.raw, kind: kind.kind, apiVersion: 'projectcalico.org/v3',
    metadata: { ...(isMap(metadata) ? metadata : {}), ...named, resourceVersion: modRevision } as StoredObject['metadata'],
    spec: isMap(spec) ? spec : {},
  };
}
