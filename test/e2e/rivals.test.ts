import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { Workplace } from '../support/workplace.js';

const RIVALS = 16;
const KEY = '/calico/resources/v3/projectcalico.org/globalnetworkpolicies/a';

describe('many operators at once', function () {
  this.timeout(120_000);
  let at: Workplace;
  before(async () => (at = await Workplace.open()));
  after(() => at.close());

  it(`of ${RIVALS} who replace the same revision, one wins and the others are told`, async () => {
    await at.run(['create', '-f', '-'], { stdin: '{apiVersion: v1, kind: policy, metadata: {name: a}, spec: {order: 0}}' });
    const { stdout: read } = await at.run(['--dialect', 'v3', 'get', 'gnp', 'a', '-o', 'yaml']);
    const revision = /resourceVersion: "(\d+)"/.exec(read)?.[1];
    const ended = await Promise.all(Array.from({ length: RIVALS }, (_none, rival) => at.run(['replace', '-f', '-'], { stdin: read.replace('order: 0', `order: ${rival + 1}`) })));
    const now = Number(revision) + 1;
    const winners = ended.flatMap(({ code }, rival) => (code === 0 ? [rival] : []));
    expect(winners.length).to.equal(1);
    const [winner = -1] = winners;
    const refused = `Failed to replace 'GlobalNetworkPolicy' resource: update conflict: GlobalNetworkPolicy(a) has changed: revision ${now}, not ${revision} (<stdin>:1)\nNothing was written.\n`;
    const told = ended.map(({ stderr, ...rest }) => ({ ...rest, stderr: stderr.slice(0, refused.length), shown: stderr.includes(`-  order: 0\n+  order: ${winner + 1}\n`) }));
    expect(told).to.deep.equal(told.map((_each, rival) => (rival === winner ? { code: 0, signal: null, stdout: "Successfully replaced 1 'GlobalNetworkPolicy' resource(s)\n", stderr: '', shown: false } : { code: 5, signal: null, stdout: '', stderr: refused, shown: true })));
    const stored = (await at.stored(KEY))[KEY] as { spec: { order: number } };
    expect({ order: stored.spec.order, revision: await at.revision() }).to.deep.equal({ order: winner + 1, revision: now });
  });

  it('of those who create the same resource in an empty store, one wins, and the store is initialised once', async () => {
    await at.wipe();
    const ended = await Promise.all(Array.from({ length: 8 }, () => at.run(['create', '-f', '-'], { stdin: '{apiVersion: v1, kind: policy, metadata: {name: a}}' })));
    const codes = ended.map(({ code, stderr }) => `${code} ${stderr}`).sort();
    expect(codes).to.deep.equal(['0 ', ...Array.from({ length: 7 }, () => "5 Failed to create 'policy' resource: resource already exists: Policy(name=a) (<stdin>:1)\nNothing was written.\n")]);
    const versions = await at.etcd.etcdctl('get', '--prefix', '/calico/', '-w', 'json');
    const { kvs } = JSON.parse(versions) as { kvs: { version: number }[] };
    expect(kvs.map(({ version }) => version)).to.deep.equal([1, 1, 1, 1, 1]);
  });

  it('those who apply without naming a revision all succeed, one after the other', async () => {
    const ended = await Promise.all(Array.from({ length: 6 }, (_none, rival) => at.run(['apply', '-f', '-'], { stdin: `{apiVersion: v1, kind: policy, metadata: {name: a}, spec: {order: ${rival + 1}}}` })));
    expect(ended).to.deep.equal(ended.map(() => ({ code: 0, signal: null, stdout: "Successfully applied 1 'policy' resource(s)\n", stderr: '' })));
  });
});
