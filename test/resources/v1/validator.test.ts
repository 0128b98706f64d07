import type { Data } from '../../../src/base/data.js';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { Problems } from '../../../src/resources/problem.js';
import { readClassicDocument } from '../../../src/resources/v1/document.js';
import { manifestRule } from '../../support/classic-backend.js';
import { cases, classicKind, findings, policyWith } from '../../support/classic.js';

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

/** Whether the classic language has the document; what Calico 3.32 thinks of it is another matter. */
function isAccepted(raw: Data): boolean {
  const problems = new Problems();
  readClassicDocument(classicKind(String(raw['kind'])), raw, problems, false);
  return !problems.failed;
}

const ICMP = 'error spec.ingress[0].icmp: icmp needs the protocol icmp or icmpv6, by name: Calico 3.32 refuses this, and its Felix would restart again and again on every host that uses the rule';
const ICMP_HINT = '(add "protocol: icmp" to the rule, or icmpv6)';
const LABEL_HINT = '(rename the label, or give it another value, here and in the selectors that name it)';

/** What the classic tool accepted and Calico 3.32 refuses: it is refused with the reason (docs/differences.md). */
const REFUSED_NOW: Readonly<Record<string, readonly string[]>> = {
  V002: [`${ICMP} ${ICMP_HINT}`],
  V003: [`${ICMP} ${ICMP_HINT}`],
  V004: [`${ICMP} ${ICMP_HINT}`],
  V005: [`${ICMP} ${ICMP_HINT}`],
  V044: [
    'error metadata.tags[0]: ".My-valid-tag_190" is not a key: letters, digits, "-", "_" and "." are allowed, with a letter or digit at both ends; Calico 3.32 refuses this, and its Felix would ignore all labels and tags of the profile (Calico 3 turns a tag into a label: rename it, here and in the rules that name it)',
  ],
  V052: [`error metadata.labels.Projectcalico.org12345/k8s_ns: the part of "Projectcalico.org12345/k8s_ns" before "/" is not a lower-case DNS name; Calico 3.32 refuses this ${LABEL_HINT}`],
  V053: [`error metadata.labels.k8s_ns/label/role: "k8s_ns/label/role" has more than one "/"; Calico 3.32 refuses this ${LABEL_HINT}`],
  V054: [`error metadata.labels.k8s_ns/label-ro.le: the part of "k8s_ns/label-ro.le" before "/" is not a lower-case DNS name; Calico 3.32 refuses this ${LABEL_HINT}`],
};

describe('The v1 validator', () => {
  it('has every case', () => {
    expect([validation.length, validation.filter((each) => each.manifest !== undefined).length, identifiers.length]).to.deep.equal([192, 166, 20]);
  });

  for (const { id, type, input, valid, why, manifest } of validation) {
    it(`${valid ? 'accepts' : 'refuses'} ${id}: ${type} ${JSON.stringify(input).slice(0, 80)}`, () => {
      expect(isAccepted(manifest ?? policyWith(manifestRule(input))), why).to.equal(valid);
    });
  }

  it('refuses of what was accepted exactly what Calico 3.32 refuses', () => {
    const found = validation.filter(({ valid }) => valid).map(({ id, input, manifest }) => [id, findings(manifest ?? policyWith(manifestRule(input))).filter((finding) => finding.startsWith('error'))] as const);
    expect(Object.fromEntries(found.filter(([, errors]) => errors.length > 0))).to.deep.equal(REFUSED_NOW);
  });

  for (const { id, kind, missing, manifest } of identifiers) {
    it(`finds ${missing ?? 'nothing'} missing: ${id} ${kind}`, () => {
      expect(isAccepted(manifest)).to.equal(true);
      expect(classicKind(kind).missingIdentifiers(manifest['metadata'] as Data, 'apply')[0] ?? null).to.equal(missing);
    });
  }
});
