import type { Data } from '../base/data.js';
import { bgpNetworkFrom, type BgpNetwork } from '../bgp/network.js';
import { type Ip } from '../net/address.js';
import { addressClasses, addressNumbers } from '../policy/address-classes.js';
import { compile } from '../policy/compile.js';
import { evaluate, type Verdict } from '../policy/evaluate.js';
import type { Flow } from '../policy/flow.js';
import type { Model } from '../policy/model.js';
import type { StoredKind, StoredObject } from '../resources/kind.js';
import { bgpConfiguration } from '../resources/v3/bgp-configuration.js';
import { bgpPeer } from '../resources/v3/bgp-peer.js';
import { node } from '../resources/v3/node.js';
import type { NetworkChange } from './change.js';
import { hostsOf } from './hosts.js';
import { waysOf, type Surroundings, type Way } from './ways.js';

/** A way that was open and is not any more. */
export interface Closed {
  readonly way: Way;
  /** The first of its flows, and what becomes of it afterwards. */
  readonly flow: Flow;
  readonly verdict: Verdict;
  /** What became of it before. */
  readonly before: Verdict;
}

/** What a change closes. */
export interface Found {
  readonly closed: readonly Closed[];
  /** What was there, and behind it what would be. */
  readonly resources: readonly StoredObject[];
  /** The network as it would be. */
  readonly model: Model;
  /** Set where there are more ways than were looked at. */
  readonly more: boolean;
}

/** How many ways are found: so many are enough to refuse a change. */
const MOST_CLOSED = 100;

/** How many packets are asked about for the ways of one kind: a mesh has a session between any two nodes, and that nobody gets in is known only after everybody was tried. */
const MOST_ASKED = 50_000;

/** Finds the ways that are open before a change and closed after it, at most `MOST_CLOSED`. */
export function findClosed({ before, after }: NetworkChange, surroundings: Surroundings): Found {
  const model = compile(after);
  let was: Model | undefined;
  const modelBefore = (): Model => (was ??= compile(before));
  // Worked out for the first host that asks for them, and told to the others.
  let strangers: readonly Ip[] | undefined;
  const outside = (): Iterable<Ip> => (strangers ??= [...outsideOf([modelBefore(), model])]);
  const allowed = new Allowed(model);
  let allowedBefore: Allowed | undefined;
  const asked = new Map<Way['what'], number>();
  const closed: Closed[] = [];
  const resources = [...before, ...after];
  let more = false;
  for (const way of waysOfKnown({ before, after }, surroundings, outside)) {
    const number = asked.get(way.what) ?? 0;
    const answer = allowed.firstDenied(way, MOST_ASKED - number);
    asked.set(way.what, number + answer.asked);
    more ||= answer.isCut;
    // Sessions are the last ways, and may be millions.
    if (answer.isCut && way.what === 'bgp') break;
    if (answer.denied === undefined || (allowedBefore ??= new Allowed(modelBefore())).firstDenied(way, MOST_ASKED).denied !== undefined) continue;
    closed.push({ way, flow: answer.denied, verdict: evaluate(model, answer.denied), before: evaluate(modelBefore(), answer.denied) });
    if (closed.length === MOST_CLOSED) return { closed, resources, model, more: true };
  }
  return { closed, resources, model, more };
}

/** The ways of hosts that there are already: nothing lives yet on one that the change itself makes. */
function waysOfKnown({ before, after }: NetworkChange, surroundings: Surroundings, outside: () => Iterable<Ip>): Iterable<Way> {
  const known = new Set(hostsOf(before).map(({ name }) => name));
  const isKnown = ({ name }: { readonly name: string }): boolean => known.has(name);
  const network = bgpOf(after);
  return waysOf(hostsOf(after).filter(isKnown), { ...network, nodes: network.nodes.filter(isKnown) }, surroundings, outside);
}

/** What is known of a way. */
interface Answer {
  /** The first of its flows, where none of them is allowed. */
  readonly denied?: Flow;
  /** How many flows were asked about. */
  readonly asked: number;
  /** That there are more of them, and it is not known whether one is allowed. */
  readonly isCut: boolean;
}

/** Verdicts of one model. Hosts that policies cannot tell apart fare alike, and each pair of such is asked about once: in a mesh nearly all are. */
class Allowed {
  private readonly numberOf: (ip: string) => number;
  private readonly known = new Map<string, boolean>();
  private readonly kinds = new Map<string, number>();

  constructor(private readonly model: Model) {
    this.numberOf = addressNumbers(model);
  }

  /** The first flow of a way none of whose flows is allowed, asking about at most so many. */
  firstDenied({ flows }: Way, most: number): Answer {
    let first: Flow | undefined;
    let asked = 0;
    for (const flow of flows) {
      if (asked >= most) return { asked, isCut: true };
      asked++;
      if (this.isAllowed(flow)) return { asked, isCut: false };
      first ??= flow;
    }
    return { ...(first && { denied: first }), asked, isCut: false };
  }

  private isAllowed(flow: Flow): boolean {
    const key = `${this.kindOf(flow.src)} ${this.kindOf(flow.dst)} ${flow.dport ?? ''}`;
    let isAllowed = this.known.get(key);
    if (isAllowed === undefined) this.known.set(key, (isAllowed = evaluate(this.model, flow).verdict === 'allow'));
    return isAllowed;
  }

  /** A number for all addresses that policies cannot tell apart. */
  private kindOf(address: string): number {
    let kind = this.kinds.get(address);
    if (kind === undefined) this.kinds.set(address, (kind = this.numberOf(address)));
    return kind;
  }
}

/** An address of each class of addresses that are nobody's. */
function* outsideOf(models: readonly Model[]): Generator<Ip> {
  for (const version of [4, 6] as const) {
    for (const { representatives } of addressClasses(models, version)) yield* representatives.filter((ip) => models.every((model) => model.addressOf(ip).place === undefined));
  }
}

function bgpOf(resources: readonly StoredObject[]): BgpNetwork {
  const of = <Spec extends Data>({ kind }: StoredKind<Spec>): readonly StoredObject<Spec>[] => resources.filter((each) => each.kind === kind);
  return bgpNetworkFrom({ nodes: of(node), peers: of(bgpPeer), configurations: of(bgpConfiguration) });
}
