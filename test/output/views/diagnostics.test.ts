import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Diagnostic } from '../../../src/base/errors.js';
import { coloursFor } from '../../../src/output/theme/colours.js';
import { diagnosticsText, diagnosticText } from '../../../src/output/views/diagnostics.js';

const diagnostic: Diagnostic = {
  code: 'value', severity: 'error', file: 'pool.yaml', line: 7, column: 9, path: 'spec.cidr',
  message: '"10.0.0.0/33" is not a network', hint: 'the longest prefix is 32', sourceLine: '  cidr: 10.0.0.0/33',
};
const shown = (changes: Partial<Diagnostic>): string[] => diagnosticText({ ...diagnostic, ...changes }, { withSource: true }).split('\n');

describe('diagnosticText', () => {
  it('says where, what and what to do', () => {
    expect(diagnosticText(diagnostic)).to.equal('pool.yaml:7:9: error: spec.cidr: "10.0.0.0/33" is not a network\n    hint: the longest prefix is 32');
  });

  it('shows the line and a caret on a terminal', () => {
    expect(shown({})).to.deep.equal([
      'pool.yaml:7:9: error: spec.cidr: "10.0.0.0/33" is not a network',
      '    7 |   cidr: 10.0.0.0/33',
      '      |         ^',
      '    hint: the longest prefix is 32',
    ]);
  });

  it('colours by role', async () => {
    const colours = await coloursFor({ isTerminal: true, env: { TERM: 'xterm' } });
    expect(diagnosticText({ ...diagnostic, severity: 'warning' }, { colours, withSource: true }).split('\n')).to.deep.equal([
      'pool.yaml:7:9: \x1b[33mwarning\x1b[39m: \x1b[1mspec.cidr\x1b[22m: "10.0.0.0/33" is not a network',
      '    7 |   cidr: 10.0.0.0/33',
      '      |         \x1b[33m^\x1b[39m',
      '    \x1b[2mhint: the longest prefix is 32\x1b[22m',
    ]);
  });

  it('leaves out what is not known', () => {
    expect(diagnosticText({ code: 'io', severity: 'error', file: 'x.yaml', message: 'cannot be read' }, { withSource: true })).to.equal('x.yaml: error: cannot be read');
    expect(diagnosticText({ code: 'io', severity: 'warning', file: 'x.yaml', line: 3, path: '', message: 'm' })).to.equal('x.yaml:3: warning: m');
  });

  it('puts the caret under the character that is meant, whatever stands before it', () => {
    expect(shown({ column: 8, sourceLine: '\tname: \x1b日本', hint: '' }).slice(1, 3)).to.deep.equal(['    7 | \\tname: \\x1b日本', '      |         ^']);
    expect(shown({ column: 8, sourceLine: 'a: "日本", b' }).slice(1, 3)).to.deep.equal(['    7 | a: "日本", b', '      |          ^']);
  });

  it('shows the part of a long line that matters', () => {
    const sourceLine = `${'a'.repeat(200)}!${'b'.repeat(200)}`;
    expect(shown({ column: 201, sourceLine }).slice(1, 3)).to.deep.equal([
      `    7 | ...${'a'.repeat(60)}!${'b'.repeat(59)}...`, `      | ${' '.repeat(63)}^`,
    ]);
    expect(shown({ column: 3, sourceLine }).slice(1, 3)).to.deep.equal([`    7 | ${'a'.repeat(120)}...`, '      |   ^']);
  });

  it('lets no part act on the terminal', () => {
    expect(diagnosticText({ ...diagnostic, file: 'a\x1b.yaml', path: 'b\u202e', message: 'c\n', hint: 'd\x07' })).to.equal(
      'a\\x1b.yaml:7:9: error: b\\u{202e}: c\\n\n    hint: d\\x07',
    );
  });

  for (const sourceLine of [
    '  etcdPassword: hunter2', 'password: "x"', '{"token": "abc"}', '  etcdKey: |', "'etcdKey': x", '-----BEGIN RSA PRIVATE KEY-----', 'ETCD_PASSWORD=x', 'key: MIIE', 'clientSecret: s', 'privateKey: x', 'ca=1, api_key=2',
  ]) {
    it(`never shows ${JSON.stringify(sourceLine)}`, () => {
      expect(shown({ sourceLine })).to.deep.equal(['pool.yaml:7:9: error: spec.cidr: "10.0.0.0/33" is not a network', '    hint: the longest prefix is 32']);
    });
  }

  for (const sourceLine of ['  etcdKeyFile: /etc/key.pem', '  monkey: x', 'selector: key == 1', "selector: role == 'secret'", 'name: private-net']) {
    it(`does show ${JSON.stringify(sourceLine)}`, () => expect(shown({ sourceLine })[1]).to.equal(`    7 | ${sourceLine}`));
  }
});

describe('diagnosticsText', () => {
  const many = (count: number, changes: (index: number) => Partial<Diagnostic> = () => ({})): Diagnostic[] => Array.from({ length: count }, (_, index) => ({ code: 'value', severity: 'error', file: 'a.yaml', line: index + 1, message: 'm', ...changes(index) }));

  it('shows a hundred one by one', () => {
    expect(diagnosticsText(many(100)).split('\n')).to.deep.equal(many(100).map((each) => diagnosticText(each)));
  });

  it('ends in a count by file beyond, errors first', () => {
    const diagnostics = many(153, (index) => (index < 50 ? { severity: 'warning' } : index < 152 ? {} : { file: 'b\x1b.yaml' }));
    expect(diagnosticsText(diagnostics).split('\n')).to.deep.equal([
      ...diagnostics.slice(50, 150).map((each) => diagnosticText(each)), 'and 3 errors, 50 warnings more:', '    a.yaml: 2 errors, 50 warnings', '    b\\x1b.yaml: 1 error',
    ]);
  });

  it('stays short for many files', () => {
    const lines = diagnosticsText(many(10_000, (index) => ({ file: `${index}.yaml` }))).split('\n');
    expect(lines.slice(100, 102)).to.deep.equal(['and 9900 errors more:', '    100.yaml: 1 error']);
    expect(lines.slice(120)).to.deep.equal(['    119.yaml: 1 error', '    in 9880 other files: 9880 errors']);
  });
});
