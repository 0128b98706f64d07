import { expect } from 'chai';
import { describe, it } from 'mocha';
import { comparePeers, compareNode, expectedText, portsOf, withoutAs } from '../../src/bgp/compare.js';
import { bgpNetworkOf, type BgpNetwork } from '../../src/bgp/network.js';
import { parseProtocols, peerOf, type ObservedPeer } from '../../src/bgp/protocols.js';
import { Topology } from '../../src/bgp/topology.js';
import { explained } from '../../src/node/status.js';
import { bgpPeer, network, node, plainNodes } from './network-cases.js';
import { protocolsReply } from './replies.js';

/** The sessions of a node as lines: class, address, AS number, and who asks for it. */
function sessions(of: BgpNetwork, name: string): string[] {
  const topology = new Topology(of);
  const found = topology.node(name);
  if (found === undefined) throw new Error(`no node ${name}`);
  return topology.expectedPeers(found).map((peer) => `${peer.peerClass} ${expectedText(peer)} AS ${peer.asNumber}`);
}

describe('the peers that the datastore asks for', () => {
  it('a mesh: every node with every other', () => {
    expect(sessions(network(plainNodes(3)), 'b')).to.deep.equal(['mesh 10.0.0.1 (node a, node-to-node mesh) AS 64512', 'mesh 10.0.0.3 (node c, node-to-node mesh) AS 64512']);
  });

  it('a mesh in both families, of the nodes that speak them, with the AS number of each', () => {
    const nodes = [node('a', { ipv4Address: '10.0.0.1/24', ipv6Address: 'fd00::1/64' }), node('b', { ipv4Address: '10.0.0.2', ipv6Address: 'FD00:0::2/64', asNumber: 65001 }), node('c', { ipv4Address: '10.0.0.3/24' }), node('d', { ipv6Address: 'fd00::4/64' }), node('e', {})];
    const of = network(nodes, [], { asNumber: 65000 });
    expect(sessions(of, 'a')).to.deep.equal([
      'mesh 10.0.0.2 (node b, node-to-node mesh) AS 65001',
      'mesh 10.0.0.3 (node c, node-to-node mesh) AS 65000',
      'mesh fd00::2 (node b, node-to-node mesh) AS 65001',
      'mesh fd00::4 (node d, node-to-node mesh) AS 65000',
    ]);
    expect(sessions(of, 'd')).to.deep.equal(['mesh fd00::1 (node a, node-to-node mesh) AS 65000', 'mesh fd00::2 (node b, node-to-node mesh) AS 65001']);
    expect(sessions(of, 'e')).to.deep.equal([]);
  });

  it('no mesh: only what BGPPeers ask for', () => {
    const peers = [bgpPeer('tor', { peerIP: '10.1.0.1', asNumber: 65100 }), bgpPeer('one', { node: 'a', peerIP: '10.1.0.2:1790', asNumber: 65101 }), bgpPeer('six', { peerIP: 'fd00::9', asNumber: 65102 })];
    const of = network(plainNodes(2), peers, { nodeToNodeMeshEnabled: false });
    expect(sessions(of, 'a')).to.deep.equal(['global 10.1.0.1 (BGPPeer tor) AS 65100', 'node 10.1.0.2:1790 (BGPPeer one) AS 65101']);
    expect(sessions(of, 'b')).to.deep.equal(['global 10.1.0.1 (BGPPeer tor) AS 65100']);
  });

  it('a global peer that is a node: all others have it, and it has all others', () => {
    const of = network(plainNodes(3), [bgpPeer('hub', { peerIP: '10.0.0.1', asNumber: 64512 })], { nodeToNodeMeshEnabled: false });
    expect(sessions(of, 'b')).to.deep.equal(['global 10.0.0.1 (node a, BGPPeer hub) AS 64512']);
    expect(sessions(of, 'a')).to.deep.equal(['node 10.0.0.2 (node b, BGPPeer hub) AS 64512', 'node 10.0.0.3 (node c, BGPPeer hub) AS 64512']);
  });

  it('an address of a node with another AS number is not that node', () => {
    const of = network(plainNodes(2), [bgpPeer('hub', { peerIP: '10.0.0.1', asNumber: 65001 })], { nodeToNodeMeshEnabled: false });
    expect(sessions(of, 'a')).to.deep.equal([]);
    expect(sessions(of, 'b')).to.deep.equal(['global 10.0.0.1 (node a, BGPPeer hub) AS 65001']);
  });

  it('route reflectors: outside of the mesh, with those that select them and with one another', () => {
    const reflector = (name: string, last: number) => node(name, { ipv4Address: `10.0.0.${last}/24`, routeReflectorClusterID: '244.0.0.1' }, { rr: 'true' });
    const nodes = [...plainNodes(2), reflector('r1', 11), reflector('r2', 12)];
    const peers = [bgpPeer('clients', { nodeSelector: '!has(rr)', peerSelector: "rr == 'true'" }), bgpPeer('reflectors', { nodeSelector: 'has(rr)', peerSelector: 'has(rr)' })];
    const of = network(nodes, peers);
    expect(sessions(of, 'a')).to.deep.equal(['mesh 10.0.0.2 (node b, node-to-node mesh) AS 64512', 'node 10.0.0.11 (node r1, BGPPeer clients) AS 64512', 'node 10.0.0.12 (node r2, BGPPeer clients) AS 64512']);
    expect(sessions(of, 'r1')).to.deep.equal(['node 10.0.0.12 (node r2, BGPPeer reflectors) AS 64512', 'node 10.0.0.1 (node a, BGPPeer clients) AS 64512', 'node 10.0.0.2 (node b, BGPPeer clients) AS 64512']);
  });

  it('reversePeering: Manual keeps the session to one side', () => {
    const of = network(plainNodes(2), [bgpPeer('one', { node: 'a', peerIP: '10.0.0.2', asNumber: 64512, reversePeering: 'Manual' })], { nodeToNodeMeshEnabled: false });
    expect([sessions(of, 'a'), sessions(of, 'b')]).to.deep.equal([['node 10.0.0.2 (node b, BGPPeer one) AS 64512'], []]);
  });

  it('peers that are local workloads, or that no node or selector makes sense of, ask for nothing', () => {
    const peers = [bgpPeer('local', { localWorkloadSelector: 'all()', asNumber: 65200 }), bgpPeer('broken', { nodeSelector: 'has(', peerIP: '10.1.0.1' }), bgpPeer('gone', { node: 'z', peerIP: '10.0.0.1' }), bgpPeer('blank', { peerIP: 'nonsense' })];
    expect(sessions(network(plainNodes(1), peers, { nodeToNodeMeshEnabled: false }), 'a')).to.deep.equal([]);
  });

  it('what cannot be read is named and left out', () => {
    const broken = { key: '/calico/resources/v3/projectcalico.org/nodes/x', value: '{', modRevision: '1' };
    const of = network([...plainNodes(1), broken]);
    expect([of.nodes.map(({ name }) => name), of.unreadable.map((text) => text.split(' not JSON')[0])]).to.deep.equal([['a'], ['/calico/resources/v3/projectcalico.org/nodes/x:']]);
  });
});

