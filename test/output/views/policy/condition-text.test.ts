import { expect } from 'chai';
import { describe, it } from 'mocha';
import { selectorReason } from '../../../../src/output/views/policy/selector-reason.js';
import { parseSelector } from '../../../../src/selector/parse.js';

describe('why a selector matches, in words', () => {
  const labels = { role: 'web', 'projectcalico.org/namespace': 'shop' };
  const CASES: readonly (readonly [selector: string, text: string])[] = [
    ['role == "web"', 'has role=web'], ['role == "db"', 'has role=web, not db'],
    ['role != "db"', 'has role=web, not db'], ['role != "web"', 'has role=web'],
    ['role in {"db", "web"}', 'has role=web'], ['role in {"db", "api"}', 'has role=web, not api or db'],
    ['role not in {"db", "api"}', 'has role=web, not api or db'], ['role not in {"web"}', 'has role=web'],
    ['role contains "e"', 'has role=web, which contains e'], ['role starts with "x"', 'has role=web, which does not start with x'],
    ['role ends with "b"', 'has role=web, which ends with b'], ['has(role)', 'has role=web'], ['has(zone)', 'has no label zone'], ['zone == "a"', 'has no label zone'],
    ['all()', 'is known (all())'], ['projectcalico.org/namespace == "shop"', 'has calico/k8s_ns=shop'],
  ];
  for (const [selector, text] of CASES) {
    it(selector, () => {
      const parsed = parseSelector(selector, 'v3');
      expect(parsed.ok && selectorReason(parsed.selector, labels, 'v1')).to.equal(text);
    });
  }
});
