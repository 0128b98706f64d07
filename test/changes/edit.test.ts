import { expect } from 'chai';
import { describe, it } from 'mocha';
import { type ManifestError } from '../../src/base/errors.js';
import { conflictText, isEmpty, isUndecided, textOf, withNotes, withoutNotes } from '../../src/changes/edit/edited-text.js';
import { changedOnly, readEdited } from '../../src/changes/edit/read-edited.js';
import { write } from '../support/changes.js';
import { MemoryStore } from '../support/memory-store.js';
import { originalPolicies } from '../support/originals.js';

const NAMES = ['a', 'b'];

describe('edited documents', () => {
  it('are told apart by what identifies them, whatever their order; others are errors at their lines', async () => {
    const store = new MemoryStore();
    await write(store, 'create', { 'a.json': NAMES.map((name) => ({ apiVersion: 'projectcalico.org/v3', kind: 'GlobalNetworkPolicy', metadata: { name }, spec: { order: 1 } })) });
    const both = await originalPolicies(store, NAMES);
    const text = textOf(both.map(({ base, remark }) => ({ document: base, remark })));
    expect(changedOnly(readEdited('edit.yaml', text, both))).to.deep.equal([]);
    const turned = `---${text.split('---\n').slice(1).reverse().map((each) => `\n${each}`).join('---')}`;
    expect(changedOnly(readEdited('edit.yaml', turned, both))).to.deep.equal([]);
    const lineOf = (name: string): number => text.split('\n').findLastIndex((line) => line === `  name: ${name}`);
    for (const [wrong, message] of [[text.replace('name: b', 'name: c'), 'this resource is none of those that are edited'], [text.replace('name: b', 'name: a'), 'this resource is given twice']] as const) {
      try {
        readEdited('edit.yaml', wrong, both);
        expect.fail('no error');
      } catch (error) {
        const [diagnostic] = (error as ManifestError).diagnostics;
        expect(diagnostic!.message).to.equal(message);
        expect(diagnostic!.line).to.be.within(lineOf('a') + 1, lineOf('b'));
      }
    }
  });

  it('are as they were without the notes, wherever these stand', () => {
    const text = '# a heading\nspec:\n  text: |-\n    # no remark\n    #! nor this\n';
    const noted = withNotes(text, [{ line: 1, text: 'one\ntwo' }, { line: 4, text: conflictText('it') }, { line: 99, text: 'the end \u001B[31m' }]);
    expect(noted.split('\n').slice(0, 2)).to.deep.equal(['#! one', '#! two']);
    expect(noted).not.to.include('\u001B');
    expect(withoutNotes(noted)).to.equal(text);
    expect([isUndecided(noted), isUndecided(text)]).to.deep.equal([true, false]);
  });

  it('are none where only comments are left, whatever ends the lines', () => {
    for (const text of ['', '\n', '# a\r\n---\r\n\r\n', '  # a\n--- \n']) expect(isEmpty(text), JSON.stringify(text)).to.equal(true);
    for (const text of ['a: b', '# a\n- {}\n']) expect(isEmpty(text), text).to.equal(false);
  });
});
