import type { LabelIndex } from '../../../policy/label-index.js';
import type { NamedPort } from '../../../policy/known-objects.js';
import { protocolNumber } from '../../../policy/protocol-number.js';
import type { Cidr } from '../../../net/address.js';
import { formatIp } from '../../../net/address.js';
import { printSelector } from '../../../selector/print.js';
import type { Family, IpSet } from '../../desired.js';
import { Members, membersOfNet, type Member } from './members.js';
import { setName } from './names.js';
import type { SetContent } from './rule-sets.js';

/** What an endpoint or a network set gives to the sets that select it. */
export interface SetSource {
  readonly nets: readonly Cidr[];
  readonly ports: readonly NamedPort[];
}

interface RuleSet {
  readonly content: SetContent;
  readonly members: Readonly<Record<Family, Members>>;
  /** How many policies and profiles need it. */
  needed: number;
}

const FAMILIES: readonly Family[] = [4, 6];

/** The sets that rules need, kept as objects and rules change (reference/netfilter 5). */
export class SetStore {
  private readonly sets = new Map<string, RuleSet>();
  private readonly bySelector = new Map<string, Map<string, RuleSet>>();
  private readonly shown = new Map<string, IpSet>();

  constructor(
    private readonly families: readonly Family[],
    private readonly index: () => LabelIndex<SetSource>,
  ) {}

  /** Somebody needs a set. */
  need(id: string, content: SetContent): void {
    const known = this.sets.get(id);
    if (known !== undefined) {
      known.needed++;
      return;
    }
    const set: RuleSet = { content, members: { 4: new Members(), 6: new Members() }, needed: 1 };
    this.sets.set(id, set);
    if (content.kind === 'service') return;
    const text = printSelector(content.selector);
    const others = this.bySelector.get(text);
    if (others === undefined) {
      this.bySelector.set(text, new Map([[id, set]]));
      this.index().addSelector(text, content.selector);
      return;
    }
    others.set(id, set);
    for (const source of this.index().matching(text)) this.change(set, source, true);
  }

  /** Somebody needs it no more. */
  release(id: string): void {
    const set = this.sets.get(id);
    if (set === undefined || --set.needed > 0) return;
    this.sets.delete(id);
    for (const family of FAMILIES) this.shown.delete(setName(family, id));
    if (set.content.kind === 'service') return;
    const text = printSelector(set.content.selector);
    const others = this.bySelector.get(text);
    others?.delete(id);
    if (others?.size !== 0) return;
    this.bySelector.delete(text);
    this.index().deleteSelector(text);
  }

  /** A selector matches an object, or matches it no more. */
  onMatch(selector: string, source: SetSource, isMatch: boolean): void {
    for (const set of this.bySelector.get(selector)?.values() ?? []) this.change(set, source, isMatch);
  }

  /** The sets as they are now, by name; each is the same object as long as nothing of it changes. */
  *current(): Generator<IpSet> {
    for (const [id, { content, members }] of this.sets) {
      for (const family of this.families) {
        const name = setName(family, id);
        const { texts } = members[family];
        let set = this.shown.get(name);
        if (set?.members !== texts) this.shown.set(name, (set = { name, type: typeOf(content), family, members: texts }));
        yield set;
      }
    }
  }

  private change({ content, members }: RuleSet, source: SetSource, isAdded: boolean): void {
    for (const member of membersFrom(source, content)) {
      if (isAdded) members[member.family].add(member);
      else members[member.family].remove(member);
    }
  }
}

function typeOf(content: SetContent): IpSet['type'] {
  return content.kind === 'ports' || (content.kind === 'service' && content.withPorts) ? 'hash:ip,port' : 'hash:net';
}

const memberNets = new WeakMap<Cidr, readonly Member[]>();

function membersFrom({ nets, ports }: SetSource, content: SetContent): readonly Member[] {
  if (content.kind === 'service') return [];
  if (content.kind === 'nets') {
    return nets.flatMap((net) => {
      let members = memberNets.get(net);
      if (members === undefined) memberNets.set(net, (members = membersOfNet(net)));
      return members;
    });
  }
  const number = protocolNumber(content.protocol);
  const own = ports.filter(({ name, protocol }) => name === content.port && protocol === number);
  return nets.flatMap(({ address }) => own.map(({ port }) => ({ family: address.version, text: `${formatIp(address)},${content.protocol}:${port}` })));
}
