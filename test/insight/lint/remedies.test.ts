import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Finding } from '../../../src/insight/lint/finding.js';
import { lint } from '../../../src/insight/lint/lint.js';
import { changes } from '../../../src/policy/changes.js';
import { compile } from '../../../src/policy/compile.js';
import type { Model } from '../../../src/policy/model.js';
import type { StoredObject } from '../../../src/resources/kind.js';
import { HOSTS, randomNetwork } from '../../support/policy/random-network.js';
import { Random } from '../../support/policy/random.js';

/** Findings whose rules may go: nothing depends on them. */
const USELESS: readonly string[] = ['behind-deny', 'shadowed', 'redundant', 'behind-tier-end', 'log-after-decision', 'never-matches'];

/** The rules of a finding taken out of their resource; a direction that is governed stays so. */
function without({ at, rules = [] }: Finding): StoredObject {
  const left = (direction: 'ingress' | 'egress'): object => {
    const list = at.spec[direction];
    return Array.isArray(list) ? { [direction]: list.filter((_rule, index) => !rules.some((rule) => rule.direction === direction && rule.index === index)) } : {};
  };
  return { ...at, spec: { ...at.spec, ...left('ingress'), ...left('egress') } };
}

function differences(before: Model, after: Model): readonly unknown[] {
  return ([4, 6] as const).flatMap((version) => [...changes(before, after, version)].map(({ route, before: was, after: is }) => ({ route, was, is })));
}

/** How many rules lint says of that they may go. */
function uselessIn(model: Model, resources: readonly StoredObject[]): number {
  return lint(model, resources).findings.filter(({ code }) => USELESS.includes(code)).reduce((sum, { rules = [] }) => sum + rules.length, 0);
}

describe('advice of lint', () => {
  // In the first a rule is all that keeps its profile from giving labels.
  const seeds = process.env['SEED'] === undefined ? [366_774, Date.now() % 1_000_000] : [Number(process.env['SEED'])];

  for (const seed of seeds) it(`to remove a rule changes the verdict of no packet, and the finding is gone (SEED=${seed})`, () => {
    let followed = 0;
    for (let at = seed; at < seed + Number(process.env['NETWORKS'] ?? 5); at++) {
      const resources = randomNetwork(new Random(at));
      const before = compile(resources, HOSTS);
      for (const finding of lint(before, resources).findings.filter(({ code }) => USELESS.includes(code)).slice(0, 6)) {
        const fixed = resources.map((object) => (object === finding.at ? without(finding) : object));
        const after = compile(fixed, HOSTS);
        expect(differences(before, after), `seed ${at} ${finding.code} ${finding.rules![0]!.id}`).to.deep.equal([]);
        expect(uselessIn(after, fixed), `seed ${at} ${finding.code}`).to.be.at.most(uselessIn(before, resources) - finding.rules!.length);
        followed++;
      }
    }
    expect(followed).to.be.greaterThan(2);
  });
});
