import { bgpNetworkOf } from '../bgp/network.js';
import type { Entry } from '../datastore/store.js';
import { formatIp, type Ip } from '../net/address.js';
import { addressClasses } from '../policy/address-classes.js';
import { compile } from '../policy/compile.js';
import { evaluate, type Verdict } from '../policy/evaluate.js';
import type { Flow } from '../policy/flow.js';
import type { Model } from '../policy/model.js';
import { readNetwork } from '../policy/stored-network.js';
import { prefixOf } from '../resources/keys.js';
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
  const { resources } = readNetwork(after);
  const model = compile(resources);
  let was: Model | undefined;
  const modelBefore = (): Model => (was ??= compile(readNetwork(before).resources));
  const outside = (): Iterable<Ip> => outsideOf([modelBefore(), model]);
  const closed: Closed[] = [];
  let looked = 0;
  for (const way of waysOf(hostsOf(resources), bgpOf(after), surroundings, outside)) {
    if (++looked > MOST_WAYS) return { closed, resources, model, more: true };
    const first = firstDenied(model, way);
    if (first !== undefined && isOpen(modelBefore(), way)) closed.push({ way, ...first });
  }
  return { closed, resources, model, more: false };
}

/** The first flow of a way none of whose flows is allowed. */
function firstDenied(model: Model, { flows }: Way): { readonly flow: Flow; readonly verdict: Verdict } | undefined {
  let first: { readonly flow: Flow; readonly verdict: Verdict } | undefined;
  for (const flow of flows) {
    const verdict = evaluate(model, flow);
    if (verdict.verdict === 'allow') return undefined;
    first ??= { flow, verdict };
  }
  return first;
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

function bgpOf(entries: readonly Entry[]): ReturnType<typeof bgpNetworkOf> {
  const of = (kind: StoredKind): readonly Entry[] => entries.filter(({ key }) => key.startsWith(prefixOf(kind)));
  return bgpNetworkOf({ nodes: of(node), peers: of(bgpPeer), configurations: of(bgpConfiguration) });
}
