import type { Data } from '../base/data.js';
import { bgpNetworkFrom, type BgpNetwork } from '../bgp/network.js';
import { formatIp, type Ip } from '../net/address.js';
import { addressClasses, addressSignatures } from '../policy/address-classes.js';
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
import { MOST_WAYS, waysOf, type Surroundings, type Way } from './ways.js';

/** A way that was open and is not any more. */
export interface Closed {
  readonly way: Way;
  /** The first of its flows, and what becomes of it afterwards. */
  readonly flow: Flow;
  readonly verdict: Verdict;
}

/** What a change closes. */
export interface Found {
  readonly closed: readonly Closed[];
  /** The network as it would be. */
  readonly resources: readonly StoredObject[];
  readonly model: Model;
  /** Set where there are more ways than were looked at. */
  readonly more: boolean;
}

/** Finds the ways that are open before a change and closed after it. */
export function findClosed({ before, after }: NetworkChange, surroundings: Surroundings): Found {
  const model = compile(after);
  let was: Model | undefined;
  const modelBefore = (): Model => (was ??= compile(before));
  const outside = (): Iterable<Ip> => outsideOf([modelBefore(), model]);
  const allowed = new Allowed(model);
  const closed: Closed[] = [];
  let looked = 0;
  for (const way of waysOf(hostsOf(after), bgpOf(after), surroundings, outside)) {
    if (++looked > MOST_WAYS) return { closed, resources: after, model, more: true };
    const first = allowed.firstDenied(way);
    if (first !== undefined && isOpen(modelBefore(), way)) closed.push({ way, ...first });
  }
  return { closed, resources: after, model, more: false };
}

/** Verdicts of one model. Hosts that policies cannot tell apart fare alike, and each pair of such is asked about once: in a mesh nearly all are. */
class Allowed {
  private readonly signature: (ip: string) => string;
  private readonly known = new Set<string>();

  constructor(private readonly model: Model) {
    this.signature = addressSignatures(model);
  }

  /** The first flow of a way none of whose flows is allowed. */
  firstDenied({ flows }: Way): { readonly flow: Flow; readonly verdict: Verdict } | undefined {
    let first: { readonly flow: Flow; readonly verdict: Verdict } | undefined;
    for (const flow of flows) {
      const key = `${this.signature(flow.src)}\n${this.signature(flow.dst)}\n${flow.dport ?? ''}`;
      if (this.known.has(key)) return undefined;
      const verdict = evaluate(this.model, flow);
      if (verdict.verdict === 'allow') {
        this.known.add(key);
        return undefined;
      }
      first ??= { flow, verdict };
    }
    return first;
  }
}

function isOpen(model: Model, { flows }: Way): boolean {
  for (const flow of flows) if (evaluate(model, flow).verdict === 'allow') return true;
  return false;
}

/** An address of each class of addresses that are nobody's. */
function* outsideOf(models: readonly Model[]): Generator<Ip> {
  for (const version of [4, 6] as const) {
    for (const { representatives } of addressClasses(models, version)) yield* representatives.filter((ip) => models.every((model) => model.address(formatIp(ip)).place === undefined));
  }
}

function bgpOf(resources: readonly StoredObject[]): BgpNetwork {
  const of = <Spec extends Data>({ kind }: StoredKind<Spec>): readonly StoredObject<Spec>[] => resources.filter((each) => each.kind === kind);
  return bgpNetworkFrom({ nodes: of(node), peers: of(bgpPeer), configurations: of(bgpConfiguration) });
}
