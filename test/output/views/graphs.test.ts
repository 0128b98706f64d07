import { expect } from 'chai';
import { describe, it } from 'mocha';
import { bgpMap } from '../../../src/bgp/map.js';
import type { BgpNetwork, NetworkNode } from '../../../src/bgp/network.js';
import { Connections } from '../../../src/insight/graph/connections.js';
import { groupsOf } from '../../../src/insight/graph/groups.js';
import { bgpGraph, bgpGraphData } from '../../../src/output/views/node/graph.js';
import { policyGraph } from '../../../src/output/views/policy/graph/graph.js';
import { compile } from '../../../src/policy/compile.js';
import type { StoredObject } from '../../../src/resources/kind.js';

describe('graphs of large networks', () => {
  const node = (number: number, more: Partial<NetworkNode> = {}): NetworkNode => ({ name: `n${number}`, labels: {}, addresses: { 4: `10.0.0.${number}` }, asNumber: 64512, ...more });

  it('BGP: route reflectors are shown, sessions with what is left out are counted, and boxes are called as in data', () => {
    // Every node has a peer of its own, so that each is a group.
    const nodes = [...Array.from({ length: 40 }, (_, at) => node(at + 1)), node(100, { clusterId: '1.0.0.1', labels: { role: 'rr' } })];
    const peers = [
      ...nodes.slice(0, 40).map(({ name }, at) => ({ name: `own-${name}`, node: name, remote: { address: `192.0.2.${at + 1}`, family: 4 as const, asNumber: 65000 }, reverse: true })),
      { name: 'to-rr', nodeSelector: "!has(role)", peerSelector: "role == 'rr'", reverse: true },
    ];
    const network: BgpNetwork = { nodes, peers, mesh: false, asNumber: 64512, unreadable: [] };
    const map = bgpMap(network);
    const graph = bgpGraph(map, []);
    expect(graph.nodes[0]!.lines).to.deep.equal(['node n100', 'AS 64512', 'route reflector, cluster 1.0.0.1', 'and 11 sessions with what is left out']);
    const data = bgpGraphData(map, []) as { groups: { id: string; nodes: string[] }[]; peers: { id: string; address: string }[] };
    const called = new Map([...data.groups.map(({ id, nodes: [name] }) => [id, `node ${name!}`] as const), ...data.peers.map(({ id, address }) => [id, address] as const)]);
    for (const { id, lines } of graph.nodes) expect(called.get(id)).to.equal(lines[0]);
    expect(graph.notes).to.include('21 smaller groups and other peers are left out.');
  });

  it('policies: who is reached from what is left out is not closed', () => {
    const stored = (kind: string, name: string, spec: Record<string, unknown>, labels = {}): StoredObject => ({ kind, apiVersion: 'projectcalico.org/v3', metadata: { name, labels }, spec });
    const workload = (name: string, number: number): StoredObject => ({ ...stored('WorkloadEndpoint', name, { node: 'n1', orchestrator: 'k8s', workload: name, endpoint: 'eth0', interfaceName: `cali${number}`, ipNetworks: [`10.65.0.${number}/32`], profiles: [] }), metadata: { name: `n1-k8s-${name}-eth0`, namespace: 'shop', labels: { app: name } } });
    const rule = { action: 'Allow' };
    const resources = [
      workload('a', 1), workload('b', 2), workload('c', 3), stored('Tier', 'default', { order: 1 }),
      stored('GlobalNetworkPolicy', 'default.in', { tier: 'default', selector: "app == 'a'", types: ['Ingress', 'Egress'], ingress: [{ ...rule, source: { selector: "app == 'b'" } }] }),
      stored('GlobalNetworkPolicy', 'default.out', { tier: 'default', selector: "app == 'b'", types: ['Ingress', 'Egress'], egress: [rule] }),
    ];
    const model = compile(resources, {});
    const groups = groupsOf(model, resources, { by: 'labels', keys: ['app'] }, 'v3');
    const named = (name: string) => groups.find(({ shared: [first] }) => first === `app=${name}`)!;
    const found = new Connections(model, groups);
    const linesOf = (shown: typeof groups): unknown => policyGraph({ groups: shown, connections: found.among(shown), left: groups.filter((each) => !shown.includes(each)), beyond: found.beyond(shown, groups.filter((each) => !shown.includes(each))), withoutAddresses: [] }).nodes.map(({ look, lines }) => [look, ...lines]);
    expect(linesOf([named('a'), named('c')])).to.deep.equal([
      ['group', 'app=a (1 workload)', 'some that are left out may reach it', 'it may reach nobody'],
      ['closed', 'app=c (1 workload)', 'nobody may reach it', 'it may reach nobody'],
    ]);
    expect(linesOf([named('b'), named('c')])).to.deep.equal([
      ['closed', 'app=b (1 workload)', 'nobody may reach it', 'it may reach some that are left out'],
      ['closed', 'app=c (1 workload)', 'nobody may reach it', 'it may reach nobody'],
    ]);
  });
});
