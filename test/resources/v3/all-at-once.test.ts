import { isMap, type Data } from '../../../src/base/data.js';
import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'mocha';
import { pathText, Problems, type Path, type Problem } from '../../../src/resources/problem.js';
import { kindOfDocument, STORED_KINDS } from '../../../src/resources/registry.js';
import type { StoredKind } from '../../../src/resources/kind.js';
import { readStoredDocument } from '../../../src/resources/v3/document.js';

const V3 = 'projectcalico.org/v3';

function errorsOf(kind: StoredKind, raw: Data): readonly Problem[] {
  const problems = new Problems();
  readStoredDocument(kind, raw, problems);
  return problems.list.filter(({ severity }) => severity === 'error');
}

function told(kind: string, metadata: Data, spec: Data): string[] {
  const stored = kindOfDocument(V3, kind);
  if (stored?.dialect !== 'v3') throw new Error(`no ${kind}`);
  return errorsOf(stored, { apiVersion: V3, kind, metadata, spec }).map(({ path }) => pathText(path));
}

/** Right documents of every kind, as official Calico was given them. */
function rightDocuments(): { kind: StoredKind; raw: Data }[] {
  const golden = new URL('../../cases/golden/', import.meta.url);
  const probes = JSON.parse(readFileSync(new URL('probes.json', golden), 'utf8')) as { manifest: Data }[];
  const verdicts = readdirSync(new URL('validator/', golden)).filter((name) => name.endsWith('.json')).flatMap((name) => JSON.parse(readFileSync(new URL(`validator/${name}`, golden), 'utf8')) as { object: Data }[]);
  return [...probes.map(({ manifest }) => manifest), ...verdicts.map(({ object }) => object)].flatMap((raw) => {
    const kind = kindOfDocument(String(raw['apiVersion']), String(raw['kind']));
    return kind?.dialect === 'v3' && errorsOf(kind, raw).length === 0 ? [{ kind, raw }] : [];
  });
}

/** Every place in a value, deepest last. */
function* places(value: unknown, path: Path = []): Generator<Path> {
  for (const [key, inner] of Array.isArray(value) ? value.entries() : isMap(value) ? Object.entries(value) : []) {
    yield [...path, key];
    yield* places(inner, [...path, key]);
  }
}

/** A copy in which another value stands at a path, or its key has another name. */
function changed(value: unknown, [step, ...rest]: Path, change: (value: unknown) => unknown, rename?: string): unknown {
  if (step === undefined) return change(value);
  if (Array.isArray(value)) return value.map((each, index) => (index === step ? changed(each, rest, change, rename) : (each as unknown)));
  return Object.fromEntries(Object.entries(value as Data).map(([key, inner]) => (key === step ? [rest.length === 0 ? (rename ?? key) : key, changed(inner, rest, change, rename)] : [key, inner])));
}

/** Whether a place is at or below another one; keys are read regardless of letter case. */
function isWithin(outer: Path, place: Path): boolean {
  return outer.every((step, index) => String(place[index]).toLowerCase() === String(step).toLowerCase());
}

const SPOIL: Readonly<Record<string, (value: unknown) => unknown>> = {
  'of a wrong type': (value) => (typeof value === 'object' && value !== null ? 7.5 : { wrong: 1 }),
  'that nobody allows': (value) => (typeof value === 'string' ? '\u0000 no such value' : typeof value === 'number' ? -1e300 : value),
};

