import { expect } from 'chai';
import { describe, it } from 'mocha';
import { applyAndPrune, type Pruned } from '../../src/changes/prune/apply.js';
import { isOvertaken, carryOutPlan } from '../../src/changes/plan-file/carry-out.js';
import { planFileOf } from '../../src/changes/plan-file/make.js';
import { parsePlan, planText, type PlanFile } from '../../src/changes/plan-file/plan-file.js';
import { pruneScope, type PruneRequest } from '../../src/changes/prune/scope.js';
import { kindOfWord } from '../../src/resources/registry.js';
import type { Kind } from '../../src/resources/kind.js';
import { readFiles, SOURCES, write } from '../support/changes.js';
import { MemoryStore } from '../support/memory-store.js';

const V3 = 'projectcalico.org/v3';
const policy = (name: string, order = 1): object => ({ apiVersion: 'v1', kind: 'policy', metadata: { name }, spec: { order } });
const object = (kind: string, metadata: object, spec: object = {}): object => ({ apiVersion: V3, kind, metadata, spec });
const kindNamed = (word: string): Kind => kindOfWord(word, 'v1') as Kind;

const THERE = [
  policy('a'), policy('b'),
  object('NetworkPolicy', { name: 'x', namespace: 'shop' }), object('NetworkPolicy', { name: 'y', namespace: 'shop', labels: { team: 'web' } }), object('NetworkPolicy', { name: 'z', namespace: 'infra' }),
  object('Profile', { name: 'kns.shop' }), object('Profile', { name: 'ksa.shop.web' }), object('Profile', { name: 'mine' }),
  object('Tier', { name: 'ops' }, { order: 1 }),
  object('Node', { name: 'n1' }), object('HostEndpoint', { name: 'eth0' }, { node: 'n1', interfaceName: 'eth0' }),
  object('HostEndpoint', { name: 'n1-auto-hep', labels: { 'projectcalico.org/created-by': 'calico-kube-controllers' } }, { node: 'n1', interfaceName: '*' }),
];

async function there(): Promise<MemoryStore> {
  const store = new MemoryStore();
  await write(store, 'create', { 'a.json': THERE });
  store.set('/calico/resources/v3/projectcalico.org/networkpolicies/shop/knp.default.web', JSON.stringify(object('NetworkPolicy', { name: 'knp.default.web', namespace: 'shop' })));
  return store;
}

async function prune(store: MemoryStore, files: readonly object[], request: PruneRequest, options: { dryRun?: boolean; agree?: () => Promise<void> } = {}): Promise<Pruned> {
  const { targets } = await readFiles('apply', { 'a.json': files });
  return applyAndPrune(store, targets, { sources: SOURCES, scope: pruneScope(targets, request), findEffects: async () => [], ...options });
}

const gone = ({ deletion }: Pruned): readonly string[] => (deletion?.deleted ?? []).map(({ identity }) => identity);

