import { expect } from 'chai';
import { describe, it } from 'mocha';
import { overviewOf } from '../../src/bgp/overview.js';
import { overviewDocument, overviewText } from '../../src/output/views/node/overview.js';
import { bgpPeer, network, node, plainNodes } from './network-cases.js';

describe('all nodes as the datastore has them', () => {
  it('a table with what to look at', async () => {
    const nodes = [node('a', { ipv4Address: '10.0.0.1/24', ipv6Address: 'fd00::1/64' }), node('b', { ipv4Address: '10.0.0.2/24', ipv6Address: 'fd00::2/64', asNumber: 65001 }), node('c', { ipv4Address: '10.0.0.3/24' }), node('e', {}), node('r', { ipv4Address: '10.0.0.11/24', routeReflectorClusterID: '244.0.0.1' }, { rr: 'yes' }), node('twin', { ipv4Address: '10.0.0.3/24' })];
    const peers = [bgpPeer('reflector', { nodeSelector: '!has(rr)', peerSelector: 'has(rr)' }), bgpPeer('tor', { peerIP: '10.1.0.1', asNumber: 65100 }), bgpPeer('lonely', { node: 'r', peerIP: '10.0.0.2', reversePeering: 'Manual', asNumber: 65001 })];
    expect(await overviewText(overviewOf(network(nodes, peers)))).to.equal(
      [
        '+------+------------------+-------+---------------------------+------+--------+---------------+----------+',
        '| NODE |    ADDRESSES     |  ASN  |           ROLE            | MESH | GLOBAL | NODE SPECIFIC | SESSIONS |',
        '+------+------------------+-------+---------------------------+------+--------+---------------+----------+',
        '| a    | 10.0.0.1 fd00::1 | 64512 | node                      |    4 |      1 |             1 |        6 |',
        '| b    | 10.0.0.2 fd00::2 | 65001 | node                      |    4 |      1 |             1 |        6 |',
        '| c    | 10.0.0.3         | 64512 | node                      |    2 |      1 |             1 |        4 |',
        '| e    |                  | 64512 | node                      |    0 |      0 |             0 |        0 |',
        '| r    | 10.0.0.11        | 64512 | route reflector 244.0.0.1 |    0 |      1 |             3 |        4 |',
        '| twin | 10.0.0.3         | 64512 | node                      |    2 |      1 |             1 |        4 |',
        '+------+------------------+-------+---------------------------+------+--------+---------------+----------+',
        'Node-to-node mesh of 4 nodes: 6 sessions.',
        'Route reflectors: r.',
        'WARNING: e has no peers: Node e has no address in bgp.ipv4Address or bgp.ipv6Address.',
        'WARNING: c and twin have the same address 10.0.0.3.',
        '',
      ].join('\n'),
    );
  });

  it('nothing', async () => {
    expect(await overviewText(overviewOf(network([])))).to.equal('There are no nodes in the datastore.\n');
  });

  it('a session that only one side knows of', () => {
    const of = network(plainNodes(2), [bgpPeer('one', { node: 'a', peerIP: '10.0.0.2', asNumber: 64512, reversePeering: 'Manual' })], { nodeToNodeMeshEnabled: false });
    expect(overviewOf(of).warnings).to.deep.equal(['b has no peers: the node-to-node mesh is off, and no BGPPeer applies to b.', 'a has a session with b (10.0.0.2, BGPPeer one), and b has none with a.']);
  });

  it('a mesh of 100 nodes is all right, one of 101 is not', () => {
    expect(overviewOf(network(plainNodes(100))).warnings).to.deep.equal([]);
    const { mesh, warnings } = overviewOf(network(plainNodes(101)));
    expect({ mesh, warnings }).to.deep.equal({
      mesh: { enabled: true, nodes: 101, sessions: 5050 },
      warnings: ['The node-to-node mesh has 101 nodes: 100 sessions on each, 5050 in all. Above about 100 nodes use route reflectors: give a few nodes a routeReflectorClusterID, create a BGPPeer that selects them, and set nodeToNodeMeshEnabled to false.'],
    });
  });

  it('as JSON', () => {
    expect(overviewDocument(overviewOf(network(plainNodes(2))))).to.deep.equal({
      mesh: { enabled: true, nodes: 2, sessions: 1 },
      routeReflectors: [],
      nodes: ['a', 'b'].map((name, index) => ({ name, addresses: [`10.0.0.${index + 1}`], asNumber: 64512, routeReflectorClusterID: null, sessions: { mesh: 1, global: 0, nodeSpecific: 0, total: 1 } })),
      warnings: [],
    });
  });
});
