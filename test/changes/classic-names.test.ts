import { expect } from 'chai';
import { describe, it } from 'mocha';
import { convertedText } from '../../src/changes/convert.js';
import { get } from '../../src/output/views/get/print.js';
import { classicKind } from '../support/classic.js';
import { printed, readFiles, remove, results, write, type Files } from '../support/changes.js';
import { MemoryStore } from '../support/memory-store.js';

const V3 = 'projectcalico.org/v3';
const WORDS = 'calicoctl.projectcalico.org/v1-document';
const PREFIX = '/calico/resources/v3/projectcalico.org/';

const policy = { apiVersion: 'v1', kind: 'policy', metadata: { name: 'web.front' }, spec: { order: 1, selector: 'all()' } };
const profile = { apiVersion: 'v1', kind: 'profile', metadata: { name: 'Web', tags: ['a'] }, spec: {} };
const host = { apiVersion: 'v1', kind: 'hostEndpoint', metadata: { name: 'Eth0', node: 'n1' }, spec: { interfaceName: 'eth0' } };
const workload = { apiVersion: 'v1', kind: 'workloadEndpoint', metadata: { name: 'E1', workload: 'frontend', orchestrator: 'k8s', node: 'n1' }, spec: { interfaceName: 'cali1', ipNetworks: ['10.0.0.1/32'] } };
const CLASSIC = [policy, profile, host, workload];
const IDENTITIES = ['Policy(name=web.front)', 'Profile(name=Web)', 'HostEndpoint(node=n1, name=Eth0)', 'WorkloadEndpoint(node=n1, orchestrator=k8s, workload=frontend, name=E1)'];
/** What is enough to ask for each of them. */
const ASKED = [{ name: 'web.front' }, { name: 'Web' }, { name: 'Eth0' }, { name: 'E1', workload: 'frontend' }];

const all = (result: string): string[] => IDENTITIES.map((identity) => `${identity} ${result}`);

async function stored(documents: unknown = CLASSIC): Promise<MemoryStore> {
  const store = new MemoryStore();
  expect((await write(store, 'create', { 'a.yaml': documents })).plan.refused).to.deep.equal([]);
  return store;
}

async function converted(files: Files): Promise<string> {
  const { targets } = await readFiles('convert', files);
  let text = '';
  for await (const piece of convertedText(targets, { to: 'v3', format: 'yaml', ignoreValidation: true })) text += piece;
  return text;
}

function listed(store: MemoryStore): Promise<string[]> {
  return Promise.all(CLASSIC.map(({ kind }) => printed(store, classicKind(kind), 'yaml')));
}

/** Takes the classic words off every object, as tools do that write what a manifest says. */
function withoutWords(store: MemoryStore): void {
  for (const [key, value] of Object.entries(store.content())) {
    const object = JSON.parse(value) as { metadata: { annotations?: Record<string, string> } };
    if (object.metadata.annotations?.[WORDS] === undefined) continue;
    Reflect.deleteProperty(object.metadata.annotations, WORDS);
    store.set(key, JSON.stringify(object));
  }
}

async function found(store: MemoryStore, kind: string, wanted: Record<string, string>): Promise<number> {
  const { found: count } = await get(store, [{ by: 'identity', kind: classicKind(kind), wanted: [wanted] }], { format: { name: 'yaml' }, context: { globalAsNumber: '64512' }, write: () => undefined });
  return count;
}

