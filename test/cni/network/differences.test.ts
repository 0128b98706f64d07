import { expect } from 'chai';
import { describe, it } from 'mocha';
import { endpointDifferences, hostDifferences, insideDifferences, type Expected } from '../../../src/cni/network/differences.js';
import type { Look } from '../../../src/cni/network/look.js';
import { foundIn, type Found } from '../../../src/changes/stored-object.js';
import { HOST_MAC } from '../../../src/host/workload/interface-plan.js';
import { parseCidr, parseIp } from '../../../src/net/address.js';
import { workloadEndpoint } from '../../../src/resources/v3/workload-endpoint.js';

const expected: Expected = {
  hostName: 'cali1',
  ifname: 'eth0',
  mac: '02:00:00:00:00:01',
  mtu: 1400,
  addresses: [parseIp('10.0.0.7')!, parseIp('fd00::7')!],
  destinations: ['0.0.0.0/0', '::/0', '10.9.0.0/16', '10.9.1.1/32'].map((text) => parseCidr(text)!),
};

const inside: Look = {
  link: { name: 'eth0', index: 2, isUp: true, mac: '02:00:00:00:00:01', mtu: 1400, addresses: ['10.0.0.7/32', 'fd00::7/128'] },
  routes: [
    { version: 4, dst: 'default', gateway: '169.254.1.1' },
    { version: 6, dst: 'default', gateway: 'fe80::ecee:eeff:feee:eeee' },
    { version: 4, dst: '10.9.0.0/16', gateway: '169.254.1.1' },
    { version: 4, dst: '10.9.1.1', gateway: '169.254.1.1' },
  ],
};

const outside: Look = {
  link: { name: 'cali1', index: 3, isUp: true, mac: HOST_MAC, mtu: 1400, addresses: [] },
  routes: [{ version: 4, dst: '10.0.0.7', gateway: undefined }, { version: 6, dst: 'fd00::7', gateway: undefined }],
};

function endpointOf(spec: object): Found {
  const value = JSON.stringify({ kind: 'WorkloadEndpoint', apiVersion: 'projectcalico.org/v3', metadata: { name: 'n-cni-abc-eth0', namespace: 'default' }, spec: { containerID: 'abc', interfaceName: 'cali1', mac: '02:00:00:00:00:01', ipNetworks: ['10.0.0.7/32', 'fd00::7/128'], ...spec } });
  return foundIn(workloadEndpoint, { key: '/calico/resources/v3/projectcalico.org/workloadendpoints/default/n-cni-abc-eth0', value, modRevision: '1' });
}

describe('what CHECK finds', () => {
  it('is nothing where all is as ADD left it', () => {
    expect(insideDifferences(inside, expected)).to.deep.equal([]);
    expect(hostDifferences(outside, expected, HOST_MAC)).to.deep.equal([]);
    expect(endpointDifferences(endpointOf({}), expected, 'abc')).to.deep.equal([]);
  });

  it('is nothing where the result did not say it', () => {
    const silent = { ...expected, mac: undefined, mtu: undefined };
    expect(insideDifferences({ ...inside, link: { ...inside.link, mtu: 9, mac: 'x' } }, silent)).to.deep.equal([]);
    expect(endpointDifferences(endpointOf({ mac: 'x' }), silent, 'abc')).to.deep.equal([]);
  });

  it('is each difference inside', () => {
    expect(insideDifferences(undefined, expected)).to.deep.equal(['the container has no interface eth0']);
    expect(insideDifferences({ link: { ...inside.link, isUp: false, mac: '02:00:00:00:00:02', mtu: 1500, addresses: ['10.0.0.7/24'] }, routes: [{ version: 4, dst: 'default', gateway: '10.0.0.1' }] }, expected)).to.deep.equal([
      'the interface eth0 of the container is down',
      'the interface eth0 has the hardware address 02:00:00:00:00:02, not 02:00:00:00:00:01',
      'the interface eth0 has the MTU 1500, not 1400',
      'the interface eth0 has no address 10.0.0.7/32',
      'the interface eth0 has no address fd00::7/128',
      'the container has no route to 0.0.0.0/0 by 169.254.1.1',
      'the container has no route to ::/0 by fe80::ecee:eeff:feee:eeee',
      'the container has no route to 10.9.0.0/16 by 169.254.1.1',
      'the container has no route to 10.9.1.1 by 169.254.1.1',
    ]);
  });

  it('is no route of a family that the workload has no address of', () => {
    expect(insideDifferences({ ...inside, routes: inside.routes.filter(({ version }) => version === 4) }, { ...expected, addresses: expected.addresses.slice(0, 1) })).to.deep.equal([]);
  });

  it('is each difference on the host', () => {
    expect(hostDifferences(undefined, expected, HOST_MAC)).to.deep.equal(['the host has no interface cali1']);
    expect(hostDifferences({ link: { ...outside.link, isUp: false, mac: undefined }, routes: [] }, expected, HOST_MAC)).to.deep.equal([
      'the interface cali1 of the host is down',
      'the interface cali1 has the hardware address none, not ee:ee:ee:ee:ee:ee',
      'the host has no route to 10.0.0.7/32 on cali1',
      'the host has no route to fd00::7/128 on cali1',
    ]);
  });

  it('is each difference in the datastore', () => {
    expect(endpointDifferences(undefined, expected, 'abc')).to.deep.equal(['the container has no endpoint in the datastore']);
    expect(endpointDifferences(endpointOf({ containerID: 'other', interfaceName: 'cali2', mac: '02:00:00:00:00:09', ipNetworks: ['10.0.0.8/32'] }), expected, 'abc')).to.deep.equal([
      'the endpoint n-cni-abc-eth0 has the containerID "other", not "abc"',
      'the endpoint n-cni-abc-eth0 has the interfaceName "cali2", not "cali1"',
      'the endpoint n-cni-abc-eth0 has the mac "02:00:00:00:00:09", not "02:00:00:00:00:01"',
      'the endpoint n-cni-abc-eth0 does not have the address 10.0.0.7/32',
      'the endpoint n-cni-abc-eth0 does not have the address fd00::7/128',
    ]);
  });
});
