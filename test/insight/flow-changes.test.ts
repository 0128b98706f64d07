import { expect } from 'chai';
import { describe, it } from 'mocha';
import { Directory } from '../../src/insight/directory.js';
import { flowChanges, type FlowChange } from '../../src/insight/flow-changes.js';
import type { InsightNotice } from '../../src/insight/notices.js';
import { flowChangesText } from '../../src/output/views/policy/flow-changes.js';
import { compile } from '../../src/policy/compile.js';
import { evaluate } from '../../src/policy/evaluate.js';
import { packetOf, type Flow } from '../../src/policy/flow.js';
import type { Model } from '../../src/policy/model.js';
import type { Address } from '../../src/policy/packet.js';
import type { StoredObject } from '../../src/resources/kind.js';
import { claims, randomEnds, randomPacket, waysBetween } from '../support/policy/claims.js';
import { HOSTS, randomNetwork } from '../support/policy/random-network.js';
import { Random } from '../support/policy/random.js';

const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);

type Models = readonly [before: Model, after: Model];

describe('rows of changed flows, against evaluate', () => {
  it(`they speak of a packet between two addresses if and only if its verdict changes on a way (SEED=${SEED})`, () => {
    let changed = 0;
    for (let seed = SEED; seed < SEED + 30; seed++) {
      const random = new Random(seed);
      const objects = randomNetwork(random);
      // Of some kinds every second one is gone.
      const kinds = ['Policy', ...random.some(['WorkloadEndpoint', 'NetworkSet', 'Profile', 'HostEndpoint', 'FelixConfiguration'], 2)];
      const others = objects.filter(({ kind }, at) => at % 2 === 0 || !kinds.some((each) => kind.endsWith(each)));
      const models: Models = [compile(objects, HOSTS), compile(others, HOSTS)];
      const directory = new Directory(objects, 'v3');
      const rows = flowChanges(...models, directory);
      for (const row of rows) checkExample(row, models, seed);
      for (const flow of random.times(300, () => withPacket(random, randomEnds(random)))) changed += checkFlow(flow, rows, models, seed);
      for (const room of [60, 80, 120]) expect(flowChangesText(rows, directory, room).split('\n').filter((line) => line.length > room), `seed ${seed}`).to.deep.equal([]);
    }
    expect(changed).to.be.greaterThan(0);
  });

  it('names ten thousand that change in a few lines', () => {
    const objects = (count: number, port: number): readonly StoredObject[] => [
      ...Array.from({ length: count }, (_, at) => workload(at)),
      stored('GlobalNetworkPolicy', 'web', { selector: "app == 'web'", types: ['Ingress'], ingress: [{ action: 'Allow', protocol: 'TCP', destination: { ports: [port] } }] }),
    ];
    const models: readonly Model[] = [80, 443].map((port) => compile(objects(10_000, port)));
    const directory = new Directory(objects(10_000, 443), 'v1');
    const lines = flowChangesText(flowChanges(models[0]!, models[1]!, directory), directory).trimEnd().split('\n');
    expect(lines).to.deep.equal([
      'FROM                    TO       PACKETS  BEFORE  AFTER  BY',
      'all workloads; other    app=web  tcp 443  deny    allow  ingress rule 1 of',
      'addresses                                                policy/web',
      '  e.g. ns-0/pod-0 -> ns-0/pod-100, tcp port 443',
      'all workloads; other    app=web  tcp 80   allow   deny   end of tier default',
      'addresses',
      '  e.g. ns-0/pod-0 -> ns-0/pod-100, tcp port 80',
    ]);
  });
});

describe('how far a comparison has come', () => {
  it('is told of what there is to compare from the beginning, and then of what is put together', () => {
    const objects = (port: number): readonly StoredObject[] => [
      ...Array.from({ length: 300 }, (_, at) => workload(at)),
      stored('GlobalNetworkPolicy', 'web', { types: ['Ingress', 'Egress'], ingress: [{ action: 'Allow', protocol: 'TCP', source: { selector: "app == 'web'" }, destination: { ports: [port] } }], egress: [{ action: 'Allow' }] }),
    ];
    const told: InsightNotice[] = [];
    flowChanges(compile(objects(80)), compile(objects(443)), new Directory(objects(443), 'v3'), (notice) => told.push(notice));
    const [compared, merged] = (['changed', 'merged'] as const).map((did) => told.filter((notice) => notice.did === did));
    expect(told).to.deep.equal([...compared!, ...merged!]);
    expect(new Set(compared!.map(({ of }) => of))).to.have.lengthOf(1);
    expect(compared!.map(({ count }) => count)).to.deep.equal(compared!.map(({ count }) => count).sort((left, right) => left - right));
    expect([compared![0]!.count, compared!.at(-1)!.count]).to.deep.equal([0, compared![0]!.of]);
    expect(merged!.map(({ count, of }) => count < of!)).to.deep.equal(merged!.map(() => true)).and.not.empty;
  });
});

