import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { ROOT } from '../../../scripts/support/calicoctl.js';
import { LINT_CODES } from '../../../src/insight/lint/codes.js';
import { LINT_TITLES } from '../../../src/output/views/policy/lint/titles.js';

describe('the codes of lint', () => {
  it('are in docs/lint.md with their severity, in the order of the list', () => {
    const rows = [...readFileSync(join(ROOT, 'docs/lint.md'), 'utf8').matchAll(/^\| `([a-z-]+)` \| (error|warning|info) \| .{10,} \| .{4,} \|$/gm)];
    expect(rows.map(([, code, severity]) => [code, severity])).to.deep.equal(Object.entries(LINT_CODES));
  });

  it('have titles in the same order', () => {
    expect(Object.keys(LINT_TITLES)).to.deep.equal(Object.keys(LINT_CODES));
  });
});
