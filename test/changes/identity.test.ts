import { expect } from 'chai';
import { describe, it } from 'mocha';
import { writeReport } from '../../src/output/views/changes/report.js';
import { keyOf } from '../../src/resources/keys.js';
import { classicOf, STORED_KINDS } from '../../src/resources/registry.js';
import { printed, problems, readFiles, remove, results, SOURCES, write } from '../support/changes.js';
import { writeTargets } from '../../src/changes/write.js';
import { MemoryStore } from '../support/memory-store.js';

const V3 = 'projectcalico.org/v3';
const SET = '/calico/resources/v3/projectcalico.org/globalnetworksets/';
const [setKind] = STORED_KINDS.filter(({ kind }) => kind === 'GlobalNetworkSet');
if (setKind === undefined) throw new Error('no GlobalNetworkSet');

const set = (name: string, nets: readonly string[], more: object = {}): object => ({ apiVersion: V3, kind: 'GlobalNetworkSet', metadata: { name }, spec: { nets, ...more } });

/** A cluster with one of nearly everything, as an operator sets it up. */
const CLUSTER: readonly object[] = [
  { apiVersion: V3, kind: 'Tier', metadata: { name: 'ops' }, spec: { order: 7 } },
  { apiVersion: V3, kind: 'GlobalNetworkPolicy', metadata: { name: 'ops.a', labels: { team: 'x' } }, spec: { tier: 'ops', order: 1, ingress: [{ action: 'Allow', http: { methods: ['GET'] } }] } },
  { apiVersion: V3, kind: 'NetworkPolicy', metadata: { name: 'web', namespace: 'shop' }, spec: { selector: 'all()' } },
  { apiVersion: V3, kind: 'NetworkSet', metadata: { name: 'web', namespace: 'shop' }, spec: { nets: ['10.0.0.0/8'] } },
  { apiVersion: V3, kind: 'BGPFilter', metadata: { name: 'tidy' }, spec: {} },
  { apiVersion: V3, kind: 'BGPPeer', metadata: { name: 'rack' }, spec: { peerIP: '10.0.0.9', asNumber: 64512, filters: ['tidy'] } },
  { apiVersion: V3, kind: 'FelixConfiguration', metadata: { name: 'default' }, spec: { logSeverityScreen: 'Info' } },
  { apiVersion: 'v1', kind: 'policy', metadata: { name: 'web' }, spec: { order: 3, selector: "role == 'web'" } },
  { apiVersion: 'v1', kind: 'profile', metadata: { name: 'web', tags: ['a'] }, spec: {} },
  { apiVersion: 'v1', kind: 'ipPool', metadata: { cidr: '10.7.0.0/16' }, spec: { 'nat-outgoing': true } },
  { apiVersion: 'v1', kind: 'node', metadata: { name: 'n1' }, spec: { bgp: { ipv4Address: '10.0.0.1/24' } } },
  { apiVersion: 'v1', kind: 'hostEndpoint', metadata: { name: 'eth0', node: 'n1' }, spec: { interfaceName: 'eth0' } },
];

async function cluster(): Promise<MemoryStore> {
  const store = new MemoryStore();
  expect((await write(store, 'create', { 'a.yaml': CLUSTER })).plan.refused).to.deep.equal([]);
  return store;
}

/** Every kind as `get` prints it, by file name; as v3 where v1 has none. */
async function listings(store: MemoryStore, dialect: 'v1' | 'v3', forExport = false): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const stored of STORED_KINDS) {
    const kind = dialect === 'v3' ? stored : (classicOf(stored) ?? stored);
    files[`${stored.kind}.yaml`] = await printed(store, kind, 'yaml', forExport);
  }
  return files;
}

function bare(store: MemoryStore): Record<string, unknown> {
  return Object.fromEntries(Object.entries(store.content()).filter(([key]) => !key.includes('clusterinformations')).map(([key, value]) => {
    const { metadata: { uid: _uid, creationTimestamp: _time, ...metadata }, ...rest } = JSON.parse(value) as { metadata: Record<string, unknown> };
    return [key, { ...rest, metadata }];
  }));
}

function specOf(value = '{}'): unknown {
  return (JSON.parse(value) as { spec?: unknown }).spec;
}

