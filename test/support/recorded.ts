import { expect } from 'chai';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/**
 * Compares a text with a file of test/cases. With RECORD=1 the file is written anew first, so that the difference can be
 * looked at; the test fails then too.
 */
export function expectRecorded(text: string, file: string): void {
  const path = new URL(`../cases/${file}`, import.meta.url);
  const recorded = existsSync(path) ? readFileSync(path, 'utf8') : '';
  if (process.env['RECORD'] === '1' && text !== recorded) writeFileSync(path, text);
  expect(text, `${file}; RECORD=1 writes it anew`).to.equal(recorded);
}
