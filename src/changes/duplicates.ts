import type { Data } from '../base/data.js';
import type { Diagnostic } from '../base/errors.js';
import { keyOf } from '../resources/keys.js';
import type { ClassicKind, Verb } from '../resources/kind.js';
import type { Problem } from '../resources/problem.js';
import { classicOf } from '../resources/registry.js';
import { candidateKeys } from './find.js';
import { canonical, contentText } from '../objects/same-content.js';
import type { Target } from '../objects/target.js';

/**
 * Notices documents of one run that mean one resource, however they spell it: another dialect, another letter case, a pool by
 * its network or by its name. Equal ones are one; of different ones nobody can know which is meant, so they are a problem.
 */
export class Duplicates {
  private readonly seen = new Map<string, Seen>();
  /** Classic targets by keys that are theirs only if an object of their identity is stored there. */
  private readonly perhaps = new Map<string, Seen[]>();

  constructor(private readonly verb: Verb) {}

  /**
   * What is to be said of a target about which a document before it is too: nothing where they are alike; undefined of a new one.
   * @param raw the document, which is what counts where the content does not (delete)
   * @param keep called for a new one only: what is kept of it, itself, or less where nobody needs its content any more
   */
  find(target: Target, raw: Data, keep: () => Target): { readonly problem?: Problem } | undefined {
    const names = [keyOf(target.stored, target.object.metadata.name, target.object.metadata.namespace), ...this.contentName(target)];
    const others = target.kind.dialect === 'v1' ? candidateKeys(target).slice(1) : [];
    const before = this.sameBefore({ target }, names, others);
    if (before !== undefined) return contentOf(before) === contentOf(this.seenOf(target, target, raw)) ? {} : { problem: problemOf(target, before.target) };
    const now = this.seenOf(target, keep(), raw);
    for (const name of names) this.seen.set(name, now);
    for (const name of others) this.perhaps.set(name, [...(this.perhaps.get(name) ?? []), now]);
    return undefined;
  }

  private seenOf(target: Target, kept: Target, raw: Data): Seen {
    if (this.verb === 'delete') return { target: kept, content: digest(canonical(raw)) };
    if (this.verb === 'validate') return { target: kept, content: digest(contentText(target.object)), ...(target.kind.dialect === 'v3' && { metadata: metadataOf(target) }) };
    return { target: kept };
  }

  private sameBefore(now: Seen, names: readonly string[], others: readonly string[]): Seen | undefined {
    const before = names.map((name) => this.seen.get(name)).find((each) => each !== undefined && !areTwo(each.target, now.target));
    if (before !== undefined || (others.length === 0 && this.perhaps.size === 0)) return before;
    const [own = ''] = names;
    return this.perhaps.get(own)?.find((each) => means(each, now)) ?? others.map((name) => this.seen.get(name)).find((each) => each !== undefined && means(now, each));
  }

  /** What identifies a resource whose classic identity is in its content: a pool's network, a peer's address. */
  private contentName({ kind, stored, document, object }: Target): readonly string[] {
    if (kind.dialect === 'v1') return kind.foundByContent === true || object.metadata.name === '' ? [textOf(kind, document.metadata)] : [];
    const classic = this.verb === 'delete' ? undefined : classicOf(stored);
    return classic?.foundByContent === true ? [textOf(classic, classic.fromStored(object).metadata)] : [];
  }
}

/** A target and what tells it from another, as far as the target itself does not keep it. */
interface Seen {
  readonly target: Target;
  readonly content?: number;
  /** The classic metadata of a v3 object whose content is not kept; absent where its kind has no classic one. */
  readonly metadata?: Data | undefined;
}

function contentOf({ target, content }: Seen): number | string {
  return content ?? contentText(target.object);
}

function metadataOf({ kind, stored, document, object }: Target): Data | undefined {
  return kind.dialect === 'v1' ? document.metadata : classicOf(stored)?.fromStored(object).metadata;
}

/** Whether a v3 target, were it stored, would be the resource that a classic one means. */
function means(classic: Seen, stored: Seen): boolean {
  const { kind } = classic.target;
  if (kind.dialect !== 'v1' || stored.target.kind.dialect !== 'v3') return false;
  const [wanted, found] = [classic, stored].map(({ target, metadata }) => metadata ?? metadataOf(target));
  return wanted !== undefined && found !== undefined && kind.matches(wanted, found);
}

/** A 52-bit hash of a text; nobody gains from a collision. */
function digest(text: string): number {
  let [high, low] = [0x9e3779b1, 0x85ebca6b];
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    high = Math.imul(high ^ unit, 0x01000193);
    low = Math.imul(low ^ unit, 0x5bd1e995) ^ (low >>> 15);
  }
  return (high >>> 12) * 2 ** 32 + (low >>> 0);
}

/** Two v3 objects of different names are two, whatever they hold: a store may refuse them, but they are not one. */
function areTwo(left: Target, right: Target): boolean {
  return left.kind.dialect === 'v3' && right.kind.dialect === 'v3' && (left.object.metadata.name !== right.object.metadata.name || left.object.metadata.namespace !== right.object.metadata.namespace);
}

function textOf(kind: ClassicKind, metadata: Record<string, unknown>): string {
  return kind.identityText(metadata).toLowerCase();
}

function problemOf(target: Target, first: Target): Problem {
  const name = first.identity === target.identity ? '' : `, as ${first.identity}`;
  return {
    code: 'duplicate',
    severity: 'error',
    path: [],
    message: `${target.identity} is given twice with different content: the other document is at ${first.place?.() ?? 'an unknown place'}${name}`,
    hint: 'remove one of them',
  };
}

/** What is wrong with two documents that turn out to mean one stored resource. Arguments of the command line may name one twice. */
export function givenTwice(target: Target, before: Target): readonly Diagnostic[] {
  return target.locate === undefined ? [] : [target.locate(problemOf(target, before))];
}
