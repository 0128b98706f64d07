import { createHash } from 'node:crypto';
import type { Policy } from '../../policy/policy.js';
import type { Direction } from '../../policy/rule.js';
import { policyChainName, PREFIX } from './names.js';
import { chain, jump, partlyMarked, RETURN, rule, unmarked, type Chain, type Rule } from './rule.js';
import type { Terms } from './terms.js';

/** Neighbours in a tier that select the same endpoints: they are asked in a chain of their own, so that many endpoints can share it. */
export interface PolicyGroup {
  /** The chain to jump to; undefined where all of them are staged. */
  readonly chainName: string | undefined;
  /** Present where there are several to ask. */
  readonly chain?: Chain;
  readonly policies: readonly Policy[];
}

const ID_LENGTH = 20;
/** After so many policies of a group a packet that is decided leaves it. */
const STRIDE = 5;

/** Makes the groups of policies, each once (reference/netfilter 6). */
export class PolicyGroups {
  private readonly made = new Map<string, PolicyGroup>();
  private readonly byName = new Map<string, Chain>();

  constructor(private readonly terms: Terms) {}

  /** The groups of the policies of a tier that are asked in a direction, in their order; staged ones are no more than counted. */
  of(policies: readonly Policy[], direction: Direction): readonly PolicyGroup[] {
    const groups: Policy[][] = [];
    for (const policy of policies) {
      const last = groups.at(-1);
      if (last !== undefined && last[0]!.selectorText === policy.selectorText) last.push(policy);
      else groups.push([policy]);
    }
    return groups.map((each) => this.group(each, direction));
  }

  /** The chain of a group of several. */
  chain(name: string): Chain | undefined {
    return this.byName.get(name);
  }

  private group(policies: readonly Policy[], direction: Direction): PolicyGroup {
    const real = policies.filter(({ isStaged }) => !isStaged);
    if (real.length < 2) return { policies, chainName: real[0] === undefined ? undefined : this.policyChain(real[0], direction) };
    const id = groupId(policies, direction);
    let group = this.made.get(`${direction} ${id}`);
    if (group === undefined) this.made.set(`${direction} ${id}`, (group = this.make(policies, real, direction, id)));
    return group;
  }

  private make(policies: readonly Policy[], real: readonly Policy[], direction: Direction, id: string): PolicyGroup {
    const name = (direction === 'ingress' ? PREFIX.groupIn : PREFIX.groupOut) + id;
    const { accept, pass } = this.terms.marks;
    const rules = real.flatMap((policy, at): readonly Rule[] => {
      const to = jump(this.policyChain(policy, direction));
      if (at % STRIDE !== 0) return [rule([unmarked(accept + pass)], to)];
      return at === 0 ? [rule([], to)] : [rule([partlyMarked(accept + pass)], RETURN, 'Return on verdict'), rule([], to)];
    });
    const own = chain(name, ...rules);
    this.byName.set(name, own);
    return { policies, chainName: name, chain: own };
  }

  /** Forgets all groups but these. */
  keep(used: ReadonlySet<PolicyGroup>): void {
    for (const [id, group] of this.made) {
      if (used.has(group)) continue;
      this.made.delete(id);
      this.byName.delete(group.chainName!);
    }
  }

  private policyChain({ object: { kind }, name, namespace }: Policy, direction: Direction): string {
    return this.terms.chainName(direction === 'ingress' ? PREFIX.policyIn : PREFIX.policyOut, policyChainName(kind, name, namespace));
  }
}

/** A hash over what a group is: its selector, its direction and its policies. */
function groupId(policies: readonly Policy[], direction: Direction): string {
  const hash = createHash('sha3-224');
  const lines = [policies[0]!.selectorText, direction === 'ingress' ? 'inbound' : 'outbound', String(policies.length)];
  for (const { object: { kind }, name, namespace = '' } of policies) lines.push(`{Name: ${name}, Namespace: ${namespace}, Kind: ${kind}}`);
  return hash.update(lines.map((line) => `${line}\n`).join('')).digest('base64url').slice(0, ID_LENGTH);
}
