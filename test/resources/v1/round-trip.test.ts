import type { Data } from '../../../src/base/data.js';
import { expect } from 'chai';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { keyOf, nameInKey } from '../../../src/resources/keys.js';
import { decodeStored, encodeStored, isCorrupt } from '../../../src/resources/stored-value.js';
import type { ClassicDocument, ClassicKind, StoredObject } from '../../../src/resources/kind.js';
import { classicView } from '../../../src/resources/v1/view.js';
import { classicKind, readBack } from '../../support/classic.js';
import { propertyRuns } from '../../support/runs.js';
import { classicManifests } from '../../support/v1-arbitraries.js';

/** What is read from the store after the document was written to it. */
function throughStore(kind: ClassicKind, document: ClassicDocument): StoredObject {
  const object = kind.toStored(document);
  const key = keyOf(kind.stored, object.metadata.name, object.metadata.namespace);
  expect(nameInKey(kind.stored, key)?.name).to.equal(object.metadata.name);
  const decoded = decodeStored(kind.stored, { key, value: encodeStored(kind.stored, object), modRevision: '7' });
  if (isCorrupt(decoded)) throw new Error(decoded.reason);
  return decoded;
}

function readsBack(raw: Data): void {
  const kind = classicKind(String(raw['kind']));
  const document = readBack(raw);
  const stored = throughStore(kind, document);
  const view = classicView(kind, stored);
  expect(JSON.stringify(view)).to.equal(JSON.stringify({ document, exact: true }));
  expect(JSON.stringify(readBack(document as unknown as Data))).to.equal(JSON.stringify(document));
  expect(JSON.stringify(kind.fromStored(stored))).to.equal(JSON.stringify(document));
  expect(kind.storedNames(document.metadata)[0]).to.equal(stored.metadata.name);
  expect(kind.matches(document.metadata, view.document.metadata)).to.equal(true);
}

/** The promised 100,000 manifests, shared out among the kinds: fewer of those that take ten times as long, two of which have the same rules in them. */
const SHARES: Readonly<Record<string, number>> = { node: 20_000, bgpPeer: 20_000, ipPool: 20_000, hostEndpoint: 16_000, workloadEndpoint: 10_000, policy: 8_000, profile: 6_000 };

describe('v1 -> stored -> v1 is the identity', () => {
  for (const [name, manifests] of Object.entries(classicManifests)) {
    it(`for every ${name}`, function () {
      this.timeout(1_800_000);
      fc.assert(fc.property(manifests, readsBack), propertyRuns(SHARES[name]));
    });
  }
});
