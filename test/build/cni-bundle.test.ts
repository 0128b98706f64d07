import { expect } from 'chai';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { ROOT } from '../../scripts/support/calicoctl.js';

/** More than this takes too long to load each time that a container starts. */
const MOST_BYTES = 1_100_000;

describe('the bundle of the network plugins', () => {
  const { sources } = JSON.parse(readFileSync(join(ROOT, 'dist/calicoctl-cni.js.map'), 'utf8')) as { sources: string[] };

  for (const foreign of ['@oclif/', 'node_modules/chalk/', 'src/commands/', 'src/cli/', 'src/output/', 'src/agent/']) {
    it(`holds nothing of ${foreign}`, () => {
      expect(sources.filter((source) => source.includes(foreign))).to.deep.equal([]);
    });
  }

  it('is small', () => {
    expect(statSync(join(ROOT, 'dist/calicoctl-cni.js')).size).to.be.lessThan(MOST_BYTES);
  });
});
