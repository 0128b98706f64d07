import { describe, it } from 'mocha';
import { expect } from 'chai';
import type { SrvRecord } from 'node:dns';
import { discoverEndpoints, type SrvResolver } from '../../../src/datastore/etcd/discovery.js';
import { failureOf } from '../../support/datastore.js';

describe('discoverEndpoints', () => {
  const discovery = { domain: 'calico.example', origin: 'ETCD_DISCOVERY_SRV' };
  const record = (name: string, port: number, priority: number, weight: number): SrvRecord => ({ name, port, priority, weight });
  const resolver = (zone: Record<string, SrvRecord[]>): SrvResolver => async (name) => {
    const records = zone[name];
    if (records === undefined) throw Object.assign(new Error(`querySrv ENOTFOUND ${name}`), { code: 'ENOTFOUND' });
    return records;
  };

  it('prefers the records for TLS, those of the lowest priority and the highest weight first', async () => {
    const zone = {
      '_etcd-client-ssl._tcp.calico.example': [record('c', 2379, 10, 5), record('b', 2380, 0, 1), record('a', 2379, 0, 9)],
      '_etcd-client._tcp.calico.example': [record('plain', 2379, 0, 0)],
    };
    expect(await discoverEndpoints(discovery, resolver(zone))).to.deep.equal(['https://a:2379', 'https://b:2380', 'https://c:2379']);
  });

  it('takes the records without TLS where there are no others', async () => {
    const zone = { '_etcd-client-ssl._tcp.calico.example': [], '_etcd-client._tcp.calico.example': [record('plain', 4001, 0, 0)] };
    expect(await discoverEndpoints(discovery, resolver(zone))).to.deep.equal(['http://plain:4001']);
  });

  it('says what was looked for in vain', async () => {
    expect(await failureOf(discoverEndpoints(discovery, resolver({})))).to.deep.equal({
      stage: 'name',
      message: 'ETCD_DISCOVERY_SRV: no SRV record _etcd-client-ssl._tcp or _etcd-client._tcp found for calico.example (ENOTFOUND)',
      hint: 'check the domain, or name the endpoints in ETCD_ENDPOINTS',
    });
  });
});
