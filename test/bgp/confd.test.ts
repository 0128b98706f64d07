import { expect } from 'chai';
import { describe, it } from 'mocha';
import { readFileSync } from 'node:fs';
import { comparePeers } from '../../src/bgp/compare.js';
import { bgpNetworkOf, type BgpNetwork } from '../../src/bgp/network.js';
import { parsePeerName } from '../../src/bgp/peer-name.js';
import { parseProtocols, peerOf, type ObservedPeer } from '../../src/bgp/protocols.js';
import { Topology, type ExpectedPeer } from '../../src/bgp/topology.js';
import { protocolsReply } from './replies.js';

/** What confd of Calico 3.32.1 wrote for one node of one store: `NAME neighbor ADDRESS [port PORT] as NUMBER`. */
interface Recorded {
  readonly name: string;
  readonly about: string;
  readonly node: string;
  readonly store: Readonly<Record<string, unknown>>;
  readonly peers: readonly string[];
}

const RECORDED = JSON.parse(readFileSync('test/cases/bird/confd.json', 'utf8')) as Recorded[];

function networkIn({ store }: Recorded): BgpNetwork {
  const below = (plural: string) =>
    Object.entries(store).flatMap(([key, value]) => (key.includes(`/${plural}/`) ? [{ key, value: JSON.stringify(value), modRevision: '1' }] : []));
  return bgpNetworkOf({ nodes: below('nodes'), peers: below('bgppeers'), configurations: below('bgpconfigurations') });
}

function expectedIn(recorded: Recorded): ExpectedPeer[] {
  const topology = new Topology(networkIn(recorded));
  const node = topology.node(recorded.node);
  return node === undefined ? [] : topology.expectedPeers(node);
}

/** The line that confd writes for a session. */
function line(peer: ExpectedPeer): string {
  const prefix = { mesh: 'Mesh', global: 'Global', node: 'Node', workload: 'Local_Workload' }[peer.peerClass];
  const suffix = peer.port === undefined ? '' : `_port_${peer.port}`;
  const port = peer.tcpPort ?? peer.port;
  return `${prefix}_${peer.address.replace(/[.:]/g, '_')}${suffix} neighbor ${peer.address}${port === undefined ? '' : ` port ${port}`} as ${peer.asNumber ?? 0}`;
}

/** The peers as a BIRD tells them that runs with what confd wrote. */
function observedIn({ peers }: Recorded): ObservedPeer[] {
  const protocols = parseProtocols(protocolsReply(...peers.map((peer) => `${peer.split(' ')[0]} BGP master up 10:00:00 Established`)));
  return protocols.flatMap((protocol, index) => {
    const peer = peerOf(protocol);
    return peer === undefined ? [] : [{ ...peer, details: { neighborAs: Number(/ as (\d+)$/.exec(peers[index] ?? '')?.[1]) } }];
  });
}

describe('the peers that the datastore asks for, against what confd wrote', () => {
  for (const recorded of RECORDED) {
    it(`${recorded.name}: ${recorded.about}`, () => {
      const expected = expectedIn(recorded);
      // What workloads are peers stands in files of the host, not in the datastore.
      const written = recorded.peers.filter((peer) => !peer.startsWith('Local_Workload_'));
      expect(expected.map(line).sort()).to.deep.equal([...written].sort());
      expect(comparePeers(expected, observedIn(recorded))).to.deep.equal({ missing: [], unexpected: [], otherAs: [] });
    });
  }

  it('every recorded name is read back as what it is', () => {
    const names = RECORDED.flatMap(({ peers }) => peers.map((peer) => /^(\S+) neighbor (\S+)/.exec(peer)?.slice(1) ?? []));
    expect(names.length).to.be.greaterThan(80);
    for (const [name = '', address] of names) expect(parsePeerName(name), name).to.include({ address });
  });

  it('one peer fewer is missed, wherever it is not a workload', () => {
    const blind = RECORDED.filter((recorded) => recorded.peers.length > 0 && comparePeers(expectedIn(recorded), observedIn({ ...recorded, peers: recorded.peers.slice(1) })).missing.length === 0);
    expect(blind.map(({ name }) => name)).to.deep.equal(['local-workloads']);
  });
});
