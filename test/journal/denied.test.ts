import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { startEtcd, type Etcd } from '../../scripts/support/etcd.js';
import { calicoctl, type Ended } from '../../scripts/support/calicoctl.js';

const PASSWORD = 'a-password';
const WARNING = `warning: the journal is not written: this user of etcd has no permission on /calicoctl/journal/
hint: grant it with: etcdctl role grant-permission ROLE readwrite /calicoctl/journal/ --prefix; or turn the journal off with CALICOCTL_JOURNAL=off
`;

describe('a journal where the user may not write', function () {
  this.timeout(30_000);
  let etcd: Etcd;
  const asRoot = (...args: string[]): Promise<string> => etcd.etcdctl('--user', `root:${PASSWORD}`, ...args);
  const run = (...args: string[]): Promise<Ended> => calicoctl(args, { env: { ETCD_ENDPOINTS: etcd.endpoint, ETCD_USERNAME: 'alice', ETCD_PASSWORD: PASSWORD, CALICOCTL_JOURNAL: 'on' }, stdin: policies(300) });

  before(async () => {
    etcd = await startEtcd({ args: ['--bcrypt-cost', '4'] });
    for (const user of ['root', 'alice']) await etcd.etcdctl('user', 'add', `${user}:${PASSWORD}`);
    await etcd.etcdctl('role', 'add', 'calico');
    await etcd.etcdctl('role', 'grant-permission', '--prefix=true', 'calico', 'readwrite', '/calico/');
    await etcd.etcdctl('user', 'grant-role', 'alice', 'calico');
    await etcd.etcdctl('user', 'grant-role', 'root', 'root');
    await etcd.etcdctl('auth', 'enable');
  });
  after(() => etcd?.stop());

  it('is told once, and everything is written all the same', async () => {
    expect(await run('create', '-f', '-')).to.deep.equal({ code: 0, signal: null, stdout: "Successfully created 300 'policy' resource(s)\n", stderr: WARNING });
    expect(await asRoot('get', '--prefix', '/calicoctl/', '--keys-only')).to.equal('');
  });

  it('is written once what the warning says is done', async () => {
    await asRoot('role', 'grant-permission', 'calico', 'readwrite', '/calicoctl/journal/', '--prefix');
    expect(await run('delete', '-f', '-')).to.deep.equal({ code: 0, signal: null, stdout: "Successfully deleted 300 'policy' resource(s)\n", stderr: '' });
    expect(JSON.parse((await run('journal', 'list', '-o', 'json')).stdout)).to.have.nested.property('commands[0].changed', 300);
  });
});

function policies(count: number): string {
  return Array.from({ length: count }, (_none, index) => `- {apiVersion: v1, kind: policy, metadata: {name: p${index}}}\n`).join('');
}
