import { expect } from 'chai';
import { describe, it } from 'mocha';
import { groupedBy } from '../../../src/base/grouped-by.js';
import type { IpSet, TableName } from '../../../src/dataplane/desired.js';
import type { Link } from '../../../src/dataplane/input.js';
import { PREFIX, shortName } from '../../../src/dataplane/netfilter/names.js';
import { ChainPlanner, type PlannedChains } from '../../../src/dataplane/netfilter/planner.js';
import { resolveSettings } from '../../../src/dataplane/settings/settings.js';
import { compile } from '../../../src/policy/compile.js';
import { packetOf, type Flow } from '../../../src/policy/flow.js';
import { ask, endpointHook, type EndpointHook } from '../../../src/policy/hooks.js';
import type { Endpoint } from '../../../src/policy/known-objects.js';
import { DIRECTIONS, type Model } from '../../../src/policy/model.js';
import type { Direction } from '../../../src/policy/rule.js';
import type { StoredObject } from '../../../src/resources/kind.js';
import { HOSTS, randomFlow, randomNetwork } from '../../support/policy/random-network.js';
import { Random } from '../../support/policy/random.js';
import { KernelWalk } from './kernel-walk.js';

const NETWORKS = 120;
const FLOWS = 60;
const NODE = 'node-a';
const LINKS: readonly Link[] = Object.entries(HOSTS[NODE]!.interfaces).map(([name, addresses], at) => ({ name, index: at + 1, isUp: true, mtu: 1500, addresses }));

/** Where each hook of the engine is in the kernel. */
const PLACES: Readonly<Record<EndpointHook['hook'], { readonly table: TableName; readonly chains: Readonly<Record<Direction, string>> }>> = {
  workload: { table: 'filter', chains: { ingress: PREFIX.toWorkload, egress: PREFIX.fromWorkload } },
  host: { table: 'filter', chains: { ingress: PREFIX.fromHost, egress: PREFIX.toHost } },
  forward: { table: 'filter', chains: { ingress: PREFIX.fromHostForwarded, egress: PREFIX.toHostForwarded } },
  preDNAT: { table: 'mangle', chains: { ingress: PREFIX.fromHost, egress: PREFIX.toHost } },
  untracked: { table: 'raw', chains: { ingress: PREFIX.fromHost, egress: PREFIX.toHost } },
};

/** Puts conditions into rules that the kernel has no words for, and that a client which does not check may have stored. */
function distort(random: Random, objects: readonly StoredObject[]): readonly StoredObject[] {
  // Without a protocol ports by name are an alternative of TCP alone: how many lists with alternatives a rule has is not the same for all packets then.
  const withoutProtocol = ({ protocol: _protocol, source, destination, ...stored }: Record<string, unknown>): Record<string, unknown> => ({ ...stored, source: { ...(source as object), nets: [] }, destination: { ...(destination as object), nets: [] } });
  const rule = (stored: Record<string, unknown>): Record<string, unknown> => ({
    ...(random.chance(0.2) ? withoutProtocol(stored) : stored),
    ...random.maybe(0.1, 'protocol', () => random.one(['ICMP', 1, 58, 'TCP', 6, 47])),
    ...random.maybe(0.15, 'icmp', () => ({ type: random.one([0, 8, 128, 300]), ...random.maybe(0.3, 'code', () => random.below(2)) })),
    ...random.maybe(0.15, 'notICMP', () => ({ type: random.one([0, 8, 128, 300]), ...random.maybe(0.3, 'code', () => random.below(2)) })),
    ...random.maybe(0.15, 'notProtocol', () => random.one(['TCP', 6, 17, 'ICMP', 1, 58])),
    ...random.maybe(0.05, 'action', () => 'Frob'),
  });
  return objects.map((object) => {
    if (!/Policy$/.test(object.kind)) return object;
    const lists = Object.fromEntries((['ingress', 'egress'] as const).map((name) => [name, (object.spec[name] as Record<string, unknown>[]).map(rule)]));
    return { ...object, spec: { ...object.spec, ...lists } };
  });
}