describe('what get prints', () => {
  for (const dialect of ['v1', 'v3'] as const) {
    it(`is taken by apply, replace, delete and validate, and changes nothing (${dialect})`, async () => {
      const store = await cluster();
      const before = store.content();
      const files = await listings(store, dialect);
      expect(await problems(readFiles('validate', files))).to.deep.equal([]);
      for (const verb of ['apply', 'replace'] as const) {
        const { plan } = await write(store, verb, files);
        expect(plan.refused.map(({ message }) => message)).to.deep.equal([]);
        expect(new Set(plan.steps.map(({ result }) => result))).to.deep.equal(new Set(['unchanged']));
      }
      expect(store.content()).to.deep.equal(before);
      const one = { 'a.yaml': files['GlobalNetworkPolicy.yaml'], 'b.yaml': files['BGPPeer.yaml'] };
      expect((await remove(store, one)).deleted.map(({ identity }) => identity)).to.have.length(3);
    });

    it(`is restored into a fresh store (${dialect})`, async () => {
      const [old, fresh] = [await cluster(), new MemoryStore()];
      const { plan } = await write(fresh, 'apply', await listings(old, dialect));
      expect(plan.refused.map(({ message }) => message)).to.deep.equal([]);
      if (dialect === 'v3') expect(bare(fresh)).to.deep.equal(bare(old));
    });
  }

  it('is created in a fresh store, if it was exported: lists too', async () => {
    const [old, fresh] = [await cluster(), new MemoryStore()];
    const files = await listings(old, 'v3', true);
    for (const text of Object.values(files)) expect(text).to.not.match(/uid:|resourceVersion:|creationTimestamp:/);
    expect((await write(fresh, 'create', files)).plan.refused.map(({ message }) => message)).to.deep.equal([]);
    expect(bare(fresh)).to.deep.equal(bare(old));
  });

  it('may hold fields of other writers: those that stand in the store are kept, others are errors', async () => {
    const store = new MemoryStore();
    const uid = '6a1b0f0e-1c2d-4e3f-8a9b-000000000000';
    store.set(`${SET}a`, JSON.stringify({ ...set('a', ['10.0.0.0/8'], { newer: { deep: [1] } }), metadata: { name: 'a', uid, creationTimestamp: '2024-01-01T00:00:00Z' } }));
    const text = await printed(store, setKind, 'yaml');
    expect(text).to.include('newer:');
    expect(results(await write(store, 'apply', { 'a.yaml': text.replace('10.0.0.0/8', '10.0.0.0/9') }))).to.deep.equal(['GlobalNetworkSet(a) replaced']);
    expect(specOf(store.content()[`${SET}a`])).to.deep.equal({ nets: ['10.0.0.0/9'], newer: { deep: [1] } });
    // Nobody has to say it again.
    await write(store, 'apply', { 'a.yaml': set('a', ['10.0.0.0/10']) });
    expect(specOf(store.content()[`${SET}a`])).to.deep.equal({ nets: ['10.0.0.0/10'], newer: { deep: [1] } });
    const before = store.content();
    expect(await problems(write(store, 'apply', { 'a.json': JSON.stringify({ ...set('a', [], { newest: 1 }), metadata: { name: 'a', uid } }) }))).to.deep.equal(['a.json:1 spec.newest: unknown field "newest"']);
    expect(await problems(write(store, 'apply', { 'a.json': JSON.stringify(set('a', [], { newer: { deep: [1] } })) }))).to.deep.equal(['a.json:1 spec.newer: unknown field "newer"']);
    expect(store.content()).to.deep.equal(before);
  });

  it('conflicts only where the object has become another', async () => {
    const store = new MemoryStore();
    await write(store, 'create', { 'a.yaml': [set('a', ['10.0.0.0/8']), set('b', ['10.0.0.0/8'])] });
    const text = await printed(store, setKind, 'yaml');
    await write(store, 'apply', { 'a.yaml': set('a', ['10.0.0.0/9']) });
    const [conflict, ...others] = results(await write(store, 'apply', { 'a.yaml': text }));
    expect(others[0] ?? conflict).to.match(/^GlobalNetworkSet\(a\): update conflict/);
    await write(store, 'apply', { 'a.yaml': set('a', ['10.0.0.0/8']) });
    expect(results(await write(store, 'apply', { 'a.yaml': text })), 'another revision, the same object').to.deep.equal(['GlobalNetworkSet(a) unchanged', 'GlobalNetworkSet(b) unchanged']);
  });
});

