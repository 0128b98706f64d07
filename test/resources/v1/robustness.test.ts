import { isMap, type Data } from '../../../src/base/data.js';
import { expect } from 'chai';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { Problems } from '../../../src/resources/problem.js';
import { readClassicDocument } from '../../../src/resources/v1/document.js';
import { classicView } from '../../../src/resources/v1/view.js';
import { classicKind, plain, readBack, storedFor } from '../../support/classic.js';
import { junk, places, replaced } from '../../support/damage.js';
import { propertyRuns } from '../../support/runs.js';
import { classicManifests } from '../../support/v1-arbitraries.js';

// Every case is several times the work of a round trip.
const RUNS = { numRuns: Math.ceil(propertyRuns().numRuns / 4) };

describe('Whatever somebody stored or wrote', () => {
  for (const [name, manifests] of Object.entries(classicManifests)) {
    const kind = classicKind(name);

    it(`has a classic view, exact only where it can be written again: ${name}`, function () {
      this.timeout(1_800_000);
      const damaged = fc.tuple(manifests, fc.nat(), fc.constantFrom('metadata', 'spec', 'status'), junk).map(([raw, which, section, by]) => {
        const object = storedFor(raw);
        const [first, ...inner] = places(object[section]);
        const place = [first, ...inner][which % (inner.length + 1)] ?? [];
        const part = replaced(object[section], place, by);
        // What is no map was refused when the store was read.
        return { ...object, [section]: section !== 'status' && !isMap(part) ? {} : part };
      });
      fc.assert(
        fc.property(damaged, (object) => {
          object.metadata.name = typeof object.metadata.name === 'string' ? object.metadata.name : 'x';
          const { document, exact } = classicView(kind, plain(object));
          for (const column of [...kind.columns.wide, ...(kind.columns.extra ?? [])]) expect(column.cell(document, { globalAsNumber: '1' })).to.be.a('string');
          kind.sortKey(document.metadata);
          if (exact) expect(JSON.stringify(readBack(document as unknown as Data))).to.equal(JSON.stringify(document));
        }),
        RUNS,
      );
    });

    it(`is read without an exception: ${name}`, function () {
      this.timeout(1_800_000);
      const damaged = fc.tuple(manifests, fc.nat(), junk).map(([raw, which, by]) => {
        const all = places(raw);
        return replaced(raw, all[which % all.length] ?? [], by);
      });
      fc.assert(
        fc.property(damaged.filter(isMap), (raw) => {
          const problems = new Problems();
          const document = readClassicDocument(kind, raw, problems);
          if (document !== undefined && !problems.failed && kind.missingIdentifiers(document.metadata, 'apply').length === 0) kind.toStored(document);
        }),
        RUNS,
      );
    });
  }
});
