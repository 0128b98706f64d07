import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import type { Manifest } from '../../scripts/build/manifest.js';
import { dateOf, manualPages, writeManual } from '../../scripts/manual/index.js';
import { lines, prose, rows } from '../../scripts/manual/manual-page.js';
import { pageOf } from '../../scripts/manual/page.js';
import { roffOf } from '../../scripts/manual/roff.js';
import { ROOT } from '../../scripts/support/calicoctl.js';
import { VARIABLE_HELP } from '../../src/config/keys.help.js';
import { expectRecorded } from '../support/recorded.js';

const MAN = join(ROOT, 'dist/man');
const manifest = JSON.parse(readFileSync(join(ROOT, 'oclif.manifest.json'), 'utf8')) as Manifest;
const facts = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Parameters<typeof writeManual>[1];
const pages = Object.values(manifest.commands).map(pageOf);

const filesIn = (folder: string): readonly string[] => readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => /\.\d$/.test(file)).sort();

/** A page as man(1) shows it at 80 columns, without its first and last line, which each groff writes in its own way. */
function shown(file: string): string {
  const { stdout, stderr } = spawnSync('man', ['--warnings', '-l', file], { encoding: 'utf8', env: { ...process.env, MANWIDTH: '80', MANPAGER: 'cat', LC_ALL: 'C.UTF-8', MANOPT: '' } });
  expect(stderr).to.equal('');
  return `${stdout.trimEnd().split('\n').slice(1, -1).join('\n').trim()}\n`;
}

