import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { startEtcd, type Etcd } from '../../scripts/support/etcd.js';
import { Amendments, namedChoice, type Amendment } from '../../src/changes/amend.js';
import { allOf } from '../../src/changes/choose.js';
import { textOf } from '../../src/changes/edit/edited-text.js';
import { Edits } from '../../src/changes/edit/edits.js';
import { changedOnly, readEdited, type Original } from '../../src/changes/edit/read-edited.js';
import { Labelling } from '../../src/changes/label.js';
import { writeTargets, type WriteResult } from '../../src/changes/write.js';
import { patchAmendment } from '../../src/cli/patch-text.js';
import type { Store } from '../../src/datastore/store.js';
import { storedTarget, type Target } from '../../src/objects/target.js';
import type { PatchType } from '../../src/objects/patch/patch.js';
import { keyOf } from '../../src/resources/keys.js';
import { globalNetworkPolicy } from '../../src/resources/v3/global-network-policy.js';
import { SOURCES, write } from '../support/changes.js';
import { settingsFor, withStore } from '../support/datastore.js';
import { MemoryStore } from '../support/memory-store.js';
import { originalPolicies } from '../support/originals.js';

const RIVALS = 16;
const NAME = 'shared';
const KEY = keyOf(globalNetworkPolicy, NAME);

function named(name = NAME): Target {
  return storedTarget(globalNetworkPolicy, { kind: 'GlobalNetworkPolicy', apiVersion: 'projectcalico.org/v3', metadata: { name }, spec: {} });
}

function patch(type: PatchType, value: unknown): Amendment {
  return patchAmendment(type, { name: 'patch', bytes: Buffer.from(JSON.stringify(value)) }, false);
}

function label(key: string, value: string): Labelling {
  return new Labelling({ set: new Map([[key, value]]), remove: [], overwrite: false }, () => 'gnp shared');
}

/** What somebody makes of a document in an editor. */
function edit(original: Original, place: string | RegExp, change: (text: string) => string): Edits {
  const text = textOf([{ remark: '', document: original.base }]).replace(place, change);
  return new Edits(changedOnly(readEdited('edit.yaml', text, [original])));
}

function amend(store: Store, amendment: Amendment, target = named()): Promise<WriteResult> {
  return writeTargets(store, 'replace', new Amendments(namedChoice([target]), amendment, SOURCES.uuid), { sources: SOURCES });
}

async function created(store: Store): Promise<void> {
  await write(store, 'create', { 'a.json': { apiVersion: 'projectcalico.org/v3', kind: 'GlobalNetworkPolicy', metadata: { name: NAME, labels: { old: 'yes' } }, spec: { order: 1, ingress: [] } } });
}

async function stored(store: Store): Promise<{ readonly metadata: { readonly labels: Record<string, string>; readonly annotations: Record<string, string> }; readonly spec: { readonly order: number; readonly ingress?: readonly unknown[] } }> {
  return JSON.parse((await store.get(KEY))!.value) as Awaited<ReturnType<typeof stored>>;
}

