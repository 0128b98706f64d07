import { expect } from 'chai';
import { describe, it } from 'mocha';
import { node } from '../../../src/resources/v3/node.js';
import { cells, document, problemsOf, testGolden } from '../../support/stored.js';

describe('Node', () => {
  testGolden(node);

  it('says what is wrong', () => {
    const of = (spec: Record<string, unknown>): string[] => problemsOf(node, document(node, spec));
    expect(of({ bgp: {} })).to.deep.equal(['spec.bgp: bgp is empty (give one of its fields, or leave bgp out)']);
    expect(of({ bgp: { ipv6Address: 'x' } })).to.deep.equal(['spec.bgp.ipv6Address: "x" is not an IPv6 address, alone or with a prefix length']);
    expect(of({ bgp: { ipv4Address: 'fd00::1', asNumber: 1.5, ip: '1.2.3.4', ipv4IPIPTunnelAddr: '10.0.0.1/32' }, vxlanTunnelMACAddr: 'x' })).to.deep.equal([
      'spec.bgp.ip: unknown field "ip" (the fields here are asNumber, ipv4Address, ipv6Address, ipv4IPIPTunnelAddr, routeReflectorClusterID)',
      'spec.bgp.asNumber: expected an AS number (0 to 4294967295, or "1.10"), found the number 1.5 (put the dotted form in quotes)',
      'spec.bgp.ipv4Address: "fd00::1" is not an IPv4 address, alone or with a prefix length',
      'spec.bgp.ipv4IPIPTunnelAddr: "10.0.0.1/32" is not an IPv4 address (leave out the prefix length)',
      'spec.vxlanTunnelMACAddr: "x" is not a MAC address such as ca:fe:1d:52:bb:e9',
    ]);
    expect(problemsOf(node, { ...document(node, {}), status: { wireguardPublicKey: 'foobar' } })).to.deep.equal([
      'status.wireguardPublicKey: "foobar" is not a WireGuard key: 32 bytes in base64 are expected',
    ]);
  });

  it('takes empty text for none', () => {
    expect(problemsOf(node, document(node, { bgp: { asNumber: 1, ipv4Address: '' }, vxlanTunnelMACAddr: '', vxlanTunnelMACAddrV6: '' }))).to.deep.equal([]);
  });

  it('takes an IPv4-mapped address for one of IPv4, however long its network', () => {
    for (const length of ['', '/128', '/104', '/90']) {
      const address = `::ffff:10.0.0.1${length}`;
      expect(problemsOf(node, document(node, { bgp: { ipv4Address: address } }))).to.deep.equal([]);
      expect(problemsOf(node, document(node, { bgp: { ipv6Address: address } }))).to.deep.equal([`spec.bgp.ipv6Address: "${address}" is not an IPv6 address, alone or with a prefix length`]);
    }
  });

  it('shows its addresses, and the global AS number in parentheses where it has none', () => {
    expect(cells(node, { bgp: { asNumber: 4294967295, ipv4Address: '192.0.2.1/24', ipv6Address: 'fd00::1/64' } })).to.deep.equal({
      ps: ['NAME=default'],
      wide: ['NAME=default', 'ASN=4294967295', 'IPV4=192.0.2.1/24', 'IPV6=fd00::1/64'],
    });
    expect(cells(node, { bgp: { ipv4Address: '192.0.2.9' } }).wide).to.deep.equal(['NAME=default', 'ASN=(64512)', 'IPV4=192.0.2.9', 'IPV6=']);
    expect(cells(node, {}).wide).to.deep.equal(['NAME=default', 'ASN=', 'IPV4=', 'IPV6=']);
  });
});
