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
    const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
    expect(readme.includes(`\`\`\`console\n${tour}\n\`\`\`\n`)).to.equal(true);
    const [, first = ''] = readme.split('```console\n');
    expect(tour.includes(first.slice(0, first.indexOf('\n```\n'))), 'the first screen is a part of it').to.equal(true);
  });
});
