import { isMap, type Data } from '../../src/base/data.js';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { FieldType } from '../../src/resources/fields/field.js';
import { keyOf } from '../../src/resources/keys.js';
import type { ClassicKind, StoredObject } from '../../src/resources/kind.js';
import { CLASSIC_KINDS, STORED_KINDS } from '../../src/resources/registry.js';
import { encodeStored } from '../../src/resources/stored-value.js';
import { classicView } from '../../src/resources/v1/view.js';
import { printed, problems, readFiles, results, write } from '../support/changes.js';
import { MemoryStore } from '../support/memory-store.js';

const RULE = { action: 'Allow', protocol: 'ICMP', source: {}, destination: {} };

/** An object of each kind that the classic language has. */
const OBJECTS: Readonly<Record<string, { readonly name: string; readonly namespace?: string; readonly spec: Data }>> = {
  bgpPeer: { name: '10-0-0-9', spec: { peerIP: '10.0.0.9', asNumber: 64512 } },
  hostEndpoint: { name: 'eth0', spec: { node: 'n1', interfaceName: 'eth0' } },
  ipPool: { name: '10-0-0-0-16', spec: { cidr: '10.0.0.0/16' } },
  node: { name: 'n1', spec: {} },
  policy: { name: 'a', spec: { selector: 'all()', ingress: [RULE], egress: [RULE] } },
  profile: { name: 'a', spec: { ingress: [RULE], egress: [RULE] } },
  workloadEndpoint: { name: 'n1-orc-w-e', namespace: 'default', spec: { node: 'n1', orchestrator: 'orc', workload: 'w', endpoint: 'e', interfaceName: 'cali1', ipNetworks: ['10.0.0.1/32'], ports: [{ name: 'web', protocol: 'TCP', port: 80 }] } },
};

type Steps = readonly (string | 0)[];

interface Place {
  readonly path: Steps;
  readonly value: unknown;
}

/** Places below a type where Go tells an empty value from none: behind pointers. An index stands for the first of a list. */
function placesBehindPointers(type: FieldType, path: Steps): Place[] {
  return (type.fields ?? []).flatMap(({ name, type: inner, write }) => {
    const here = [...path, name];
    const deeper = inner.element?.fields === undefined ? placesBehindPointers(inner, here) : placesBehindPointers(inner.element, [...here, 0]);
    if (inner.fields !== undefined && write !== 'always') return [{ path: here, value: {} }, ...deeper];
    return write === 'given' ? [{ path: here, value: inner.standIn }, ...deeper] : deeper;
  });
}

/** A copy of a value with something else at a path. */
function withValue(value: unknown, [step, ...rest]: Steps, wanted: unknown): unknown {
  if (step === undefined) return wanted;
  if (step === 0) {
    const [first, ...others] = Array.isArray(value) ? (value as unknown[]) : [{}];
    return [withValue(first, rest, wanted), ...others];
  }
  const map = (value ?? {}) as Data;
  return { ...map, [step]: withValue(map[step], rest, wanted) };
}

function at(value: unknown, path: Steps): unknown {
  return path.reduce<unknown>((each, step) => (each as Data | undefined)?.[step], value);
}

function objectWith(kind: ClassicKind, { path, value }: Place): StoredObject {
  const base = OBJECTS[kind.kind];
  if (base === undefined) throw new Error(`no object of ${kind.kind}`);
  const { name, namespace, spec } = base;
  const metadata = { name, ...(namespace === undefined ? {} : { namespace }), uid: '6a1b0f0e-1c2d-4e3f-8a9b-000000000000', creationTimestamp: '2024-01-01T00:00:00Z' };
  const object = { kind: kind.stored.kind, apiVersion: 'projectcalico.org/v3', metadata, spec: { ...spec } } as StoredObject;
  kind.stored.applyDefaults?.(object);
  return { ...object, spec: withValue(object.spec, path, value) as Data };
}

function keyFor({ stored }: ClassicKind, { metadata }: StoredObject): string {
  return keyOf(stored, metadata.name, metadata.namespace);
}