/** A Pass in a profile takes every packet that a tier has passed (reference/netfilter 8), of which the engine knows nothing. */
function withoutPassInProfiles(objects: readonly StoredObject[]): readonly StoredObject[] {
  const kept = (list: unknown): unknown => (list as { action: string }[]).filter(({ action }) => action !== 'Pass');
  return objects.map((object) => (object.kind === 'Profile' ? { ...object, spec: { ...object.spec, ingress: kept(object.spec['ingress']), egress: kept(object.spec['egress']) } } : object));
}

interface Host {
  readonly model: Model;
  readonly chains: PlannedChains;
  readonly sets: ReadonlyMap<string, IpSet>;
}

function hostOf(objects: readonly StoredObject[]): Host {
  const byKind = groupedBy(objects, ({ kind }) => kind);
  const planner = new ChainPlanner(resolveSettings(NODE, [], byKind).settings, { usesIpvs: false }, 'iptables');
  const chains = planner.plan(byKind, LINKS);
  return { model: compile(objects, HOSTS), chains, sets: new Map([...planner.ruleSets.current()].map((set) => [set.name, set])) };
}

/** The endpoints of the host with the interface that their chains are named after. */
function placesOf({ model }: Host): readonly (readonly [Endpoint, string])[] {
  const host = model.host(NODE);
  return model.parts.endpoints.filter(({ node }) => node === NODE).flatMap((endpoint): (readonly [Endpoint, string])[] => {
    if (endpoint.kind === 'workload') return [[endpoint, endpoint.interfaceName]];
    return host.governedBy(endpoint).filter((name) => name !== '*').map((name) => [endpoint, name]);
  });
}

/** What the engine and the chains say in one hook; undefined where there is no chain, which then nothing leads to. */
function both({ model, chains, sets }: Host, endpoint: Endpoint, interfaceName: string, hook: EndpointHook['hook'], direction: Direction, flow: Flow): readonly [string, string] | undefined {
  const { table, chains: prefixes } = PLACES[hook];
  const name = shortName(prefixes[direction], interfaceName);
  const packet = packetOf(model, flow);
  if (chains.find(packet.version, table, name) === undefined) return undefined;
  const walk = new KernelWalk(chains, sets, table, packet);
  const outcome = walk.run(name);
  const said = outcome === 'dropped' ? 'deny' : outcome === 'accepted' || (walk.mark & chains.terms.marks.accept) !== 0 ? 'allow' : 'none';
  return [ask(model, endpointHook(model, hook, direction, endpoint), packet).do, said];
}

describe('what is programmed is what the engine says', () => {
  const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);

  for (const isDistorted of [false, true]) {
    it(`of ${NETWORKS * FLOWS} packets of random networks, ${isDistorted ? 'with rules that the kernel has no words for' : 'hook by hook'} (SEED=${seed})`, () => {
      let asked = 0;
      for (let at = seed; at < seed + NETWORKS; at++) {
        const random = new Random(at);
        const network = withoutPassInProfiles(randomNetwork(random));
        const objects = isDistorted ? distort(random, network) : network;
        const host = hostOf(objects);
        const places = placesOf(host);
        for (const flow of random.times(FLOWS, () => randomFlow(random))) {
          for (const [endpoint, interfaceName] of places) {
            for (const hook of endpoint.kind === 'workload' ? (['workload'] as const) : (['host', 'forward', 'preDNAT', 'untracked'] as const)) {
              for (const direction of hook === 'preDNAT' ? (['ingress'] as const) : DIRECTIONS) {
                const answers = both(host, endpoint, interfaceName, hook, direction, flow);
                if (answers === undefined) continue;
                asked++;
                if (answers[0] !== answers[1]) expect(answers[1], `SEED=${at} ${hook} ${direction} ${endpoint.id} ${JSON.stringify(flow)} ${JSON.stringify(objects)}`).to.equal(answers[0]);
              }
            }
          }
        }
      }
      expect(asked).to.be.greaterThan(NETWORKS * FLOWS);
    });
  }
});