function observed(...rows: string[]): ObservedPeer[] {
  return parseProtocols(protocolsReply(...rows)).flatMap((protocol) => peerOf(protocol) ?? []);
}

describe('what BIRD has, compared with what it should have', () => {
  it('missing and unexpected peers', () => {
    const of = network(plainNodes(4), [bgpPeer('tor', { peerIP: '10.1.0.1:1790', asNumber: 65100 }), bgpPeer('three', { node: 'a', peerIP: '10.0.0.3', asNumber: 64512 })]);
    const comparison = compareNode(of, 'a', observed('Mesh_10_0_0_2 BGP m up 1:00 Established', 'Node_10_0_0_3 BGP m up 1:00 Established', 'Global_10_1_0_1_port_179 BGP m up 1:00 Established', 'Mesh_10_0_0_9 BGP m start 1:00 Active', 'Local_Workload_10_65_0_1 BGP m start 1:00 Passive'));
    if ('reason' in comparison) throw new Error(comparison.reason);
    expect(comparison.missing.map(expectedText)).to.deep.equal(['10.0.0.3 (node c, node-to-node mesh)', '10.0.0.4 (node d, node-to-node mesh)', '10.1.0.1:1790 (BGPPeer tor)']);
    expect(comparison.unexpected.map(({ name }) => name)).to.deep.equal(['Global_10_1_0_1_port_179', 'Mesh_10_0_0_9']);
    expect(comparison.otherAs).to.deep.equal([]);
  });

  it('another AS number than the datastore says', () => {
    const [peer] = observed('Mesh_10_0_0_2 BGP m up 1:00 Established');
    const seen = { ...(peer as ObservedPeer), details: { neighborAs: 64513 } };
    expect(comparePeers([{ peerClass: 'mesh', family: 4, address: '10.0.0.2', asNumber: 64512 }], [seen])).to.deep.equal({ missing: [], unexpected: [], otherAs: [{ peer: seen, asNumber: 64512 }] });
  });

  it('in the mesh, a node without an AS number has that of the node that looks; elsewhere that of all', () => {
    const nodes = [node('a', { ipv4Address: '10.0.0.1/24', asNumber: 65001 }), node('b', { ipv4Address: '10.0.0.2/24' }), node('c', { ipv4Address: '10.0.0.3/24' }, { rr: '' })];
    const of = network(nodes, [bgpPeer('select', { nodeSelector: 'all()', peerSelector: 'has(rr)' })], { asNumber: 64600 });
    expect(sessions(of, 'a')).to.deep.equal(['mesh 10.0.0.2 (node b, node-to-node mesh) AS 65001', 'mesh 10.0.0.3 (node c, node-to-node mesh) AS 65001', 'node 10.0.0.3 (node c, BGPPeer select) AS 64600']);
    expect(sessions(of, 'b')).to.deep.equal(['mesh 10.0.0.1 (node a, node-to-node mesh) AS 65001', 'mesh 10.0.0.3 (node c, node-to-node mesh) AS 64600', 'node 10.0.0.3 (node c, BGPPeer select) AS 64600']);
  });

  it('a node of the mesh that is a global peer too has two sessions, each compared for itself', () => {
    const of = network(plainNodes(2), [bgpPeer('hub', { peerIP: '10.0.0.2', asNumber: 65002 })]);
    const [mesh, global] = observed('Mesh_10_0_0_2 BGP m up 1:00 Established', 'Global_10_0_0_2 BGP m up 1:00 Established') as [ObservedPeer, ObservedPeer];
    const withAs = (peer: ObservedPeer, neighborAs: number): ObservedPeer => ({ ...peer, details: { neighborAs } });
    expect(compareNode(of, 'a', [withAs(mesh, 64512), withAs(global, 65002)])).to.deep.include({ missing: [], unexpected: [], otherAs: [] });
    const wrong = withAs(global, 64512);
    expect(compareNode(of, 'a', [withAs(mesh, 64512), wrong])).to.deep.include({ missing: [], unexpected: [], otherAs: [{ peer: wrong, asNumber: 65002 }] });
    const alone = compareNode(of, 'a', [mesh]);
    expect('reason' in alone ? [] : alone.missing.map(expectedText)).to.deep.equal(['10.0.0.2 (node b, BGPPeer hub)']);
  });

  it('AS numbers stored as text are read', () => {
    const of = network([node('a', { ipv4Address: '10.0.0.1/24', asNumber: '1.10' }), node('b', { ipv4Address: '10.0.0.2/24' })], [], { asNumber: '65009' });
    expect([sessions(of, 'a'), sessions(of, 'b')]).to.deep.equal([['mesh 10.0.0.2 (node b, node-to-node mesh) AS 65546'], ['mesh 10.0.0.1 (node a, node-to-node mesh) AS 65546']]);
    expect(of.nodes.map(({ asNumber }) => asNumber)).to.deep.equal([65546, 65009]);
  });

  it('a BGPPeer with an address and no AS number is told of, as BIRD refuses AS 0', () => {
    const comparison = compareNode(network(plainNodes(2), [bgpPeer('tor', { peerIP: '10.1.0.1' })]), 'a', []);
    if ('reason' in comparison) throw new Error(comparison.reason);
    expect(withoutAs(comparison.expected)).to.deep.equal(['BGPPeer tor has a peerIP and no asNumber: BIRD refuses a configuration with AS 0 and keeps its old one; give the BGPPeer an asNumber.']);
  });

  it('ports of both sides stand in the explanation', () => {
    const of = bgpNetworkOf({ nodes: plainNodes(2), peers: [], configurations: ['default', 'node.b'].map((name, index) => ({ key: `/calico/resources/v3/projectcalico.org/bgpconfigurations/${name}`, value: JSON.stringify({ metadata: { name }, spec: { listenPort: 1000 + index } }), modRevision: '1' })) });
    const peers = observed('Mesh_10_0_0_2 BGP m start 1:00 Active Socket: Connection refused');
    const comparison = compareNode(of, 'a', peers);
    if ('reason' in comparison) throw new Error(comparison.reason);
    expect(portsOf(comparison, peers[0] as ObservedPeer)).to.deep.equal({ peer: 1001, own: 1000 });
    expect(explained(peers[0] as ObservedPeer, { comparison })).to.equal('nothing listens on TCP port 1001 of 10.0.0.2; check that the node runs there and which port it listens on');
  });

  const why: readonly (readonly [string, BgpNetwork, string])[] = [
    ['a node that is not there', network(plainNodes(1)), 'there is no Node named zz in the datastore; make it'],
    ['the only node', network([node('zz', { ipv4Address: '10.0.0.1/24' })]), 'zz is the only node'],
    ['no address', network([node('zz', {}), ...plainNodes(1)]), 'Node zz has no address in bgp.ipv4Address or bgp.ipv6Address'],
    ['no mesh and no BGPPeer', network([node('zz', { ipv4Address: '10.9.0.1/24' }), ...plainNodes(1)], [], { nodeToNodeMeshEnabled: false }), 'the node-to-node mesh is off, and no BGPPeer applies to zz'],
    ['a reflector without clients', network([node('zz', { ipv4Address: '10.9.0.1', routeReflectorClusterID: '1.0.0.1' }), ...plainNodes(1)]), 'zz is a route reflector, which is not part of the mesh, and no BGPPeer applies to it'],
    ['another family', network([node('zz', { ipv6Address: 'fd00::1' }), ...plainNodes(1)]), 'no other node of the mesh has an address of the same family as zz'],
  ];
  for (const [title, of, reason] of why) {
    it(`no peers: ${title}`, () => {
      const comparison = compareNode(of, 'zz', [], { advice: 'make it' });
      expect('reason' in comparison ? comparison.reason : comparison.noPeers).to.equal(reason);
    });
  }
});
