import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { calicoctl } from '../../scripts/support/calicoctl.js';
import { startEtcd, type Etcd } from '../../scripts/support/etcd.js';

describe('datastore check where etcd asks for a login', () => {
  let etcd: Etcd;
  before(async () => {
    etcd = await startEtcd();
    await etcd.etcdctl('put', '/calico/resources/v3/projectcalico.org/tiers/default', '{}');
    for (const [role, ...prefixes] of [['whole', 'ipam', 'felix', 'bgp', 'docker', 'resources'], ['part', 'resources']] as const) {
      await Promise.all([etcd.etcdctl('user', 'add', `${role}:pw`), etcd.etcdctl('role', 'add', role)]);
      await etcd.etcdctl('user', 'grant-role', role, role);
      for (const prefix of prefixes) await etcd.etcdctl('role', 'grant-permission', role, 'readwrite', `/calico/${prefix}/`, '--prefix');
    }
    await Promise.all([etcd.etcdctl('user', 'add', 'root:pw'), etcd.etcdctl('role', 'add', 'root')]);
    await etcd.etcdctl('user', 'grant-role', 'root', 'root');
    await etcd.etcdctl('auth', 'enable');
  });
  after(() => etcd.stop());

  /** The exit code, and the lines that these words are in. */
  async function check(words: RegExp, env: Readonly<Record<string, string>> = {}): Promise<readonly (string | number | null)[]> {
    const { code, stdout } = await calicoctl(['datastore', 'check'], { env: { ETCD_ENDPOINTS: etcd.endpoint, ...env } });
    return [code, ...stdout.split('\n').filter((line) => words.test(line)).map((line) => line.replaceAll(etcd.endpoint, 'URL').replace(/ +/g, ' '))];
  }

  it('finds a login that is missing or wrong', async () => {
    expect(await check(/PROBLEM|WARNING/)).to.deep.equal([1, 'PROBLEM authentication URL: the server requires a user name and a password']);
    expect(await check(/PROBLEM|WARNING/, { ETCD_USERNAME: 'whole', ETCD_PASSWORD: 'no' })).to.deep.equal([1, 'PROBLEM authentication URL: wrong password for user "whole", or no such user']);
    expect(await check(/PROBLEM|WARNING/, { ETCD_USERNAME: 'whole' })).to.deep.equal([1, 'PROBLEM settings ETCD_USERNAME is set, but no password']);
  });

  it('looks at all that a role may read, and names what it may not', async () => {
    const [whole, part] = ['whole', 'part'].map((name) => ({ ETCD_USERNAME: name, ETCD_PASSWORD: 'pw' }));
    expect(await check(/PROBLEM|objects/, whole)).to.deep.equal([1, 'ok objects Tier: 1']);
    expect(await check(/PROBLEM|objects/, part)).to.deep.equal([
      1,
      'PROBLEM permissions /calico/ipam/v2/: may not be read',
      'PROBLEM permissions /calico/felix/v2/: may not be read',
      'PROBLEM permissions /calico/bgp/v1/: may not be read',
      'ok objects Tier: 1; not counted, as it may not be read: /calico/ipam/v2/, /calico/felix/v2/, /calico/bgp/v1/, /calico/docker/v1/',
    ]);
    expect(await check(/docker/, part)).to.deep.equal([
      1,
      "ok permissions /calico/docker/v1/: may not be read; only nodes with Docker's networks need that: etcdctl role grant-permission ROLE read /calico/docker/v1/ --prefix",
      'ok objects Tier: 1; not counted, as it may not be read: /calico/ipam/v2/, /calico/felix/v2/, /calico/bgp/v1/, /calico/docker/v1/',
    ]);
  });
});