describe('what a row is about', () => {
  it('two groups of one name stay two rows', () => {
    const group = (first: number): readonly string[] => Array.from({ length: 5 }, (_, at) => `10.65.0.${first + 2 * at}`);
    const objects = Array.from({ length: 10 }, (_, at) => workload(at, { app: 'web' }));
    const policy = stored('GlobalNetworkPolicy', 'p', { selector: "app == 'web'", types: ['Egress'], egress: [0, 1].map((first) => ({ action: 'Deny', protocol: 'TCP', source: { nets: group(first) }, destination: { ports: [first + 80] } })).concat([{ action: 'Allow' } as never]) });
    const rows = flowChanges(compile(objects), compile([...objects, policy]), new Directory(objects, 'v3')).filter(({ by }) => by.startsWith('gnp:p/egress'));
    expect(rows.map(({ from }) => [from.name, from.endpoints.length])).to.deep.equal([['5 of 10 with app=web', 5], ['5 of 10 with app=web', 5]]);
  });

  it('a host reaches its own workloads, whatever policies say, and that is said', () => {
    const objects = [...[0, 1].map((at) => workload(at, { app: 'web' })), ...[0, 1].map((at) => stored('Node', `n${at}`, { bgp: { ipv4Address: `172.16.0.${at + 1}/24` } }))];
    const closed = stored('GlobalNetworkPolicy', 'closed', { selector: "app == 'web'", types: ['Ingress'] });
    const rows = flowChanges(compile(objects), compile([...objects, closed]), new Directory(objects, 'v3'));
    expect(rows.map(({ from, to, exceptOwnHost }) => [from.name, to.name, exceptOwnHost])).to.deep.equal([['all hosts; other addresses', 'all workloads', true], ['all workloads', 'all workloads', false]]);
    expect(flowChangesText(rows, new Directory(objects, 'v3'))).to.include('\n  not between a host and what is on it\n');
  });

  it('what is so on one host only, or only between two, is called that', () => {
    const objects = [
      ...[0, 0, 1].map((node, at) => workload(at, { app: 'web' }, node)),
      ...[0, 1].flatMap((at) => [stored('Node', `n${at}`, { bgp: { ipv4Address: `172.16.0.${at + 1}/24` } }), stored('HostEndpoint', `h${at}`, { node: `n${at}`, interfaceName: 'eth0' })]),
    ];
    const forward = stored('GlobalNetworkPolicy', 'forward', { selector: "!has(app)", applyOnForward: true, types: ['Ingress'] });
    const rows = flowChanges(compile(objects), compile([...objects, forward]), new Directory(objects, 'v3'));
    const text = flowChangesText(rows, new Directory(objects, 'v3'));
    expect(rows.filter(({ from, to }) => from.endpoints.length + to.endpoints.length === 6).map(({ where }) => where)).to.deep.equal(['different hosts']);
    expect(text).to.match(/^all workloads +all workloads .*\n +on other hosts/m);
  });

  it('a node may be called as something that every object of JavaScript has', () => {
    const named = { ...workload(0, { app: 'web' }), spec: { ...workload(0).spec, node: 'constructor' } };
    const closed = stored('GlobalNetworkPolicy', 'closed', { selector: 'all()', types: ['Ingress'] });
    expect(flowChanges(compile([named, workload(1)]), compile([named, workload(1), closed]), new Directory([named], 'v3'))).not.to.deep.equal([]);
  });

  it('nothing is said of what somebody sends to himself', () => {
    const objects = [workload(0, { app: 'web' })];
    const itself = stored('GlobalNetworkPolicy', 'p', { selector: 'all()', types: ['Ingress'], ingress: [{ action: 'Allow', source: { notSelector: "app == 'web'" } }] });
    expect(flowChanges(compile(objects), compile([...objects, itself]), new Directory(objects, 'v3'))).to.deep.equal([]);
  });

  it('of whom only some addresses are meant, these are named', () => {
    const host = stored('Node', 'n9', { interfaces: [{ name: 'eth0', addresses: ['172.16.0.1'] }, { name: 'eth1', addresses: ['172.17.0.1'] }] });
    const objects = [workload(0, { app: 'web' }), host, stored('GlobalNetworkSet', 'office', { nets: ['192.0.2.0/24'] })];
    const allow = { action: 'Allow' };
    const after = (destination: object): readonly string[] => {
      const [open, closed] = [[allow], [{ action: 'Deny', destination }, allow]].map((egress) => compile([...objects, stored('GlobalNetworkPolicy', 'p', { selector: 'all()', types: ['Egress'], egress })]));
      return flowChanges(open!, closed!, new Directory(objects, 'v3')).map(({ to }) => to.name);
    };
    expect(after({ nets: ['172.17.0.0/16', '192.0.2.0/25'] })).to.deep.equal(['host/n9 (172.17.0.1); set office (192.0.2.0/25); other addresses (172.17.0.0/16)']);
    expect(after({ notNets: ['10.0.0.0/8', '172.16.0.0/12', '192.0.0.0/8'] })).to.deep.equal(['other addresses but 10.0.0.0/8, 172.16.0.0/12, 192.0.0.0/8']);
    expect(after({ nets: ['172.16.0.0/12'], notNets: ['172.20.0.0/16', '172.16.0.0/15'] })).to.deep.equal(['other addresses (172.16.0.0/12 but 172.16.0.0/15, 172.20.0.0/16)']);
  });
});

