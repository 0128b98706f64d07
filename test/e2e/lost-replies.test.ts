import { expect } from 'chai';
import { after, before, beforeEach, describe, it } from 'mocha';
import { startProxy, type Proxy } from '../support/proxy.js';
import { Workplace } from '../support/workplace.js';

const KEY = '/calico/resources/v3/projectcalico.org/globalnetworkpolicies/a';
const FIRST = '{apiVersion: v1, kind: policy, metadata: {name: a}, spec: {order: 1}}';
const SECOND = '{apiVersion: v1, kind: policy, metadata: {name: a}, spec: {order: 2}}';

/** What crosses the wire: the snapshot, then the transaction. */
const MOMENTS = { 'the reading': 0, 'the look of the guard': 1, 'the transaction': 2 } as const;

describe('connections that break', function () {
  let at: Workplace;
  let proxy: Proxy;

  before(async () => {
    at = await Workplace.open();
    proxy = await startProxy(at.etcd.port);
    at.file('first.yaml', FIRST);
    at.file('second.yaml', SECOND);
  });
  after(async () => {
    await proxy.stop();
    await at.close();
  });
  beforeEach(async () => {
    await at.wipe();
    await at.run(['create', '-f', '-'], { stdin: '{apiVersion: v1, kind: profile, metadata: {name: other}}' });
  });

  const throughProxy = (...args: string[]): ReturnType<Workplace['run']> => at.run(args, { env: { ETCD_ENDPOINTS: proxy.endpoint } });

  const STEPS = [
    { args: ['create', '-f', 'first.yaml'], said: "Successfully created 1 'policy' resource(s)\n", order: 1 },
    { args: ['replace', '-f', 'second.yaml'], said: "Successfully replaced 1 'policy' resource(s)\n", order: 2 },
    { args: ['apply', '-f', 'first.yaml'], said: "Successfully applied 1 'policy' resource(s)\n", order: 1 },
    { args: ['delete', '-f', 'first.yaml'], said: "Successfully deleted 1 'policy' resource(s)\n", order: undefined },
  ] as const;

  for (const [moment, pass] of Object.entries(MOMENTS)) {
    for (const what of ['request', 'reply'] as const) {
      it(`create, replace, apply and delete tell the truth when the ${what} of ${moment} is lost, and write once`, async () => {
        for (const { args, said, order } of STEPS) {
          const before = await at.revision();
          let cut = false;
          proxy.cutNext(what, async () => (cut = true), pass);
          expect(await throughProxy(...args), args.join(' ')).to.deep.equal({ code: 0, signal: null, stdout: said, stderr: '' });
          const stored = (await at.stored(KEY))[KEY] as { spec: { order: number } } | undefined;
          expect({ cut, order: stored?.spec.order, writes: (await at.revision()) - before }, args.join(' ')).to.deep.equal({ cut: true, order, writes: 1 });
        }
      });
    }
  }

  it('create sees that somebody else was faster while its request was lost', async () => {
    proxy.cutNext('request', () => at.run(['create', '-f', 'second.yaml']), MOMENTS['the transaction']);
    expect(await throughProxy('create', '-f', 'first.yaml')).to.deep.equal({
      code: 5,
      signal: null,
      stdout: '',
      stderr: "Failed to create 'policy' resource: resource already exists: Policy(name=a) (first.yaml:1)\nNothing was written.\n",
    });
    expect(await at.run(['get', 'policy', '-o', 'custom-columns=ORDER'])).to.deep.include({ stdout: 'ORDER   \n2       \n\n' });
  });

  it('create says that it created what somebody else has replaced since', async () => {
    proxy.cutNext('reply', () => at.run(['replace', '-f', 'second.yaml']), MOMENTS['the transaction']);
    expect(await throughProxy('create', '-f', 'first.yaml')).to.deep.equal({ code: 0, signal: null, stdout: "Successfully created 1 'policy' resource(s)\n", stderr: '' });
    expect(await at.run(['get', 'policy', '-o', 'custom-columns=ORDER'])).to.deep.include({ stdout: 'ORDER   \n2       \n\n' });
  });

  it('replace of a revision sees that somebody else was faster', async () => {
    await at.run(['create', '-f', 'first.yaml']);
    const read = await at.run(['--dialect', 'v3', 'get', 'gnp', 'a', '-o', 'yaml']);
    at.file('read.yaml', read.stdout.replace('order: 1', 'order: 7'));
    const revision = /resourceVersion: "(\d+)"/.exec(read.stdout)?.[1];
    proxy.cutNext('request', () => at.run(['replace', '-f', 'second.yaml']), MOMENTS['the transaction']);
    const { code, stdout, stderr } = await throughProxy('replace', '-f', 'read.yaml');
    const now = Number(revision) + 1;
    expect({ code, stdout }).to.deep.equal({ code: 5, stdout: '' });
    expect(stderr.split(/ {3}name: a\n {3}uid: .*\n/)).to.deep.equal([
      `Failed to replace 'GlobalNetworkPolicy' resource: update conflict: GlobalNetworkPolicy(a) has changed: revision ${now}, not ${revision} (read.yaml:1)\nNothing was written.\n--- GlobalNetworkPolicy/a (revision ${revision})\n+++ GlobalNetworkPolicy/a (revision ${now})\n@@ -7,7 +7,7 @@\n`,
      ` spec:\n-  order: 1\n+  order: 2\n   tier: default\n   types:\n   - Ingress\nhint: take over what you want of this, and write revision ${now} in place of ${revision} into the file, or get it anew; a file without revisions is applied whatever is stored\n`,
    ]);
  });

  it('a transaction that is never answered has an unknown outcome', async () => {
    proxy.cutNext('request', async () => void proxy.hang(), MOMENTS['the transaction']);
    const ended = await at.run(['create', '-f', 'first.yaml', '--timeout', '3s'], { env: { ETCD_ENDPOINTS: proxy.endpoint } });
    expect({ ...ended, stderr: ended.stderr.replaceAll(proxy.endpoint, 'PROXY') }).to.deep.equal({
      code: 4,
      signal: null,
      stdout: '',
      stderr: `it is not known whether the change of ${KEY} was carried out: no answer within 3 s: etcd at PROXY: accepts no connection, or does not answer on it\nhint: all of it was carried out or none: read the resources to see which\n`,
    });
    await proxy.stop();
    proxy = await startProxy(at.etcd.port);
  });
});
