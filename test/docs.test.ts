import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'mocha';
import { CLASSIC_KINDS, STORED_KINDS } from '../src/resources/registry.js';
import { OPERATORS } from '../scripts/manual/concepts-manual.js';
import { ROOT } from '../scripts/support/calicoctl.js';
import { shownInDocs } from './support/shown.js';

const KINDS = readFileSync(`${ROOT}docs/kinds.md`, 'utf8');

/** The rows of the table below a heading. */
function rowsBelow(heading: string): readonly string[] {
  const [, below = ''] = KINDS.split(`| ${heading} | shorter words |\n|---|---|\n`);
  return below.slice(0, below.indexOf('\n\n')).split('\n');
}

const words = (all: readonly string[]): string => (all.length > 2 ? ` ${all.slice(2).map((word) => `\`${word}\``).join(', ')} ` : ' ');

describe('docs', () => {
  it('starts with a README that is soon read', () => {
    expect(readFileSync(`${ROOT}README.md`, 'utf8').split('\n')).to.have.length.lessThan(151);
  });

  it('lists every kind with its words', () => {
    expect(rowsBelow('classic kind')).to.deep.equal(CLASSIC_KINDS.map((kind) => `| \`${kind.kind}\` |${words(kind.words)}|`));
    expect(rowsBelow('v3 kind')).to.deep.equal(STORED_KINDS.map((kind) => `| \`${kind.kind}\`${kind.namespaced ? ' (namespace)' : ''} |${words(kind.words)}|`));
  });

  it('begins every decision with its number', () => {
    const files = readdirSync(`${ROOT}docs/decisions`).filter((name) => /^\d/.test(name));
    expect(files).to.have.length.greaterThan(0);
    expect(files.filter((name) => !readFileSync(`${ROOT}docs/decisions/${name}`, 'utf8').startsWith(`# ${name.slice(0, 4)} `))).to.deep.equal([]);
  });

  it('has the operators of selectors that the manual has', () => {
    const rows = OPERATORS.map(({ term, text }) => `| \`${term.replaceAll('|', '\\|')}\` | ${text} |\n`).join('');
    expect(readFileSync(`${ROOT}docs/selectors.md`, 'utf8')).to.include(`| expression | what it chooses |\n|---|---|\n${rows}\n`);
  });

  it('shows templates that a session plays', () => {
    const first = '{{range .}}{{range .Items}}{{.Metadata.Name}}: {{.Spec.Order}}{{"\\n"}}{{end}}{{end}}';
    const line = `calicoctl get policy -o 'go-template=${first}'`;
    const shown = `$ ${line}\n${shownInDocs(line)}`;
    const played = shown.split('\n').map((each) => (each === '' || each.startsWith('$ ') ? each : `  ${each}`)).join('\n');
    expect(shown.match(/^\$ calicoctl/gm)).to.have.length(3);
    expect(readFileSync(`${ROOT}test/cases/cli/templates.txt`, 'utf8')).to.include(played);
  });
});