describe('empty values that mean something', () => {
  for (const kind of CLASSIC_KINDS) {
    it(`stay through get and apply, replace or create of a ${kind.kind}, whatever the view`, async () => {
      const places = placesBehindPointers(kind.stored.spec, []);
      for (const place of [...places, { path: ['newer'], value: {} }, { path: ['newer'], value: '' }, { path: ['newer'], value: [] }, { path: ['newer'], value: false }]) {
        const object = objectWith(kind, place);
        const key = keyFor(kind, object);
        const what = `${place.path.join('.')}: ${JSON.stringify(place.value)}`;
        const content = encodeStored(kind.stored, object);
        for (const verb of ['apply', 'replace'] as const) {
          const store = new MemoryStore({ [key]: content });
          const listing = await printed(store, kind, 'yaml');
          expect(await problems(readFiles(verb, { 'a.yaml': listing })), what).to.deep.equal([]);
          const said = await write(store, verb, { 'a.yaml': listing });
          expect(results(said).map((line) => line.split(' ').at(-1)), what).to.deep.equal(['unchanged']);
          expect(store.content()[key], what).to.equal(content);
        }
      }
    });
  }

  it('are more than a classic document says, also beside the spec', () => {
    for (const kind of CLASSIC_KINDS) {
      const object = objectWith(kind, { path: ['node'], value: OBJECTS[kind.kind]?.spec['node'] });
      expect(classicView(kind, { ...object, newer: {} }).exact, kind.kind).to.equal(false);
      expect(classicView(kind, { ...object, metadata: Object.assign({}, object.metadata, { newer: '' }) }).exact, kind.kind).to.equal(false);
    }
  });

  it('are shown: http of a rule by no classic document', () => {
    const policy = CLASSIC_KINDS.find(({ kind }) => kind === 'policy') as ClassicKind;
    const plain = objectWith(policy, { path: ['order'], value: 0 });
    expect(classicView(policy, plain)).to.deep.include({ exact: true });
    expect(classicView(policy, plain).document.spec['order']).to.equal(0);
    for (const path of [['ingress', 0, 'http'], ['egress', 0, 'metadata'], ['ingress', 0, 'source', 'services'], ['ingress', 0, 'destination', 'serviceAccounts'], ['ingress', 0, 'icmp'], ['ingress', 0, 'notICMP']] as const) {
      expect(classicView(policy, objectWith(policy, { path, value: {} })).exact, path.join('.')).to.equal(false);
    }
  });

  it('are written into another store as they were', async () => {
    for (const kind of CLASSIC_KINDS) {
      for (const place of placesBehindPointers(kind.stored.spec, []).filter(({ value }) => JSON.stringify(value) === '{}')) {
        const object = objectWith(kind, place);
        const old = new MemoryStore({ [keyFor(kind, object)]: encodeStored(kind.stored, object) });
        const fresh = new MemoryStore();
        try {
          await write(fresh, 'create', { 'a.yaml': await printed(old, kind, 'yaml', true) });
        } catch {
          continue; // What Calico would refuse today is only kept, not made anew.
        }
        const stored = JSON.parse(fresh.content()[keyFor(kind, object)] ?? '{}') as StoredObject;
        expect(at(stored.spec, place.path), `${kind.kind} ${place.path.join('.')}`).to.be.an('object');
      }
    }
  });

  it('stay in kinds that the classic language does not have', async () => {
    const names: Readonly<Record<string, Data>> = { FelixConfiguration: {}, BGPConfiguration: {}, Tier: {}, KubeControllersConfiguration: { controllers: {} } };
    for (const kind of STORED_KINDS.filter((each) => each.kind in names)) {
      // What this one says is carried over to its successors on every write, as in Calico.
      for (const place of placesBehindPointers(kind.spec, []).filter(({ path: [first] }) => first !== 'bpfConnectTimeLoadBalancingEnabled')) {
        const object = { kind: kind.kind, apiVersion: 'projectcalico.org/v3', metadata: { name: 'default', uid: '6a1b0f0e-1c2d-4e3f-8a9b-000000000000' }, spec: { ...names[kind.kind] } } as StoredObject;
        kind.applyDefaults?.(object);
        const key = keyOf(kind, 'default');
        const content = encodeStored(kind, { ...object, spec: withValue(object.spec, place.path, place.value) as Data });
        const store = new MemoryStore({ [key]: content });
        await write(store, 'apply', { 'a.yaml': await printed(store, kind, 'yaml') });
        // Defaults may be filled in beside it.
        const left = at((JSON.parse(store.content()[key] ?? '{}') as StoredObject).spec, place.path);
        expect(isMap(left) ? {} : left, `${kind.kind} ${place.path.join('.')}`).to.deep.equal(place.value);
      }
    }
  });
});
