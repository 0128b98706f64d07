import { expect } from 'chai';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { differencesOf, type ShownChange } from '../../src/changes/diff.js';
import { pathText } from '../../src/resources/problem.js';
import { readFiles, SOURCES, write } from '../support/changes.js';
import { MemoryStore } from '../support/memory-store.js';

const V3 = 'projectcalico.org/v3';
const POLICIES = '/calico/resources/v3/projectcalico.org/globalnetworkpolicies/';

type Document = Readonly<Record<string, unknown>>;

async function diff(store: MemoryStore, documents: readonly Document[]): Promise<{ isSame: boolean; changes: readonly ShownChange[] }> {
  const { targets } = await readFiles('apply', { 'a.json': documents });
  const found = await differencesOf(store, targets, { sources: SOURCES });
  expect(found.refused).to.deep.equal([]);
  return { isSame: found.isSame, changes: [...found.changes()] };
}

/** What the diff says, after it was found to say just what apply then does, and nothing of it any more. */
async function agreed(store: MemoryStore, documents: readonly Document[]): Promise<readonly string[]> {
  const found = await diff(store, documents);
  const before = store.content();
  await write(store, 'apply', { 'a.json': documents });
  const after = store.content();
  expect(found.isSame, JSON.stringify(documents)).to.equal(JSON.stringify(before) === JSON.stringify(after));
  for (const { changed, target } of found.changes) expect(changed.differences, target.identity).to.not.be.empty;
  expect((await diff(store, documents)).isSame).to.equal(true);
  return found.changes.flatMap(({ target, result, changed }) => changed.differences.map(({ path }) => `${result} ${target.identity} ${pathText(path)}`.trimEnd()));
}

const stored = async (...documents: readonly Document[]): Promise<MemoryStore> => {
  const store = new MemoryStore();
  await write(store, 'create', { 'a.json': documents });
  return store;
};

const classic = (spec: object, metadata: object = {}): Document => ({ apiVersion: 'v1', kind: 'policy', metadata: { name: 'web', ...metadata }, spec });
const v3 = (spec: object, metadata: object = {}): Document => ({ apiVersion: V3, kind: 'GlobalNetworkPolicy', metadata: { name: 'web', ...metadata }, spec });

describe('a diff says what apply then does', () => {
  const CASES: readonly (readonly [string, Document, Document, readonly string[]])[] = [
    ['defaults are no difference', v3({ selector: 'all()' }), v3({ tier: 'default', selector: 'all()', types: ['Ingress'] }), []],
    ['a field in the words of the classic manifest', classic({ order: 1, selector: 'has(a)' }), classic({ order: 2, selector: 'has(a)' }), ['replaced Policy(name=web) spec.order']],
    ['a label in v3', v3({ order: 1 }), v3({ order: 1 }, { labels: { a: 'b' } }), ['replaced GlobalNetworkPolicy(web) metadata.labels.a']],
    ['what the classic language cannot say is told in v3', v3({ order: 1 }, { annotations: { note: 'by hand' } }), classic({ order: 1 }), ['replaced Policy(name=web) metadata.annotations']],
    ['empty and left out lists', v3({ ingress: [] }), v3({}), []],
  ];
  for (const [name, before, after, wanted] of CASES) {
    it(name, async () => {
      const said = await agreed(await stored(before), [after]);
      expect(said).to.deep.equal(wanted);
    });
  }

  it('a default that an older version left out', async () => {
    const store = await stored(v3({ order: 1 }));
    const key = `${POLICIES}web`;
    store.set(key, (store.content()[key] as string).replace('"tier":"default",', ''));
    expect(await agreed(store, [v3({ order: 1 })])).to.deep.equal(['replaced GlobalNetworkPolicy(web) spec.tier']);
  });

  it('where all says the same, what is stored: under the name of an older version', async () => {
    const store = await stored(v3({ order: 1 }));
    store.set(`${POLICIES}default.web`, store.content()[`${POLICIES}web`]);
    store.set(`${POLICIES}web`, undefined);
    expect(await agreed(store, [v3({ order: 1 })])).to.deep.equal(['replaced GlobalNetworkPolicy(web) key']);
  });

  it('another order of keys, and other empty values, are no difference', async () => {
    const store = await stored(v3({ order: 1, selector: 'all()' }));
    const key = `${POLICIES}web`;
    const { spec, ...object } = JSON.parse(store.content()[key] as string) as { spec: object };
    store.set(key, JSON.stringify({ spec: { egress: null, ...Object.fromEntries(Object.entries(spec).reverse()) }, ...object }));
    expect(await agreed(store, [v3({ order: 1, selector: 'all()' })])).to.deep.equal([]);
  });

  it('what cannot be read is written anew as a whole', async () => {
    const store = await stored(v3({ order: 1 }));
    store.set(`${POLICIES}web`, 'no JSON');
    expect(await agreed(store, [v3({ order: 1 })])).to.deep.equal(['replaced GlobalNetworkPolicy(web)']);
  });

  it('of whatever was stored, by whichever dialect', async () => {
    const rule = fc.record({ action: fc.constantFrom('allow', 'deny'), protocol: fc.constantFrom('tcp', 'udp'), source: fc.record({ selector: fc.constantFrom('a == "b"', 'has(c)') }, { requiredKeys: [] }) }, { requiredKeys: ['action'] });
    const spec = fc.record({ order: fc.constantFrom(0, 1, 2.5), selector: fc.constantFrom('', 'all()', 'role == "web"'), ingress: fc.array(rule, { maxLength: 3 }), types: fc.constantFrom(['ingress'], ['ingress', 'egress']) }, { requiredKeys: [] });
    const capital = (value: string): string => value[0]!.toUpperCase() + value.slice(1);
    const asStored = ({ ingress, types, ...rest }: { readonly ingress?: readonly { readonly action: string; readonly protocol?: string | undefined }[] | undefined; readonly types?: readonly string[] | undefined }): Document => v3({ ...rest, ...(ingress && { ingress: ingress.map(({ action, protocol, ...each }) => ({ ...each, action: capital(action), ...(protocol && { protocol: protocol.toUpperCase() }) })) }), ...(types && { types: types.map(capital) }) }, {});
    const document = fc.tuple(spec, fc.boolean()).map(([each, isClassic]) => (isClassic ? classic(each) : asStored(each)));
    await fc.assert(fc.asyncProperty(document, document, async (before, after) => {
      await agreed(await stored(before), [after]);
    }), { numRuns: 25 });
  });
});