describe('classic names of stored resources', () => {
  for (const verb of ['apply', 'replace'] as const) {
    it(`stay when what was converted is fed back (${verb})`, async () => {
      const store = await stored();
      const [before, content] = [await listed(store), store.content()];
      const { plan } = await write(store, verb, { 'a.yaml': await converted({ 'a.yaml': CLASSIC }) });
      expect([plan.refused, new Set(plan.steps.map(({ result }) => result))]).to.deep.equal([[], new Set(['unchanged'])]);
      expect(store.content()).to.deep.equal(content);
      expect(await listed(store)).to.deep.equal(before);
    });

    it(`stay when a v3 document says something else (${verb})`, async () => {
      const store = await stored();
      await write(store, verb, { 'a.yaml': { apiVersion: V3, kind: 'GlobalNetworkPolicy', metadata: { name: 'web-front-5f25ffdb', annotations: { note: 'x' } }, spec: { order: 2, selector: "a == 'b'" } } });
      const [text] = await listed(store);
      expect(text).to.equal("- apiVersion: v1\n  kind: policy\n  metadata:\n    annotations:\n      note: x\n    name: web.front\n  spec:\n    order: 2\n    selector: a == 'b'\n    types:\n    - ingress\n");
      expect(results(await write(store, 'apply', { 'a.yaml': policy }))).to.deep.equal(['Policy(name=web.front) replaced']);
    });
  }

  it('are given up where the document says so, and those that name another object', async () => {
    const store = await stored(policy);
    const document = (annotations?: object): object => ({ apiVersion: V3, kind: 'GlobalNetworkPolicy', metadata: { name: 'web-front-5f25ffdb', annotations }, spec: { order: 1, selector: 'all()' } });
    await write(store, 'apply', { 'a.yaml': document({ [WORDS]: '' }) });
    expect((await listed(store))[0]).to.include('name: web-front-5f25ffdb');
    await write(store, 'apply', { 'a.yaml': document({ [WORDS]: '{"metadata":{"name":"other"},"spec":{}}' }) });
    await write(store, 'apply', { 'a.yaml': document() });
    expect(store.content()[`${PREFIX}globalnetworkpolicies/web-front-5f25ffdb`]).to.not.include(WORDS);
  });

  it('find what another tool wrote without them, for get', async () => {
    const store = await stored();
    withoutWords(store);
    expect(await Promise.all(CLASSIC.map(({ kind }, index) => found(store, kind, ASKED[index] ?? {})))).to.deep.equal([1, 1, 1, 1]);
    expect(await found(store, 'policy', { name: 'web-front-5f25ffdb' })).to.equal(1);
    expect(await found(store, 'policy', { name: 'Web.front' })).to.equal(0);
    expect(await found(store, 'hostEndpoint', { name: 'Eth0', node: 'n2' })).to.equal(0);
  });

  for (const verb of ['apply', 'replace'] as const) {
    it(`find it for ${verb}, which puts them back`, async () => {
      const store = await stored();
      const before = await listed(store);
      withoutWords(store);
      expect(await listed(store)).to.not.deep.equal(before);
      expect(results(await write(store, verb, { 'a.yaml': CLASSIC }))).to.deep.equal(all('replaced'));
      expect(await listed(store)).to.deep.equal(before);
    });
  }

  it('find it for create and delete', async () => {
    const store = await stored();
    withoutWords(store);
    expect(results(await write(store, 'create', { 'a.yaml': CLASSIC }))).to.deep.equal(IDENTITIES.map((identity) => `${identity}: resource already exists: ${identity}`));
    const { deleted, missing } = await remove(store, { 'a.yaml': CLASSIC });
    expect([deleted.map(({ identity }) => identity), missing]).to.deep.equal([IDENTITIES, []]);
  });

  it('that lead to the stored name of another resource hit nothing, and the message names that one', async () => {
    const endpoint = (node: string, name: string): object => ({ ...host, metadata: { name, node } });
    const store = await stored([endpoint('a', 'b.c'), { ...profile, metadata: { name: 'kns.x' } }, { apiVersion: V3, kind: 'WorkloadEndpoint', metadata: { name: 'n1-k8s-frontend-e1', namespace: 'shop' }, spec: { node: 'n1', orchestrator: 'k8s', pod: 'frontend', endpoint: 'e1', interfaceName: 'cali1', ipNetworks: ['10.0.0.9/32'] } }]);
    const before = store.content();
    const rivals = [endpoint('a.b', 'c'), { ...profile, metadata: { name: 'k8s_ns.x' } }];
    const way = 'change or delete that one by its own name, or choose another name';
    expect(results(await write(store, 'apply', { 'a.yaml': rivals }))).to.deep.equal([
      `HostEndpoint(node=a.b, name=c): HostEndpoint(node=a.b, name=c) would be stored as a.b.c, which is taken by HostEndpoint(node=a, name=b.c): ${way}`,
      `Profile(name=k8s_ns.x): Profile(name=k8s_ns.x) would be stored as kns.x, which is taken by Profile(name=kns.x): ${way}`,
    ]);
    const { missing } = await remove(store, { 'a.yaml': [...rivals, { ...workload, metadata: { ...workload.metadata, name: 'e1' } }] });
    expect(missing).to.have.length(3);
    expect(store.content()).to.deep.equal(before);
  });
});
