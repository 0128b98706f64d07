import { expect } from 'chai';
import { describe, it } from 'mocha';
import { bgpMap, type BgpMap } from '../../src/bgp/map.js';
import type { BgpNetwork, NetworkNode, NetworkPeer } from '../../src/bgp/network.js';
import { Topology } from '../../src/bgp/topology.js';

const node = (name: string, last: number, more: Partial<NetworkNode> = {}): NetworkNode => ({ name, labels: {}, addresses: { 4: `10.0.0.${last}` }, asNumber: 64512, ...more });
const rack = (name: string): Partial<NetworkNode> => ({ labels: { rack: name } });
const reflector = (last: number): NetworkNode => node(`rr${last}`, 100 + last, { labels: { role: 'rr' }, clusterId: `1.0.0.${last}` });
const peer = (name: string, more: Partial<NetworkPeer>): NetworkPeer => ({ name, reverse: true, ...more });
const network = (nodes: readonly NetworkNode[], peers: readonly NetworkPeer[] = [], mesh = true): BgpNetwork => ({ nodes, peers, mesh, asNumber: 64512, unreadable: [] });

const told = ({ groups, peerings }: BgpMap): { groups: readonly string[]; peerings: readonly string[] } => ({
  groups: groups.map(({ nodes }) => nodes.map(({ name }) => name).join(' ')),
  peerings: peerings.map(({ from, to, bgpPeer, pairs, partial, oneSided }) => `${from.nodes[0]!.name} ${'nodes' in to ? to.nodes[0]!.name : to.address} ${bgpPeer} ${pairs}${partial ? ' partial' : ''}${oneSided > 0 ? ` one-sided ${oneSided}` : ''}`),
});

describe('the map of BGP', () => {
  it('puts nodes of a mesh together', () => {
    const { groups, mesh, peerings, outsiders } = bgpMap(network([node('a', 1), node('b', 2), node('c', 3, { addresses: { 4: '10.0.0.3', 6: 'fd00::3' } })]));
    expect(groups.map(({ nodes }) => nodes.length)).to.deep.equal([2, 1]);
    expect({ mesh, peerings, outsiders }).to.deep.equal({ mesh: { 4: 3, 6: 1 }, peerings: [], outsiders: [] });
  });

  it('knows reflectors, racks and their switches, by selectors', () => {
    const nodes = [node('a', 1, rack('1')), node('b', 2, rack('1')), node('c', 3, rack('2')), reflector(1), reflector(2)];
    const peers = [peer('to-rr', { nodeSelector: 'has(rack)', peerSelector: "role == 'rr'" }), peer('rr', { nodeSelector: "role == 'rr'", peerSelector: "role == 'rr'" }), peer('tor', { nodeSelector: "rack == '1'", remote: { address: '192.0.2.1', family: 4, asNumber: 65001 } })];
    expect(told(bgpMap(network(nodes, peers, false)))).to.deep.equal({
      groups: ['rr1', 'rr2', 'a b', 'c'],
      peerings: ['rr1 a to-rr 2', 'rr2 a to-rr 2', 'a 192.0.2.1 tor 2', 'rr1 c to-rr 1', 'rr2 c to-rr 1', 'rr1 rr2 rr 1'],
    });
  });

  it('tells sessions that one side only knows of', () => {
    const peers = [peer('one-way', { node: 'a', remote: { address: '10.0.0.101', family: 4, asNumber: 64512 }, reverse: false })];
    expect(told(bgpMap(network([node('a', 1), reflector(1)], peers))).peerings).to.deep.equal(['rr1 a one-way 1 partial one-sided 1'].map((text) => text.replace(' partial', '')));
  });

  it('has each session of the topology, and no other', () => {
    const nodes = [node('a', 1, rack('1')), node('b', 2, rack('2')), node('c', 3), reflector(1), reflector(2), node('d', 4, { asNumber: 65010 })];
    const peers = [peer('x', { nodeSelector: 'has(rack)', peerSelector: 'all()' }), peer('y', { peerSelector: "role == 'rr'" }), peer('z', { node: 'd', remote: { address: '198.51.100.1', family: 4, asNumber: 65001 } })];
    const all = network(nodes, peers, false);
    const topology = new Topology(all);
    const sessions = new Set(nodes.flatMap((each) => topology.configuredPeers(each).map((one) => [one.bgpPeer, ...[each.name, one.node ?? one.address].sort()].join(' '))));
    expect(bgpMap(all).peerings.reduce((sum, { pairs }) => sum + pairs, 0)).to.equal(sessions.size);
  });
});
