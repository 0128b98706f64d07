import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Data } from '../../../src/resources/fields/object.js';
import { Problems } from '../../../src/resources/problem.js';
import { readClassicDocument } from '../../../src/resources/v1/document.js';
import { manifestRule } from '../../support/classic-backend.js';
import { cases, classicKind, policyWith } from '../../support/classic.js';

interface ValidatorCase {
  readonly id: string;
  readonly type: string;
  readonly input: Data;
  readonly valid: boolean;
  readonly why?: string;
  readonly manifest?: Data;
}

interface IdentifierCase {
  readonly id: string;
  readonly kind: string;
  readonly missing: string | null;
  readonly manifest: Data;
}

const { validation, identifiers } = cases<{ validation: readonly ValidatorCase[]; identifiers: readonly IdentifierCase[] }>('v1-validator.json');

function isAccepted(raw: Data): boolean {
  const problems = new Problems();
  readClassicDocument(classicKind(String(raw['kind'])), raw, problems);
  return !problems.failed;
}

describe('The v1 validator', () => {
  it('has every case', () => {
    expect([validation.length, validation.filter((each) => each.manifest !== undefined).length, identifiers.length]).to.deep.equal([192, 166, 20]);
  });

  for (const { id, type, input, valid, why, manifest } of validation) {
    it(`${valid ? 'accepts' : 'refuses'} ${id}: ${type} ${JSON.stringify(input).slice(0, 80)}`, () => {
      expect(isAccepted(manifest ?? policyWith(manifestRule(input))), why).to.equal(valid);
    });
  }

  for (const { id, kind, missing, manifest } of identifiers) {
    it(`finds ${missing ?? 'nothing'} missing: ${id} ${kind}`, () => {
      expect(isAccepted(manifest)).to.equal(true);
      expect(classicKind(kind).missingIdentifier(manifest['metadata'] as Data, 'apply') ?? null).to.equal(missing);
    });
  }
});
