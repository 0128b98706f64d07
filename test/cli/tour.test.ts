import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { ROOT, runProgram } from '../../scripts/support/calicoctl.js';
import { expectRecorded } from '../support/recorded.js';

describe('the tour', function () {
  it('prints the same on every machine, to the line', async () => {
    const { code, stdout, stderr } = await runProgram([process.execPath, '--import', 'tsx', 'scripts/tour/index.ts'], { cwd: ROOT });
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
    expectRecorded(stdout.replaceAll(/http:\/\/127\.0\.0\.1:\d+/g, 'http://127.0.0.1:PORT'), 'tour.txt');
  });

  it('is what the README shows', () => {
    const tour = readFileSync(join(ROOT, 'test/cases/tour.txt'), 'utf8').trimEnd();
    expect(readFileSync(join(ROOT, 'README.md'), 'utf8').includes(`\`\`\`console\n${tour}\n\`\`\`\n`)).to.equal(true);
  });
});
