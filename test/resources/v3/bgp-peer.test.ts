import { expect } from 'chai';
import { describe, it } from 'mocha';
import { formatIp } from '../../../src/net/address.js';
import { bgpPeer, peerAddress } from '../../../src/resources/v3/bgp-peer.js';
import { document, problemsOf, tableOf, testGolden } from '../../support/stored.js';

function problems(spec: Record<string, unknown>): string[] {
  return problemsOf(bgpPeer, document(bgpPeer, spec));
}

describe('BGPPeer', () => {
  testGolden(bgpPeer);

  it('says which fields exclude each other', () => {
    expect(problems({ node: 'n1', nodeSelector: 'all()', peerIP: '10.0.0.1', peerSelector: 'has(rack)', asNumber: 5 })).to.deep.equal([
      'spec.node: node and nodeSelector cannot be given together (remove one of the two)',
      'spec.peerIP: peerIP and peerSelector cannot be given together (remove one of the two)',
      'spec.asNumber: asNumber and peerSelector cannot be given together (remove one of the two)',
    ]);
  });

  it('explains values of the wrong kind', () => {
    expect(problems({ peerIP: 'fd00::1/64', asNumber: -1, ttlSecurity: 256, maxRestartTime: 90, sourceAddress: 'useNodeIP' })).to.deep.equal([
      'spec.peerIP: "fd00::1/64" is not a peer\'s address: expected an IP address, IPv4:port or [IPv6]:port',
      'spec.asNumber: the number -1 is not an AS number (0 to 4294967295, or "1.10")',
      'spec.sourceAddress: "useNodeIP" is not a source address: expected UseNodeIP or None; did you mean "UseNodeIP"?',
      'spec.maxRestartTime: expected a duration such as 90s or 1h30m, found the number 90 (write a unit after it: "90s")',
      'spec.ttlSecurity: 256 is not a number of hops (0 to 255)',
    ]);
  });

  it('points into a selector', () => {
    expect(problems({ nodeSelector: "rack = 'a'" })).to.deep.equal([
      'spec.nodeSelector: this is not a selector: column 6: expected "==", "!=", "in", "not in", "contains", "starts with" or "ends with", found "=" (the comparisons are "==" and "!=")',
    ]);
  });

  it('knows the words of the classic language', () => {
    expect(problems({ ip: '10.0.0.1', as: 5 })).to.deep.equal([
      'spec.ip: unknown field "ip" (did you mean "peerIP"?)',
      'spec.as: unknown field "as" (did you mean "asNumber"?)',
    ]);
  });

  it('finds the address in a peerIP', () => {
    const found = ['10.0.0.1', '10.0.0.1:179', 'fd00::1', '[fd00::1]:179', '[10.0.0.1]:1', 'fd00::1:179'].map((text) => {
      const address = peerAddress(text);
      return address && formatIp(address);
    });
    expect(found).to.deep.equal(['10.0.0.1', '10.0.0.1', 'fd00::1', 'fd00::1', '10.0.0.1', 'fd00::1:179']);
    expect(['', '10.0.0.1:', '10.0.0.1:0', '10.0.0.1:65536', '[fd00::1]', 'fd00::1/64', '[]:179', 'host:179'].map(peerAddress)).to.deep.equal(Array(8).fill(undefined));
  });

  it('shows which nodes a peer is for', () => {
    const specs = [{ peerIP: '10.0.0.1', node: 'n1', asNumber: 64512 }, { peerIP: 'fd00::1', nodeSelector: 'all()' }, {}];
    expect(tableOf(bgpPeer, 'wide', specs.map((spec) => document(bgpPeer, spec)))).to.deep.equal([
      ['NAME', 'PEERIP', 'NODE', 'ASN'],
      ['default', '10.0.0.1', 'n1', '64512'],
      ['default', 'fd00::1', 'all()', '0'],
      ['default', '', '(global)', '0'],
    ]);
  });
});
