import { expect } from 'chai';
import { describe, it } from 'mocha';
import { readFileSync } from 'node:fs';
import { borderedTable } from '../../../src/output/formats/bordered-table.js';

interface Drawn {
  readonly headings: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly table: string;
}

function cases<T>(name: string): T[] {
  return JSON.parse(readFileSync(new URL(`../../cases/output/${name}`, import.meta.url), 'utf8')) as T[];
}

/** The cells of a drawn table whose every row is one line. */
function cellsOf(table: string): string[][] {
  const rows = table.split('\n').filter((line) => line.startsWith('|'));
  return rows.map((line) => line.slice(1, -1).split('|').map((cell) => cell.trim()));
}

describe('borderedTable', () => {
  for (const { source, command, table } of cases<{ source: string; command: string; table: string }>('golden-tables.json')) {
    it(`${source}: ${command}`, async () => {
      const [headings = [], ...rows] = cellsOf(table);
      expect(await borderedTable(headings, rows)).to.equal(table);
    });
  }

  // Drawn by github.com/olekukonko/tablewriter 0.0.5.
  for (const { headings, rows, table } of cases<Drawn>('tablewriter.json')) {
    it(`breaks and aligns as tablewriter does: ${headings.join(', ')}`, async () => {
      expect(await borderedTable(headings, rows)).to.equal(table);
    });

    it(`looks the same drawn without the library: ${headings.join(', ')}`, async () => {
      const times = Math.ceil(1001 / rows.length);
      const many = Array.from({ length: times }, () => rows).flat();
      const [top, ...others] = table.split('\n').slice(0, -1);
      const rule = others.indexOf(top as string);
      const body = others.slice(rule + 1, -1);
      const expected = [top, ...others.slice(0, rule + 1), ...Array.from({ length: times }, () => body).flat(), top];
      expect((await borderedTable(headings, many)).split('\n')).to.deep.equal([...expected, '']);
    });
  }

  it('shows what a terminal would act on as an escape', async () => {
    expect(await borderedTable(['name'], [['a\x1b[31mb']])).to.equal('+------------+\n|    NAME    |\n+------------+\n| a\\x1b[31mb |\n+------------+\n');
  });
});
