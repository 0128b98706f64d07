import { expect } from 'chai';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { keyOf } from '../../../src/resources/keys.js';
import { STORED_KINDS } from '../../../src/resources/registry.js';
import { decodeStored, isCorrupt } from '../../../src/resources/stored-value.js';
import { junk, places, replaced } from '../../support/damage.js';
import { propertyRuns } from '../../support/runs.js';
import { recordedEntries } from '../../support/stored.js';

const RUNS = { numRuns: Math.ceil(propertyRuns().numRuns / 10) };

describe('Whatever is stored as a v3 object', () => {
  for (const kind of STORED_KINDS) {
    it(`has a line in every table, or is named as corrupt: ${kind.kind}`, () => {
      const bare = { key: keyOf(kind, 'x', kind.namespaced ? 'ns' : undefined), value: JSON.stringify({ kind: kind.kind, apiVersion: 'projectcalico.org/v3', metadata: { name: 'x' }, spec: {} }) };
      const damaged = fc.tuple(fc.constantFrom(bare, ...recordedEntries(kind)), fc.nat(), junk).map(([{ key, value }, which, by]) => {
        const object: unknown = JSON.parse(value);
        const all = places(object);
        return { key, value: JSON.stringify(replaced(object, all[which % all.length] ?? [], by)), modRevision: '7' };
      });
      const { ps, wide, extra = [] } = kind.columns;
      fc.assert(
        fc.property(damaged, (entry) => {
          const object = decodeStored(kind, entry);
          if (!isCorrupt(object)) for (const column of [...ps, ...wide, ...extra]) expect(column.cell(object, { globalAsNumber: '1' }), column.heading).to.be.a('string');
        }),
        RUNS,
      );
    });
  }
});
