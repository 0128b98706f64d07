import { expect } from 'chai';
import { describe, it } from 'mocha';
import { Directory } from '../../src/insight/directory.js';
import { exposureOf, type Exposed, type Exposure } from '../../src/insight/exposure.js';
import { namespaceOf } from '../../src/insight/groups.js';
import { exposureText } from '../../src/output/views/policy/exposure.js';
import { compile } from '../../src/policy/compile.js';
import { evaluate } from '../../src/policy/evaluate.js';
import { packetOf } from '../../src/policy/flow.js';
import type { Address } from '../../src/policy/packet.js';
import type { StoredObject } from '../../src/resources/kind.js';
import { claims, randomEnds, randomPacket, waysBetween } from '../support/policy/claims.js';
import { HOSTS, randomNetwork } from '../support/policy/random-network.js';
import { Random } from '../support/policy/random.js';

const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);

describe('what is exposed, against evaluate', () => {
  it(`rows speak of a packet from outside, or from another namespace, if and only if it is allowed on a way (SEED=${SEED})`, () => {
    let allowed = 0;
    for (let seed = SEED; seed < SEED + 30; seed++) {
      const random = new Random(seed);
      const objects = randomNetwork(random);
      const model = compile(objects, HOSTS);
      const exposure = exposureOf(model, new Directory(objects, 'v3'));
      for (const row of [...exposure.fromOutside, ...(exposure.fromOtherNamespaces ?? [])]) {
        const { example: { flow } } = row;
        const { source, destination } = packetOf(model, flow);
        expect(evaluate(model, flow).verdict, `seed ${seed} ${JSON.stringify(flow)}`).to.equal('allow');
        expect(claims(row, source, destination, flow) && rowsFor(exposure, source, destination)?.includes(row), `seed ${seed} ${JSON.stringify(flow)} is of its row`).to.equal(true);
      }
      for (const { flow, ...ends } of random.times(300, () => randomFlow(random))) {
        const { source, destination } = packetOf(model, { ...ends, ...flow });
        const rows = rowsFor(exposure, source, destination);
        if (rows === undefined) continue;
        const isAllowed = waysBetween(source, destination).some((way) => evaluate(model, { ...ends, ...flow, ...way }).verdict === 'allow');
        expect(rows.some((row) => claims(row, source, destination, { ...ends, ...flow })), `seed ${seed} ${JSON.stringify({ ...ends, ...flow })}`).to.equal(isAllowed);
        if (isAllowed) allowed++;
      }
      for (const room of [50, 80, 120]) expect(exposureText(exposure, room).split('\n').filter((line) => line.length > room), `seed ${seed}`).to.deep.equal([]);
    }
    expect(allowed).to.be.greaterThan(0);
  });

  it('what is alike in two namespaces is told of two, with examples of both, and where it is so', () => {
    const workload = (at: number, namespace: string, node: string): StoredObject => stored('WorkloadEndpoint', `w${at}`, { node, interfaceName: `cali${at}`, ipNetworks: [`10.65.0.${at}/32`], profiles: ['open'] }, { namespace });
    const node = (name: string, at: number): readonly StoredObject[] => [stored('Node', name, { bgp: { ipv4Address: `172.16.0.${at}/24` } }), stored('HostEndpoint', name, { node: name, interfaceName: '*' }, { labels: { host: 'y' } })];
    const open = stored('Profile', 'open', { ingress: [{ action: 'Allow' }], egress: [{ action: 'Allow' }] });
    const objects = [
      open, ...node('n1', 1), ...node('n2', 2), ...[1, 2, 3].map((at) => workload(at, 'a', 'n1')), workload(4, 'b', 'n2'), workload(5, 'c', 'n1'),
      // Between hosts nothing but UDP is passed on.
      stored('GlobalNetworkPolicy', 'forward', { selector: "host == 'y'", applyOnForward: true, types: ['Ingress', 'Egress'], ingress: [{ action: 'Allow', protocol: 'UDP' }, { action: 'Allow', source: { nets: ['10.65.0.1/32'] }, destination: { nets: ['10.65.0.5/32'] } }], egress: [{ action: 'Allow' }] }),
    ];
    const { fromOtherNamespaces } = exposureOf(compile(objects), new Directory(objects, 'v3'));
    const model = compile(objects);
    for (const row of fromOtherNamespaces!) {
      const { source, destination } = packetOf(model, row.example.flow);
      expect(claims(row, source, destination, row.example.flow) && evaluate(model, row.example.flow).verdict, JSON.stringify(row.example)).to.equal('allow');
    }
    for (const [src, dst] of [[1, 4], [1, 5], [2, 5], [4, 1], [5, 1], [4, 5]] as const) {
      for (const protocol of ['tcp', 'udp']) {
        const flow = { src: `10.65.0.${src}`, dst: `10.65.0.${dst}`, protocol, sport: 40_000, dport: 80 };
        const { source, destination } = packetOf(model, flow);
        expect(fromOtherNamespaces!.some((row) => claims(row, source, destination, flow)), JSON.stringify(flow)).to.equal(evaluate(model, flow).verdict === 'allow');
      }
    }
  });

  it('namespaces that are reached alike from others are one row, whatever they are reached with from their own', () => {
    const within = (namespace: string): StoredObject => stored('NetworkPolicy', 'own', { selector: 'all()', types: ['Ingress'], ingress: [{ action: 'Allow', source: { selector: 'all()' } }, { action: 'Allow', protocol: 'TCP', destination: { ports: [443] } }] }, { namespace });
    const workloads = Array.from({ length: 6 }, (_, at) => stored('WorkloadEndpoint', `w${at}`, { node: 'n', interfaceName: `cali${at}`, ipNetworks: [`10.65.0.${at}/32`], profiles: ['open'] }, { namespace: `ns${at % 3}`, labels: { 'projectcalico.org/namespace': `ns${at % 3}` } }));
    const open = stored('Profile', 'open', { ingress: [{ action: 'Allow' }], egress: [{ action: 'Allow' }] });
    const rows = (objects: readonly StoredObject[]): readonly string[] => exposureOf(compile(objects), new Directory(objects, 'v3')).fromOtherNamespaces!.map(({ to, from, packets: { allBut, groups } }) => `${from.name} -> ${to.name}: ${allBut ? 'all but ' : ''}${String(groups[0]?.ports)}`);
    expect(rows([open, ...workloads, ...['ns0', 'ns1', 'ns2'].map(within)])).to.deep.equal(['all workloads -> all workloads: 443']);
    expect(rows([open, ...workloads, within('ns0'), within('ns1')])).to.deep.equal(['all workloads -> ns ns0, ns1: all: 443', 'ns ns0, ns1: all -> ns ns2: all: all but 4789']);
  });

  it('compares no namespaces where that would take too long, and says so', () => {
    const objects = [
      stored('HostEndpoint', 'h', { node: 'n', interfaceName: '*' }, { labels: { host: 'y' } }),
      stored('GlobalNetworkPolicy', 'forward', { selector: "host == 'y'", applyOnForward: true, types: ['Ingress'] }),
      ...Array.from({ length: 700 }, (_, at): readonly StoredObject[] => [
        stored('WorkloadEndpoint', `w${at}`, { node: 'n', interfaceName: `cali${at}`, ipNetworks: [`10.65.${at >> 8}.${at & 255}/32`] }, { namespace: `ns${at % 3}`, labels: { app: `a${at}` } }),
        stored('GlobalNetworkPolicy', `p${at}`, { selector: `app == 'a${at}'`, types: ['Ingress'] }),
      ]).flat(),
    ];
    const exposure = exposureOf(compile(objects), new Directory(objects, 'v3'));
    expect(exposure).to.deep.include({ fromOtherNamespaces: undefined, kinds: 700 });
    const text = exposureText({ ...exposure, openHosts: Array.from({ length: 9 }, (_, at) => `host-with-a-rather-long-name-${at}`) });
    expect(text).to.include('policies tell 700 kinds of workloads apart');
    expect(text.split('\n').filter((line) => line.length > 80)).to.deep.equal([]);
  });
});

function stored(kind: string, name: string, spec: Record<string, unknown>, metadata: object = {}): StoredObject {
  return { kind, apiVersion: 'projectcalico.org/v3', metadata: { name, ...metadata }, spec };
}

function randomFlow(random: Random) {
  const ends = randomEnds(random);
  return { ...ends, flow: randomPacket(random, ends) };
}

/** The rows in which a packet has to be if it is allowed; undefined where it is none of those that are asked about. */
function rowsFor({ fromOutside, fromOtherNamespaces }: Exposure, source: Address, destination: Address): readonly Exposed[] | undefined {
  if (destination.place === undefined) return undefined;
  if (source.place === undefined) return fromOutside;
  const [own, other] = [source, destination].map(({ place }) => (place?.gate.kind === 'workload' && place.gate.endpoint !== undefined ? namespaceOf(place.gate.endpoint) : undefined));
  return own === undefined || other === undefined || own === other ? undefined : fromOtherNamespaces;
}
