import { CalicoError } from '../../base/errors.js';
import { formatIp } from '../../net/address.js';
import type { Model } from '../../policy/model.js';
import { policyId, profileId } from '../../policy/ids.js';
import type { Dialect, StoredObject } from '../../resources/kind.js';
import type { Path, Problems } from '../../resources/problem.js';
import { matches } from '../../selector/matches.js';
import { parseSelector } from '../../selector/parse.js';
import { engineId } from '../directory.js';
import { endOf, endOfObject, type End } from '../end.js';
import { findNamed, POLICIES, PROFILES } from '../find-named.js';
import type { WantedEnd, WantedResource } from '../wanted-end.js';
import type { WrittenEnd, WrittenTest } from './fields.js';
import type { WrittenPackets } from './packets.js';

/** A test whose ends are found. */
export interface PolicyTest {
  /** Its place in the list, from 0. */
  readonly index: number;
  readonly written: WrittenTest;
  readonly from: readonly End[];
  readonly to: readonly End[];
  readonly packets: WrittenPackets;
  readonly expect: 'allow' | 'deny';
  /** Whether a decider (`Verdict.by`) is the expected one; absent where any will do. */
  readonly decides?: (by: string) => boolean;
}

/** How words of a tests file are read. */
export interface Words {
  end(word: string): WantedEnd;
  resource(word: string): WantedResource;
  /** A selector, with the names that labels have in v3. */
  selector(text: string): string;
}

/** Finds what tests name, in one network. What is not there is a problem of its place. */
export class TestReader {
  private readonly byId: ReadonlyMap<string, StoredObject>;
  private readonly ends = new Map<string, readonly End[]>();

  constructor(
    private readonly model: Model,
    private readonly resources: readonly StoredObject[],
    private readonly dialect: Dialect,
    private readonly words: Words,
    private readonly problems: Problems,
  ) {
    this.byId = new Map(resources.flatMap((object) => (engineId(object) === undefined ? [] : [[engineId(object)!, object]])));
  }

  /** A test; its problems are those of `tests[INDEX]`. */
  read(written: WrittenTest, index: number): PolicyTest {
    const { from, to, expect, by } = written;
    const decides = by === undefined ? undefined : this.decider(by, ['tests', index, 'by']);
    const test = { index, written, packets: written, expect, from: from.flatMap((each) => this.endsOf(each)), to: to.flatMap((each) => this.endsOf(each)), ...(decides !== undefined && { decides }) };
    this.checkPair(test);
    return test;
  }

  /** A test of no packet would always pass. */
  private checkPair({ from, to, index }: PolicyTest): void {
    if (from.length === 0 || to.length === 0) return;
    const pairs = [4, 6].map((version) => [addressesIn(from, version), addressesIn(to, version)] as const).filter((sides) => sides.every(({ size }) => size > 0));
    const at = ['tests', index, 'to'];
    if (pairs.length === 0) this.problems.add('value', at, 'its ends have no addresses of one IP version: no packet goes from one to the other');
    else if (pairs.every((sides) => new Set(sides.flatMap((each) => [...each])).size === 1)) this.problems.add('value', at, 'it is the same end as from, and no policy sees what an endpoint sends to itself', { hint: 'name another one' });
  }

  private endsOf(end: WrittenEnd): readonly End[] {
    return this.attempt(end.at, () => ('word' in end ? this.named(end.word) : this.selected(end.selector, end.at))) ?? [];
  }

  private named(word: string): readonly End[] {
    return this.remembered(`word ${word}`, () => [endOf(this.words.end(word), this.resources, this.model, this.dialect)]);
  }

  /** Endpoints and network sets, as for a rule of a global policy; those without addresses have no packets. */
  private selected(text: string, at: Path): readonly End[] {
    const ends = this.remembered(`selector ${text}`, () => {
      const parsed = parseSelector(this.words.selector(text), 'v3');
      const found = this.model.parts.objects.filter(({ labels }) => parsed.ok && matches(parsed.selector, labels));
      return found.flatMap(({ id }) => this.hasAddress(this.byId.get(id)!));
    });
    if (ends.length === 0) this.problems.add('value', at, 'the selector matches no endpoint and no network set: the test is about nobody', { hint: '`calicoctl eval` shows what a selector matches' });
    return ends;
  }

  private hasAddress(object: StoredObject): readonly End[] {
    try {
      return [endOfObject(object, this.model, this.dialect)];
    } catch (error) {
      if (error instanceof CalicoError && error.meaning === 'precondition') return [];
      throw error;
    }
  }

  private remembered(key: string, find: () => readonly End[]): readonly End[] {
    let ends = this.ends.get(key);
    if (ends === undefined) this.ends.set(key, (ends = find()));
    return ends;
  }

  private decider({ policy, profile, tier, rule }: NonNullable<WrittenTest['by']>, at: Path): ((by: string) => boolean) | undefined {
    if (tier !== undefined) return this.tier(tier, at);
    const [field, word, kinds] = policy === undefined ? ['profile', profile ?? '', PROFILES] as const : ['policy', policy, POLICIES] as const;
    const found = this.attempt([...at, field], () => findNamed(this.words.resource(word), this.resources, this.dialect, kinds));
    if (found === undefined) return undefined;
    const { metadata: { name, namespace }, spec } = found;
    const id = field === 'policy' ? policyId(name, namespace) : profileId(name);
    const count = Math.max(...['ingress', 'egress'].map((direction) => (Array.isArray(spec[direction]) ? spec[direction].length : 0)));
    if (rule !== undefined && rule > count) this.problems.add('value', [...at, 'rule'], `${word} has ${count === 0 ? 'no rules' : `no rule ${rule}: its longest list has ${count}`}`);
    return (by) => (rule === undefined ? by.startsWith(`${id}/`) : by === `${id}/ingress/${rule - 1}` || by === `${id}/egress/${rule - 1}`);
  }

  private tier(name: string, at: Path): ((by: string) => boolean) | undefined {
    const isKnown = this.model.parts.policies.policies.some((policy) => policy.tier.name === name) || this.resources.some(({ kind, metadata }) => kind === 'Tier' && metadata.name === name);
    if (!isKnown) this.problems.add('value', [...at, 'tier'], `there is no tier ${name}`);
    return (by) => by === `tier-default:${name}`;
  }

  /** What cannot be found is a problem, not the end. */
  private attempt<T>(at: Path, find: () => T): T | undefined {
    try {
      return find();
    } catch (error) {
      if (!(error instanceof CalicoError)) throw error;
      this.problems.add('value', at, error.message, { hint: typeof error.hint === 'string' ? error.hint : undefined });
      return undefined;
    }
  }
}

function addressesIn(ends: readonly End[], version: number): ReadonlySet<string> {
  return new Set(ends.flatMap(({ addresses }) => addresses.filter((ip) => ip.version === version).map(formatIp)));
}