describe('apply --prune', () => {
  const SCOPES: readonly (readonly [string, readonly object[], PruneRequest, readonly string[]])[] = [
    ['deletes what no file has, of the kinds of the files', [policy('a')], {}, ['Policy(name=b)']],
    ['leaves other kinds alone', [policy('a'), policy('b')], {}, []],
    ['keeps to the namespaces of the files', [object('NetworkPolicy', { name: 'x', namespace: 'shop' })], {}, ['NetworkPolicy(shop/y)']],
    ['never touches what comes from Kubernetes, nor the built-in tiers', [object('Profile', { name: 'other' }), object('Tier', { name: 'dmz' }, { order: 2 })], {}, ['Profile(mine)', 'Tier(ops)']],
    ['of endpoints and nodes nothing goes', [object('HostEndpoint', { name: 'new' }, { node: 'n1', interfaceName: 'eth1' }), object('Node', { name: 'n2' })], {}, []],
    ['unless they are named; what a controller made stays', [policy('a')], { kinds: [kindNamed('hostEndpoint')] }, ['HostEndpoint(node=n1, name=eth0)']],
    ['only of the kinds that are named', [policy('a')], { kinds: [kindNamed('tier')] }, ['Tier(ops)']],
    ['only in the namespaces that are named', [policy('a')], { kinds: [kindNamed('NetworkPolicy')], namespaces: ['infra'] }, ['NetworkPolicy(infra/z)']],
    ['only what is selected', [object('NetworkPolicy', { name: 'w', namespace: 'shop' })], { filter: { prepare: async () => undefined, accepts: (_kind, { metadata }) => metadata.labels?.['team'] === 'web' } }, ['NetworkPolicy(shop/y)']],
  ];
  for (const [name, files, request, wanted] of SCOPES) {
    it(name, async () => {
      const store = await there();
      expect(gone(await prune(store, files, request, { dryRun: true }))).to.deep.equal(wanted);
      const before = Object.keys(store.content()).length;
      const { write: written, deletion } = await prune(store, files, request);
      expect(gone({ write: written, deletion })).to.deep.equal(wanted);
      const created = written.plan.steps.filter(({ result }) => result === 'created').length;
      expect(Object.keys(store.content())).to.have.length(before + created - wanted.length);
    });
  }

  it('a kind with namespaces needs one', () => {
    expect(() => pruneScope([], { kinds: [kindNamed('NetworkPolicy')] })).to.throw('the files name no namespace');
  });

  it('writes nothing where somebody says no', async () => {
    const store = await there();
    const before = store.content();
    const refusal = await prune(store, [policy('a', 2)], {}, { agree: async () => { throw new Error('no'); } }).catch((error: unknown) => error);
    expect([String(refusal), store.content()]).to.deep.equal(['Error: no', before]);
  });

  it('does not delete what somebody changes while the question stands', async () => {
    const store = await there();
    const key = '/calico/resources/v3/projectcalico.org/globalnetworkpolicies/b';
    const { deletion } = await prune(store, [policy('a')], {}, { agree: async () => store.set(key, store.content()[key]) });
    expect(deletion?.refused.map(({ reason }) => reason)).to.deep.equal(['changed']);
    expect(store.content()).to.have.property(key);
  });

  it('deletes a tier whose policies the files move elsewhere', async () => {
    const store = await there();
    await write(store, 'create', { 'a.json': [object('GlobalNetworkPolicy', { name: 'ops.in' }, { tier: 'ops' })] });
    expect(gone(await prune(store, [object('Tier', { name: 'dmz' }, { order: 2 }), object('GlobalNetworkPolicy', { name: 'dmz.in' }, { tier: 'dmz' })], {}))).to.include.members(['Tier(ops)', 'GlobalNetworkPolicy(ops.in)']);
  });
});

