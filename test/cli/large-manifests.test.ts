import { execFile } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { PROGRAM } from '../../scripts/support/calicoctl.js';

/** The most memory that reading may take. */
type Megabytes = number;
const POLICY = 'apiVersion: v1\nkind: policy\n';

describe('Manifests of a size that nobody writes by hand', function () {
  this.timeout(600_000);
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'calicoctl-large-'));
    writeFileSync(join(folder, 'peak.cjs'), `process.on('exit', () => require('fs').writeFileSync(${JSON.stringify(join(folder, 'peak'))}, String(process.resourceUsage().maxRSS)));`);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const numbers = (count: number, text: (index: number) => string) => function* () {
    for (let from = 0; from < count; from += 10_000) yield Array.from({ length: Math.min(10_000, count - from) }, (_, index) => text(from + index)).join('');
  };
  const keys = numbers(1_000_000, (index) => `  k${index}: 1\n`);
  const json = numbers(1_000_000, (index) => `${index === 0 ? '' : ','}"k${index}":1`);
  const tooLarge = "x:1:1: error: the document is too large: one may have 32 MiB, and a million commas, colons and line ends in all\n    hint: split it into several documents with lines '---', or write it as JSON\n";
  const few = numbers(100_000, (index) => `---\n${POLICY}metadata: {name: p${index}}\nspec:\n  selector: app == "x${index}"\n  ingress: [{action: allow, protocol: tcp, destination: {ports: [80, 443]}}]\n`);
  const wrong = numbers(100_000, (index) => `---\n${POLICY}metadata: {name: p${index}}\nspec:\n  selectr: x\n`);

  const cases: readonly (readonly [what: string, most: Megabytes, parts: () => Generator<string>, code: number, told: (text: string) => void])[] = [
    ['five million empty documents', 400, numbers(5_000_000, () => '---\n'), 3, (text) => expect(text).to.equal('No resources specified in x\nhint: --skip-empty ignores this\n')],
    ['a million keys in one map', 400, function* () { yield `${POLICY}metadata: {name: a}\nspec:\n`; yield* keys(); }, 3, (text) => expect(text).to.equal(tooLarge)],
    ['a million keys in JSON', 400, function* () { yield '{"apiVersion":"v1","kind":"policy","metadata":{"name":"a"},"spec":{'; yield* json(); yield '}}'; }, 3, (text) => expect(text).to.match(/and at least 900 errors more:\n {4}x: at least 900 errors; it was not read from line 1 on\n$/)],
    ['100,000 documents', 300, few, 0, (text) => expect(text).to.equal("Successfully validated 100000 'policy' resource(s)\n")],
    ['100,000 documents with a mistake', 300, wrong, 3, (text) => expect(text).to.match(/and at least 900 errors more:\n {4}x: at least 900 errors; it was not read from line 6001 on\n$/)],
  ];
  for (const [what, most, parts, code, told] of cases) {
    it(`${what} take less than ${most} MB`, async () => {
      const file = openSync(join(folder, 'x'), 'w');
      for (const part of parts()) writeSync(file, part);
      closeSync(file);
      const ended = await new Promise<{ code: number | string; text: string }>((resolve) => {
        const words = ['--require', join(folder, 'peak.cjs'), PROGRAM, 'validate', '-f', 'x'];
        execFile(process.execPath, words, { cwd: folder, env: { PATH: process.env['PATH'], NODE_V8_COVERAGE: '' } }, (error, stdout, stderr) => resolve({ code: error?.code ?? 0, text: stdout + stderr }));
      });
      expect(ended.code).to.equal(code);
      told(ended.text);
      expect(Number(readFileSync(join(folder, 'peak'), 'utf8'))).to.be.lessThan(most * 1024);
    });
  }
});