describe('what is deleted', () => {
  it('is named by kind, name and namespace alone', async () => {
    const store = await cluster();
    const shapeless = [
      { apiVersion: V3, kind: 'GlobalNetworkPolicy', metadata: { name: 'ops.a', labels: 7 }, spec: 'nothing', newer: true },
      { apiVersion: V3, kind: 'NetworkPolicy', metadata: { name: 'web', namespace: 'shop' } },
      { apiVersion: 'v1', kind: 'policy', metadata: { name: 'web' }, spec: { ingress: [{ action: 'perhaps' }], newer: 1 } },
    ];
    expect((await remove(store, { 'a.json': JSON.stringify(shapeless) })).deleted.map(({ identity }) => identity)).to.deep.equal(['GlobalNetworkPolicy(ops.a)', 'NetworkPolicy(shop/web)', 'Policy(name=web)']);
    expect(await problems(readFiles('delete', { 'a.json': JSON.stringify({ apiVersion: V3, kind: 'Tier', metadata: {} }) }))).to.deep.equal(['a.json:1 metadata.name: a name is required']);
  });

  it('is of the revision that is given, or stays', async () => {
    const store = await cluster();
    const key = keyOf(STORED_KINDS.find(({ kind }) => kind === 'BGPPeer') ?? setKind, 'rack');
    const peer = (resourceVersion: string): object => ({ apiVersion: V3, kind: 'BGPPeer', metadata: { name: 'rack', resourceVersion } });
    expect((await remove(store, { 'a.yaml': peer('1') })).refused.map(({ reason }) => reason)).to.deep.equal(['changed']);
    const revision = (await store.get(key))?.modRevision ?? '';
    expect((await remove(store, { 'a.yaml': peer(revision) })).deleted).to.have.length(1);
  });
});

describe('what was done', () => {
  it('is told apart: created, changed, unchanged, skipped', async () => {
    const store = new MemoryStore();
    await write(store, 'create', { 'a.yaml': [set('a', ['10.0.0.0/8']), set('b', ['10.0.0.0/8'])] });
    const report = async (verb: 'apply' | 'create', files: object[], options: { dryRun?: boolean; skipExists?: boolean; output?: string; terminal?: boolean }): Promise<string> => {
      const { targets } = await readFiles(verb, { 'a.yaml': files });
      const result = await writeTargets(store, verb, targets, { sources: SOURCES, ...options });
      return writeReport(verb, targets, result, { dryRun: options.dryRun === true, output: options.output, terminal: options.terminal === true }).stdout;
    };
    const batch = [set('a', ['10.0.0.0/8']), set('b', ['10.0.0.0/9']), set('c', [])];
    expect(await report('apply', batch, { dryRun: true, terminal: true })).to.equal('would replace GlobalNetworkSet(b)\nwould create GlobalNetworkSet(c)\n1 would be created, 1 changed, 1 unchanged\n');
    const words = (text: string): unknown[] => (JSON.parse(text) as { result: string }[]).map(({ result }) => result);
    expect(words(await report('apply', batch, { dryRun: true, output: 'json' }))).to.deep.equal(['unchanged', 'replaced', 'created']);
    expect(await report('apply', batch, { terminal: true })).to.equal("GlobalNetworkSet(b) changed\nGlobalNetworkSet(c) created\nSuccessfully applied 3 'GlobalNetworkSet' resource(s)\n1 created, 1 changed, 1 unchanged\n");
    expect(words(await report('create', [...batch, set('d', [])], { skipExists: true, dryRun: true, output: 'json' }))).to.deep.equal(['skipped', 'skipped', 'skipped', 'created']);
    expect(await report('create', [...batch, set('d', [])], { skipExists: true, terminal: true })).to.equal("GlobalNetworkSet(d) created\nSuccessfully created 4 'GlobalNetworkSet' resource(s)\n1 created, 3 skipped\n");
  });
});