describe('everything that is wrong with a v3 document is told at once', () => {
  const right = rightDocuments();
  const kinds = new Set(right.map(({ kind }) => kind));

  it('of every kind there are right documents', () => expect(STORED_KINDS.filter((kind) => !kinds.has(kind)).map(({ kind }) => kind)).to.deep.equal([]));

  for (const [what, spoil] of Object.entries(SPOIL)) {
    it(`a single value ${what} is all that is told of it`, () => {
      const follows = new Set<string>();
      for (const { kind, raw } of right) {
        for (const path of places(raw)) {
          const errors = errorsOf(kind, changed(raw, path, spoil) as Data);
          // The rule that a value of the right type breaks may be one of the map it stands in.
          const others = errors.filter(({ path: at }) => !isWithin(path, at) && !(errors.length === 1 && isWithin(at, path)));
          for (const error of others) follows.add(`${kind.kind} ${pathText(path)} -> ${pathText(error.path)}: ${error.message}`);
        }
      }
      expect([...follows]).to.deep.equal([]);
    });
  }

  it('a misspelt field is told, and not that another field needs it', () => {
    const follows = new Set<string>();
    for (const { kind, raw } of right) {
      for (const path of places(raw)) {
        const key = path.at(-1);
        if (typeof key !== 'string') continue;
        const errors = errorsOf(kind, changed(raw, path, (value) => value, `${key}_`) as Data);
        const misspelt = errors.some(({ code, path: at }) => code === 'unknown-field' && at.at(-1) === `${key}_`);
        // Of the rules over the whole spec; those of a map inside it judge it as it stands.
        const others = errors.filter(({ code, path: at }) => at.length <= 2 && !isWithin(at, path.slice(0, -1)) && code !== 'unknown-field' && !(code === 'required' && isWithin(path, at)));
        if (misspelt) for (const error of others) follows.add(`${kind.kind} ${pathText(path)} -> ${pathText(error.path)}: ${error.message}`);
      }
    }
    expect([...follows]).to.deep.equal([]);
  });

  const CASES: readonly [string, string, Data, Data, readonly string[]][] = [
    ['a pool', 'IPPool', { name: 'P_1' }, { cidr: '10.3.0.1/16', blockSize: 33, ipipMode: 'always', vxlanMode: 'Always' }, ['spec.ipipMode', 'metadata.name', 'spec.cidr', 'spec.blockSize']],
    ['a pool without its network', 'IPPool', { name: 'p' }, { natOutgoing: 'yes', ipipMode: 'Always', vxlanMode: 'Always' }, ['spec.natOutgoing', 'spec.cidr', 'spec.vxlanMode']],
    ['a global policy', 'GlobalNetworkPolicy', { name: 'Foo_Bar' }, { order: 'x', preDNAT: true, egress: [{ action: 'allow', http: {} }] }, ['spec.order', 'spec.egress[0].action', 'metadata.name', 'spec.egress[0].http', 'spec.preDNAT', 'spec.egress']],
    ['a policy of a namespace', 'NetworkPolicy', { name: 'a.b.c', namespace: 'x/y' }, { selector: '=' }, ['spec.selector', 'metadata.name', 'metadata.namespace']],
    ['a staged policy', 'StagedGlobalNetworkPolicy', { name: 'a' }, { stagedAction: 'Delete', order: 'x', selector: 'all()' }, ['spec.order', 'spec.selector']],
    ['a peer', 'BGPPeer', { name: 'A' }, { node: 'n', nodeSelector: 'all()', peerIP: '10.0.0', reachableBy: '10.0.0.1' }, ['spec.peerIP', 'metadata.name', 'spec.node']],
    ['a filter', 'BGPFilter', { name: 'A' }, { exportV4: [{ cidr: '10.0.0.0/8', action: 'Drop', operations: [{}] }] }, ['spec.exportV4[0].action', 'metadata.name', 'spec.exportV4[0].matchOperator', 'spec.exportV4[0].operations[0]']],
    ['settings of BGP', 'BGPConfiguration', { name: 'n1' }, { asNumber: 5, listenPort: -1, communities: [{ name: 'a', value: '1:1' }] }, ['spec.listenPort', 'spec.asNumber', 'spec.communities']],
    ['settings of Felix', 'FelixConfiguration', { name: 'default' }, { nodeSelector: 'all()', floatingIPs: 'On' }, ['spec.floatingIPs', 'spec.nodeSelector']],
    ['an endpoint of a host', 'HostEndpoint', { name: 'A' }, { node: 'N_1' }, ['spec.node', 'metadata.name', 'spec.interfaceName']],
    ['an endpoint of a workload', 'WorkloadEndpoint', { name: 'a' }, { orchestrator: 'k8s', node: 'n', endpoint: 'e', ipNetworks: ['10.0.0.0/8'], interfaceName: 'cali/1' }, ['spec.interfaceName', 'spec.pod', 'spec.ipNetworks[0]']],
    ['a staged policy with a field that nobody knows', 'StagedGlobalNetworkPolicy', { name: 'a' }, { colour: 1, doNotTrack: true, preDNAT: true, applyOnForward: true }, ['spec.colour', 'spec.preDNAT']],
    ['a tier', 'Tier', { name: 'default' }, { order: 'x', defaultAction: 'Pass' }, ['spec.order', 'spec.defaultAction']],
    ['a set', 'GlobalNetworkSet', { name: 'A', labels: { 'projectcalico.org/namespace': 'x' } }, { nets: ['x'] }, ['spec.nets[0]', 'metadata.name', 'metadata.labels.projectcalico.org/namespace']],
    ['an object whose spec is none', 'IPPool', { name: 'P_1' }, [] as unknown as Data, ['spec', 'metadata.name']],
  ];
  for (const [what, kind, metadata, spec, expected] of CASES) it(`names, rules and single values of ${what}`, () => expect(told(kind, metadata, spec)).to.deep.equal(expected));
});