function workload(at: number, labels: Record<string, string> = { app: at % 4 === 0 ? 'web' : 'db' }, node = at % 100): StoredObject {
  const namespace = `ns-${at % 10}`;
  const spec = { orchestrator: 'k8s', node: `n${node}`, pod: `pod-${at}`, endpoint: 'eth0', interfaceName: `cali${at}`, ipNetworks: [`10.65.${at >> 8}.${at & 255}/32`], profiles: ['projectcalico-default-allow'] };
  return stored('WorkloadEndpoint', `w${at}`, spec, { namespace, labels: { ...labels, 'projectcalico.org/namespace': namespace } });
}

function stored(kind: string, name: string, spec: Record<string, unknown>, metadata: object = {}): StoredObject {
  return { kind, apiVersion: 'projectcalico.org/v3', metadata: { name, ...metadata }, spec };
}

function withPacket(random: Random, ends: Pick<Flow, 'src' | 'dst'>): Flow {
  return { ...ends, ...randomPacket(random, ends) };
}

function checkExample(row: FlowChange, models: Models, seed: number): void {
  const { before, after, example: { flow } } = row;
  const text = `seed ${seed} ${JSON.stringify(flow)}`;
  expect(models.map((model) => evaluate(model, flow).verdict), text).to.deep.equal([before, after]);
  expect(claims(row, ...endsOf(models, flow), flow), `${text} is of its row`).to.equal(true);
  expect(flow.src, text).not.to.equal(flow.dst);
}

/** Whether the verdict of a flow changes. */
function checkFlow(flow: Flow, rows: readonly FlowChange[], models: Models, seed: number): 0 | 1 {
  const ends = endsOf(models, flow);
  const verdicts = waysBetween(...ends).map((way) => models.map((model) => evaluate(model, { ...flow, ...way }).verdict));
  const wanted = new Set(verdicts.filter(([before, after]) => before !== after).map((pair) => pair.join()));
  const told = new Set(rows.filter((row) => claims(row, ...ends, flow)).map(({ before, after }) => `${before},${after}`));
  expect([...told].sort(), `seed ${seed} ${JSON.stringify(flow)}`).to.deep.equal([...wanted].sort());
  return wanted.size > 0 ? 1 : 0;
}

/** The ends of a flow, as the model has them that counts: the second, where it knows who is there. */
function endsOf([before, after]: Models, flow: Flow): readonly [Address, Address] {
  const [old, now] = [packetOf(before, flow), packetOf(after, flow)];
  const known = (was: Address, is: Address): Address => [is, was].find(({ place }) => place !== undefined) ?? [is, was].find(({ objects }) => objects.length > 0) ?? is;
  return [known(old.source, now.source), known(old.destination, now.destination)];
}