describe('the manual', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'calicoctl-manual-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  it('has a page for every command and topic, for what they share, and for the configuration file', () => {
    const topics = Object.keys(facts.oclif.topics).map((topic) => `man1/calicoctl-${topic.replaceAll(':', '-')}.1`);
    const commands = pages.map(({ command }) => `man1/calicoctl-${command.replaceAll(' ', '-')}.1`);
    expect(filesIn(MAN)).to.have.members([...commands, ...topics, 'man1/calicoctl.1', 'man5/calicoctl.cfg.5', 'man7/calicoctl.7']);
  });

  it('is what groff reads without a warning, and whatis finds', () => {
    const files = filesIn(MAN).map((file) => join(MAN, file));
    const { status, stderr } = spawnSync('groff', ['-man', '-ww', '-Tutf8', '-z', ...files], { encoding: 'utf8' });
    expect({ status, stderr }).to.deep.equal({ status: 0, stderr: '' });
    const found = spawnSync('lexgrog', files, { encoding: 'utf8' });
    expect(found.status, found.stdout).to.equal(0);
    expect(found.stdout).to.include(': "calicoctl-ipam-release - Release addresses"');
  });

  for (const [file, name] of [['man1/calicoctl.1', 'calicoctl.1'], ['man1/calicoctl-patch.1', 'calicoctl-patch.1'], ['man1/calicoctl-ipam.1', 'calicoctl-ipam.1'], ['man5/calicoctl.cfg.5', 'calicoctl.cfg.5'], ['man7/calicoctl.7', 'calicoctl.7']] as const) {
    it(`${name} as man shows it`, () => expectRecorded(shown(join(MAN, file)), `man/${name}.txt`));
  }

  it('has no line that 80 columns tear', () => {
    const text = execFileSync('groff', ['-man', '-Tutf8', '-P-cbou', '-rLL=78n', ...filesIn(MAN).map((file) => join(MAN, file))], { encoding: 'utf8', maxBuffer: 1 << 26 });
    expect(text.split('\n').filter((line) => line.length > 80)).to.deep.equal([]);
  });

  it('has all that the help says, as it is said there', () => {
    const wide = execFileSync('groff', ['-man', '-Tutf8', '-P-cbou', '-rLL=2000n', ...pages.map(({ command }) => join(MAN, `man1/calicoctl-${command.replaceAll(' ', '-')}.1`))], { encoding: 'utf8', maxBuffer: 1 << 26 }).replaceAll(/ \\\n|\s+/g, ' ').replaceAll(/ +/g, ' ');
    for (const { examples, description, flags, commonFlags } of pages) {
      for (const line of examples.flatMap((each) => each.split('\n'))) expect(wide).to.include(`$ ${line.replaceAll(/\s+/g, ' ')} `);
      for (const each of description) expect(wide).to.include(each.replaceAll('`', ''));
      for (const { term, text } of [...flags, ...commonFlags].flatMap((section) => section.rows)) expect(wide).to.include(`${term} ${text.replaceAll('`', '')}`);
    }
  });

  it('is the same from the same sources', () => {
    writeManual(manifest, facts, { root: ROOT, folder });
    expect(filesIn(folder)).to.deep.equal(filesIn(MAN));
    for (const file of filesIn(MAN)) expect(readFileSync(join(folder, file), 'utf8'), file).to.equal(readFileSync(join(MAN, file), 'utf8'));
  });

  it('has the date of SOURCE_DATE_EPOCH, else of the newest release, else none', () => {
    const changelog = '# Changelog\n\n## [Unreleased]\n\n## [1.2.0] - 2026-03-04\n\n## [1.1.0] - 2025-01-02\n';
    expect([dateOf(changelog, '1700000000'), dateOf(changelog, undefined), dateOf(changelog, 'today'), dateOf('## [Unreleased]\n', undefined)]).to.deep.equal(['2023-11-14', '2026-03-04', '2026-03-04', '']);
  });

  it('names every variable of calicoctl that the sources read', () => {
    const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts')).map((file) => readFileSync(join(ROOT, 'src', file), 'utf8'));
    const read = new Set(sources.join('\n').match(/(?<!process\.env\.)\bCALICOCTL_[A-Z_]+\b/g));
    expect(Object.keys(VARIABLE_HELP)).to.include.members([...read]);
  });

  it('shows text as it is, whatever roff would make of it', () => {
    const text = ".TH of 'quotes', \"two\" and `code -x`, \\fBback\\slashes, a-b, --long, ~ ^ and §; see calicoctl-get(1).";
    const page = { name: 'calicoctl-try', section: 1, summary: "Try it: '.so' and \\n.", synopsis: ['calicoctl try KIND[,KIND...] [-x FILE|-]'], sections: [{ title: 'SECTION OF "QUOTES"', parts: [prose(text, "'apostrophe first"), rows([{ term: '-x, --ex FILE', text: '' }, { term: '.dot NAME', text: '.dot' }]), lines('.dot first', "'quote first", '  \\indented -o', '')] }] } as const;
    const file = join(folder, 'try.1');
    writeFileSync(file, roffOf(page, { version: '1.0', date: '2026-11-30' }));
    expect(spawnSync('groff', ['-man', '-ww', '-Tutf8', '-z', file], { encoding: 'utf8' }).stderr).to.equal('');
    expect(shown(file)).to.equal([
      'NAME', "       calicoctl-try - Try it: '.so' and \\n", '',
      'SYNOPSIS', '       calicoctl try KIND[,KIND...] [-x FILE|-]', '',
      'SECTION OF "QUOTES"',
      `       .TH of 'quotes', "two" and code -x, \\fBback\\slashes, a-b, --long, ~ ^`, '       and §; see calicoctl-get(1).', '', "       'apostrophe first", '',
      '       -x, --ex FILE', '', '       .dot NAME', '              .dot', '',
      '       .dot first', "       'quote first", '         \\indented -o', '',
    ].join('\n'));
  });

  it('refers to no page that there is not', () => {
    const all = manualPages(manifest, facts, ROOT);
    const names = new Set(all.map(({ name, section }) => `${name}(${section})`));
    const referred = filesIn(MAN).flatMap((file) => [...readFileSync(join(MAN, file), 'utf8').matchAll(/\\fB(calicoctl[^\\]*(?:\\-[^\\]*)*)\\fR(\(\d\))/g)].map(([, name = '', section = '']) => `${name.replaceAll('\\-', '-')}${section}`));
    expect(referred.length).to.be.greaterThan(300);
    expect([...new Set(referred)].filter((each) => !names.has(each))).to.deep.equal([]);
  });
});