describe('changes to what is stored', () => {
  let etcd: Etcd;
  before(async () => (etcd = await startEtcd()));
  after(() => etcd.stop());

  it('of 16 patchers, 16 labellers and 16 editors at one object are all there in the end, each written once', async function () {
    this.timeout(60_000);
    await withStore(settingsFor(etcd.endpoint), created);
    const revision = (): Promise<bigint> => withStore(settingsFor(etcd.endpoint), async (store) => BigInt((await store.snapshot([{ key: KEY }])).revision));
    const from = await revision();
    const works = Array.from({ length: RIVALS }, (_, index) => [
      patch('strategic', { metadata: { annotations: { [`patch-${index}`]: 'yes' } } }),
      label(`label-${index}`, 'yes'),
    ]).flat();
    // A JSON patch whose test holds for one of those that come.
    const counters = Array.from({ length: RIVALS }, () => patch('json', [{ op: 'add', path: '/spec/ingress/-', value: { action: 'Allow' } }]));
    counters[0] = patch('json', [{ op: 'test', path: '/spec/order', value: 1 }, { op: 'add', path: '/spec/ingress', value: [{ action: 'Deny' }] }]);
    await withStore(settingsFor(etcd.endpoint), (store) => amend(store, counters[0]!));
    // Each of them began with the same document.
    const [original] = await withStore(settingsFor(etcd.endpoint), (store) => originalPolicies(store, [NAME]));
    const editors = Array.from({ length: RIVALS }, (_, index) => edit(original!, /^ {4}old: .*$/m, (line) => `${line}\n    edit-${index}: "yes"`));
    const all = [...works, ...counters.slice(1), ...editors];
    const results = await Promise.all(all.map((work) => withStore(settingsFor(etcd.endpoint), (store) => amend(store, work, work instanceof Edits ? original!.target : named()), { timeoutMs: 50_000 })));
    for (const { outcome, plan } of results) expect([outcome?.written.length, plan.refused]).to.deep.equal([1, []]);
    const { metadata: { labels, annotations }, spec } = await withStore(settingsFor(etcd.endpoint), stored);
    for (let index = 0; index < RIVALS; index++) expect([labels[`label-${index}`], annotations[`patch-${index}`], labels[`edit-${index}`]]).to.deep.equal(['yes', 'yes', 'yes']);
    expect(labels['old']).to.equal('yes');
    expect(spec.ingress).to.have.length(RIVALS);
    expect(await revision()).to.equal(from + BigInt(all.length + 1));
  });

  it('are made again to what somebody else wrote meanwhile, as long as they fit it', async () => {
    const store = new Rivalled([{ spec: { order: 5 } }, { spec: { order: 6 } }]);
    await created(store);
    store.armed = true;
    const { outcome } = await amend(store, patch('strategic', { metadata: { annotations: { k: 'v' } } }));
    expect(outcome?.written).to.have.length(1);
    const { metadata, spec } = await stored(store);
    expect([metadata.annotations['k'], spec.order]).to.deep.equal(['v', 6]);
  });

  it('of an editor are merged with what somebody else wrote meanwhile, and given up where both changed the same', async () => {
    for (const [theirs, wanted] of [[{ metadata: { labels: { came: 'theirs' } }, spec: {} }, 'written'], [{ spec: { order: 5 } }, 'changed: GlobalNetworkPolicy(shared) was changed meanwhile by another client: spec.order']] as const) {
      const store = new Rivalled([theirs]);
      await created(store);
      const [original] = await originalPolicies(store, [NAME]);
      const edits = edit(original!, 'order: 1', () => 'order: 2');
      store.armed = true;
      const { plan, outcome } = await amend(store, edits, original!.target);
      expect([...plan.refused.map(({ reason, message }) => `${reason}: ${message}`), ...(outcome === undefined ? [] : ['written'])]).to.deep.equal([wanted]);
      expect([...edits.meanwhile.values()].map(({ conflicts }) => conflicts)).to.deep.equal([wanted === 'written' ? [] : [{ path: ['spec', 'order'], base: 1, ours: 2, theirs: 5 }]]);
    }
  });

  it('are given up where they fit no more: a test that fails, a label that came, a revision that is named', async () => {
    const refusals: string[] = [];
    const attempts: readonly ((revision: string) => Amendment)[] = [
      () => patch('json', [{ op: 'test', path: '/spec/order', value: 1 }, { op: 'replace', path: '/spec/order', value: 2 }]),
      () => label('came', 'ours'),
      (resourceVersion) => patch('merge', { metadata: { resourceVersion }, spec: { order: 2 } }),
    ];
    for (const attempt of attempts) {
      const store = new Rivalled([{ metadata: { labels: { came: 'theirs' } }, spec: { order: 5 } }]);
      await created(store);
      const amendment = attempt((await store.get(KEY))!.modRevision);
      store.armed = true;
      const { plan, outcome } = await amend(store, amendment);
      expect(outcome).to.equal(undefined);
      expect((await stored(store)).spec.order).to.equal(5);
      refusals.push(...plan.refused.map(({ reason, message }) => `${reason}: ${message.replaceAll(/revision \d+, not \d+/g, 'revision B, not A')}`));
    }
    expect(refusals).to.deep.equal([
      'precondition: operation 1 of the patch, test /spec/order: found the number 5, not the number 1',
      "exists: failed to update label of gnp shared, key came is already present. please use '--overwrite' to set a new value",
      'changed: update conflict: GlobalNetworkPolicy(shared) has changed: revision B, not A',
    ]);
  });

  it('of all resources of a kind are one transaction', async () => {
    const store = new MemoryStore();
    await write(store, 'create', { 'a.json': ['a', 'b', 'c'].map((name) => ({ apiVersion: 'projectcalico.org/v3', kind: 'GlobalNetworkPolicy', metadata: { name }, spec: {} })) });
    const { outcome } = await writeTargets(store, 'replace', new Amendments(allOf({ kind: globalNetworkPolicy }), label('x', 'y'), SOURCES.uuid), { sources: SOURCES });
    expect(outcome?.written.map(({ target }) => target.identity)).to.deep.equal(['a', 'b', 'c'].map((name) => `GlobalNetworkPolicy(${name})`));
    expect(new Set(await Promise.all(['a', 'b', 'c'].map(async (name) => (await store.get(keyOf(globalNetworkPolicy, name)))!.modRevision))).size).to.equal(1);
  });
});

/** A store in which somebody else writes just before each of our first transactions. */
class Rivalled extends MemoryStore {
  armed = false;

  constructor(private readonly theirs: { readonly metadata?: object; readonly spec: object }[]) {
    super();
  }

  override async commit(...args: Parameters<MemoryStore['commit']>): ReturnType<MemoryStore['commit']> {
    const next = this.armed ? this.theirs.shift() : undefined;
    if (next !== undefined) {
      const entry = (await this.get(KEY))!;
      const object = JSON.parse(entry.value) as { metadata: object; spec: object };
      await super.commit([{ action: 'put', key: KEY, expect: entry.modRevision, value: JSON.stringify({ ...object, metadata: { ...object.metadata, ...next.metadata }, spec: { ...object.spec, ...next.spec } }) }]);
    }
    return super.commit(...args);
  }
}