describe('a plan in a file', () => {
  async function planned(store: MemoryStore, files: readonly object[]): Promise<PlanFile> {
    const plan = parsePlan(planText(await planFileOf(store, await prune(store, files, {}, { dryRun: true }), SOURCES)));
    if ('problem' in plan) throw new Error(plan.problem);
    return plan;
  }

  it('does the same as apply --prune', async () => {
    const [one, other] = [await there(), await there()];
    const files = [policy('a', 2), policy('new'), object('IPPool', { name: 'p' }, { cidr: '10.0.0.0/16' })];
    await carryOutPlan(one, await planned(one, files), { sources: SOURCES });
    await prune(other, files, {});
    const content = (store: MemoryStore): unknown => Object.entries(store.content()).map(([key, value]) => [key, value.replaceAll(/"(?:uid|clusterGUID)":"[^"]*"/g, '')]);
    expect(content(one)).to.deep.equal(content(other));
  });

  const key = (kind: string, name: string): string => `/calico/resources/v3/projectcalico.org/${kind}/${name}`;
  const RIVALS: readonly (readonly [string, (store: MemoryStore) => void, readonly string[]])[] = [
    ['what it replaces was changed', (store) => store.set(key('globalnetworkpolicies', 'a'), store.content()[key('globalnetworkpolicies', 'a')]), ['Policy(name=a) has changed']],
    ['what it creates exists', (store) => store.set(key('globalnetworkpolicies', 'new'), '{}'), ['Policy(name=new) exists now']],
    ['what it deletes is gone', (store) => store.set(key('globalnetworkpolicies', 'b'), undefined), ['Policy(name=b) does not exist any more']],
    ['what it leaves was changed', (store) => store.set(key('profiles', 'mine'), '{}'), ['Profile(mine) has changed']],
    ['there is a pool that it does not know', (store) => store.set(key('ippools', 'q'), '{}'), ['IPPool(q) exists now']],
    ['the cluster is another', (store) => store.set(key('clusterinformations', 'default'), JSON.stringify(object('ClusterInformation', { name: 'default' }, { clusterGUID: 'other' }))), ['this is another cluster: other']],
  ];
  for (const [name, rival, wanted] of RIVALS) {
    it(`is not carried out where ${name}`, async () => {
      const store = await there();
      const plan = await planned(store, [policy('a', 2), policy('new'), object('Profile', { name: 'mine' }), object('IPPool', { name: 'p' }, { cidr: '10.0.0.0/16' })]);
      rival(store);
      const before = store.content();
      const result = await carryOutPlan(store, plan, { sources: SOURCES });
      expect(isOvertaken(result) ? result.differs.map((each, index) => each.slice(0, wanted[index]?.length)) : result).to.deep.equal(wanted);
      expect(store.content()).to.deep.equal(before);
    });
  }

  it('is refused where somebody changed its text, or it is another one', async () => {
    const text = planText(await planned(await there(), [policy('a', 2)]));
    const problem = (changed: string): unknown => parsePlan(changed);
    expect(problem(text.replace('globalnetworkpolicies/a', 'globalnetworkpolicies/b'))).to.deep.equal({ problem: 'it was changed after it was written' });
    expect(problem(text.replace('"version": 1', '"version": 2'))).to.deep.equal({ problem: 'a newer calicoctl wrote it' });
    expect(problem('{}')).to.deep.equal({ problem: 'it was not written by apply --plan-out' });
    expect(problem('no')).to.deep.equal({ problem: 'it is no JSON' });
  });

  const A = 'globalnetworkpolicies/a';
  const FORGED: readonly (readonly [string, (text: string) => string])[] = [
    ['what cannot be read', (text) => text.replace(/"value": "(?:[^"\\]|\\.)*"/, '"value": "garbage"')],
    ['another resource than it shows', (text) => text.replaceAll(`${A}"`, `${A}x"`)],
    ['under a name that the value has not', (text) => text.replace('"name": "a"', '"name": "x"')],
    ['a kind that it does not show', (text) => text.replaceAll('"kind": "policy"', '"kind": "profile"')],
    ['what it does not name', (text) => text.replace('"name": "a"', '"other": "a"')],
    ['what it calls unchanged', (text) => text.replace('"result": "replaced"', '"result": "unchanged"')],
    ['by deleting', (text) => text.replace('"action": "put"', '"action": "delete"')],
    ['at a revision that it does not rest on', (text) => text.replace(/"expect": "\d+"/, '"expect": "0"')],
    ['what Calico keeps itself', (text) => text.replaceAll(key('globalnetworkpolicies', 'a'), key('clusterinformations', 'default'))],
  ];
  for (const [name, forge] of FORGED) {
    it(`is refused with a new digest too where it writes ${name}`, async () => {
      const { digest: _digest, ...plan } = JSON.parse(planText(await planned(await there(), [policy('a', 2)]))) as PlanFile & { digest: string };
      const [text, forged] = [JSON.stringify(plan, undefined, 2), forge(JSON.stringify(plan, undefined, 2))];
      expect(forged).not.to.equal(text);
      expect(parsePlan(planText(JSON.parse(forged) as PlanFile))).to.deep.equal({ problem: 'it says what apply could not have decided' });
    });
  }
});
