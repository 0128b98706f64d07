import type { Data } from '../../../src/base/data.js';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { field } from '../../../src/resources/fields/field.js';
import { objectOf } from '../../../src/resources/fields/object.js';
import { bool, integer, text } from '../../../src/resources/fields/scalars.js';
import { Problems, pathText } from '../../../src/resources/problem.js';

const inner = objectOf('an inner thing', [field('name', text(), { required: 'a thing needs a name' })]);
const type = objectOf('a thing', [
  field('port', integer({ name: 'a port' }), { write: 'given' }),
  field('label', text(), { mistakenFor: ['tag'] }),
  field('enabled', bool, { write: 'always' }),
  field('inner', inner),
]);

function decode(raw: unknown): [unknown, string[]] {
  const problems = new Problems();
  const value: Data | undefined = type.decode(raw, ['spec'], { problems, coerce: true });
  return [JSON.stringify(value), problems.list.map(({ path, message, hint }) => `${pathText(path)}: ${message}${hint === undefined ? '' : ` (${hint})`}`)];
}

describe('objects', () => {
  it('holds its fields in declared order, each as it is written', () => {
    expect(decode({ label: '', port: 0 })).to.deep.equal(['{"port":0,"enabled":false}', []]);
    expect(decode({ INNER: { NAME: 'a' }, Label: 7, ENABLED: true })).to.deep.equal(['{"label":"7","enabled":true,"inner":{"name":"a"}}', []]);
    expect(decode({ port: null, label: null, enabled: null, inner: null })).to.deep.equal(['{"enabled":false}', []]);
  });

  it('refuses a field given twice, unless one of the two says nothing', () => {
    expect(decode({ label: 'a', Label: 'b' })).to.deep.equal(['{"label":"a","enabled":false}', ['spec.Label: "Label" and "label" are the same field, given twice']]);
    expect(decode({ inner: { name: 'a' }, Inner: {} })).to.deep.equal(['{"enabled":false,"inner":{"name":"a"}}', []]);
    expect(decode({ Inner: null, inner: { name: 'a' } })).to.deep.equal(['{"enabled":false,"inner":{"name":"a"}}', []]);
  });

  it('names every unknown field', () => {
    expect(decode({ lable: 1, other: 3 })[1]).to.deep.equal(['spec.lable: unknown field "lable"', 'spec.other: unknown field "other"']);
  });

  it('reports what is required and what is of another type', () => {
    expect(decode({ inner: {}, enabled: 'True', port: 1.5 })[1]).to.deep.equal([
      'spec.port: expected a port, found the number 1.5',
      'spec.enabled: expected true or false, found "True" (write true without quotes)',
      'spec.inner.name: a thing needs a name',
    ]);
    expect(decode(['a'])).to.deep.equal([undefined, ['spec: expected a thing, found a list (write a map, not a list; its fields are port, label, enabled, inner)']]);
  });
});
