import { expect } from 'chai';
import { describe, it } from 'mocha';
import { matches } from '../../src/selector/matches.js';
import { parseSelector } from '../../src/selector/parse.js';
import { printSelector } from '../../src/selector/print.js';
import { reasonsOf } from '../../src/selector/reasons.js';
import type { Selector } from '../../src/selector/selector.js';

function parsed(text: string): Selector {
  const result = parseSelector(text, 'v3');
  if (!result.ok) throw new Error(text);
  return result.selector;
}

const LABELS = { role: 'web', tier: 'front' };

describe('why a selector is true or false', () => {
  const CASES: readonly (readonly [selector: string, holds: boolean, reasons: readonly string[]])[] = [
    ['role == "web"', true, ['role == "web"']],
    ['role == "db"', false, ['!role == "db"']],
    ['role == "web" && tier == "front"', true, ['role == "web"', 'tier == "front"']],
    ['role == "web" && tier == "back" && has(zone)', false, ['!tier == "back"', '!has(zone)']],
    ['has(zone) || role == "web" || has(tier)', true, ['role == "web"']],
    ['has(zone) || role == "db"', false, ['!has(zone)', '!role == "db"']],
    ['!has(zone)', true, ['!has(zone)']],
    ['!(role == "web" && has(tier))', false, ['role == "web"', 'has(tier)']],
    ['!(has(zone) || role == "db")', true, ['!has(zone)', '!role == "db"']],
    ['zone != "a"', true, ['zone != "a"']],
    ['all()', true, ['all()']],
    ['role == "web" && (has(zone) || !(tier == "front"))', false, ['!has(zone)', 'tier == "front"']],
  ];
  for (const [text, holds, reasons] of CASES) {
    it(text, () => {
      expect(matches(parsed(text), LABELS)).to.equal(holds);
      expect(reasonsOf(parsed(text), LABELS).map((reason) => `${reason.holds ? '' : '!'}${printSelector(reason.condition)}`)).to.deep.equal(reasons);
    });
  }
});
