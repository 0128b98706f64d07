import { expect } from 'chai';
import { describe, it } from 'mocha';
import { Fields } from '../../src/cni/fields.js';
import { readResult, resultData, type Result } from '../../src/cni/result.js';
import { VERSIONS } from '../../src/cni/version.js';

const FULL: Result = {
  interfaces: [{ name: 'cali1', mtu: 1440 }, { name: 'eth0', mac: '02:00:00:00:00:01', sandbox: '/run/netns/a' }],
  ips: [{ address: '10.0.0.1/32', gateway: '169.254.1.1', interface: 1 }, { address: 'fd00::1/128', interface: 1 }],
  routes: [{ dst: '0.0.0.0/0', gw: '169.254.1.1' }, { dst: '::/0' }],
  dns: { nameservers: ['10.96.0.10'] },
};

describe('a result', () => {
  it('of 0.2.0 has one address of each family with its routes', () => {
    expect(resultData(FULL, '0.2.0')).to.deep.equal({
      cniVersion: '0.2.0',
      ip4: { ip: '10.0.0.1/32', gateway: '169.254.1.1', routes: [{ dst: '0.0.0.0/0', gw: '169.254.1.1' }] },
      ip6: { ip: 'fd00::1/128', routes: [{ dst: '::/0' }] },
      dns: { nameservers: ['10.96.0.10'] },
    });
  });

  it('of 0.3.1 says of which family an address is, and always something of DNS', () => {
    expect(resultData({ ips: [{ address: 'fd00::1/122' }] }, '0.3.1')).to.deep.equal({ cniVersion: '0.3.1', ips: [{ version: '6', address: 'fd00::1/122' }], dns: {} });
  });

  it('of 1.0.0 leaves out what is empty', () => {
    expect(resultData({ interfaces: [], ips: [{ address: '10.0.0.1/26' }], routes: [], dns: { nameservers: [] } }, '1.0.0')).to.deep.equal({ cniVersion: '1.0.0', ips: [{ address: '10.0.0.1/26' }] });
  });

  it('tells the MTU since 1.1.0', () => {
    expect(resultData(FULL, '1.0.0')['interfaces']).to.deep.equal([{ name: 'cali1' }, FULL.interfaces![1]]);
    expect(resultData(FULL, '1.1.0')['interfaces']).to.deep.equal(FULL.interfaces);
  });

  it('without addresses has no form before 0.3.0', () => {
    expect(() => resultData({ ips: [] }, '0.1.0')).to.throw('cannot convert: no valid IP addresses');
  });

  for (const version of VERSIONS) {
    it(`of ${version} is read as it was written`, () => {
      const written = resultData(FULL, version);
      expect(resultData(readResult(new Fields(written)), version)).to.deep.equal(written);
    });
  }
});
