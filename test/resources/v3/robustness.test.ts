import { expect } from 'chai';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { keyOf } from '../../../src/resources/keys.js';
import type { StoredKind } from '../../../src/resources/kind.js';
import { STORED_KINDS } from '../../../src/resources/registry.js';
import { decodeStored, isCorrupt } from '../../../src/resources/stored-value.js';
import { bgpFilter } from '../../../src/resources/v3/bgp-filter.js';
import { globalNetworkPolicy } from '../../../src/resources/v3/global-network-policy.js';
import { profile } from '../../../src/resources/v3/profile.js';
import { stagedKubernetesNetworkPolicy } from '../../../src/resources/v3/staged-kubernetes-network-policy.js';
import { tier } from '../../../src/resources/v3/tier.js';
import { workloadEndpoint } from '../../../src/resources/v3/workload-endpoint.js';
import { junk, places, replaced } from '../../support/damage.js';
import { propertyRuns } from '../../support/runs.js';
import { recordedEntries } from '../../support/stored.js';

const RUNS = { numRuns: Math.ceil(propertyRuns().numRuns / 4) };

describe('Whatever is stored as a v3 object', () => {
  for (const kind of STORED_KINDS) {
    it(`has a line in every table, or is named as corrupt: ${kind.kind}`, () => {
      const bare = { key: keyOf(kind, 'x', kind.namespaced ? 'ns' : undefined), value: JSON.stringify({ kind: kind.kind, apiVersion: 'projectcalico.org/v3', metadata: { name: 'x' }, spec: {} }) };
      const sound = [bare, ...recordedEntries(kind)];
      expect(sound.filter((entry) => isCorrupt(decodeStored(kind, { ...entry, modRevision: '7' })))).to.deep.equal([]);
      const damaged = fc.tuple(fc.constantFrom(...sound), fc.nat(), junk).map(([{ key, value }, which, by]) => {
        const object: unknown = JSON.parse(value);
        const all = places(object);
        return { key, value: JSON.stringify(replaced(object, all[which % all.length] ?? [], by)), modRevision: '7' };
      });
      const { ps, wide, extra = [] } = kind.columns;
      fc.assert(
        fc.property(damaged, (entry) => {
          const object = decodeStored(kind, entry);
          if (isCorrupt(object)) return;
          kind.compare?.(object, object);
          for (const column of [...ps, ...wide, ...extra]) expect(column.cell(object, { globalAsNumber: '1' }), column.heading).to.be.a('string');
        }),
        RUNS,
      );
    });
  }

  const policy = (metadata: object): ReturnType<typeof decodeStored> =>
    decodeStored(globalNetworkPolicy, { key: keyOf(globalNetworkPolicy, 'p'), value: JSON.stringify({ metadata: { name: 'p', ...metadata }, spec: {} }), modRevision: '7' });

  it('has no labels and annotations where they are null', () => {
    expect(policy({ labels: null, annotations: null })).to.deep.equal(policy({}));
    expect(isCorrupt(policy({}))).to.equal(false);
  });

  it('is corrupt where labels or annotations are no map', () => {
    expect([policy({ labels: 'x' }), policy({ annotations: ['x'] })]).to.deep.equal([
      { key: keyOf(globalNetworkPolicy, 'p'), reason: 'its labels are not a map' },
      { key: keyOf(globalNetworkPolicy, 'p'), reason: 'its annotations are not a map' },
    ]);
  });

  it('shows what is there in place of what belongs there', () => {
    const cells = (kind: StoredKind, spec: object): string[] => {
      const object = decodeStored(kind, { key: keyOf(kind, 'x', kind.namespaced ? 'ns' : undefined), value: JSON.stringify({ metadata: { name: 'x' }, spec }), modRevision: '7' });
      if (isCorrupt(object)) throw new Error(object.reason);
      return kind.columns.wide.map((column) => column.cell(object, { globalAsNumber: '1' }));
    };
    expect(cells(workloadEndpoint, { pod: 7, node: ['n'], ipNetworks: '10.0.0.1', interfaceName: { a: 1 }, profiles: [null, 'p'], ipNATs: ['x', { internalIP: 1 }] })).to.deep.equal(['x', '7', '["n"]', '10.0.0.1', '{"a":1}', ',p', 'x,1<>']);
    expect(cells(bgpFilter, { exportV4: 'x', importV4: [1, 2] })).to.deep.equal(['x', 'x', '2', '0', '0']);
    expect(cells(profile, { labelsToApply: ['a'] })).to.deep.equal(['x', '["a"]']);
    expect(cells(stagedKubernetesNetworkPolicy, { podSelector: 'a' })).to.deep.equal(['x', 'a']);
    expect(cells(stagedKubernetesNetworkPolicy, { podSelector: { matchLabels: { b: 1, a: 'x' }, matchExpressions: 'y' } })).to.deep.equal(['x', 'a=x,b=1,y']);
    expect(cells(tier, { order: 'first' })).to.deep.equal(['x', 'first']);
  });
});
