import { expect } from 'chai';
import { describe, it } from 'mocha';
import { documentFields } from '../../src/resources/document-fields.js';
import type { Field } from '../../src/resources/fields/field.js';
import { languageOf } from '../../src/resources/hints/explain.js';
import { misspelt } from '../../src/resources/hints/unknown-field.js';
import { opposite } from '../../src/text/meaning.js';
import { CLASSIC_KINDS, STORED_KINDS } from '../../src/resources/registry.js';
import { sameLetters, similar } from '../../src/text/similar.js';

const KINDS = [...CLASSIC_KINDS, ...STORED_KINDS];

/** Every map with fields of every kind, each once. */
function maps(): (readonly Field[])[] {
  const found = new Set<readonly Field[]>();
  const visit = (fields: readonly Field[]): void => {
    if (found.has(fields)) return;
    found.add(fields);
    for (const { type } of fields) {
      const inner = type.fields ?? type.element?.fields;
      if (inner) visit(inner);
    }
  };
  for (const kind of KINDS) visit(documentFields(kind));
  return [...found];
}

const MAPS = maps();
const WORDS = [...new Set(MAPS.flatMap((fields) => fields.map(({ name }) => name)))];
const { vocabulary } = languageOf(STORED_KINDS[0]!);

describe('"did you mean"', () => {
  it('takes no field of any kind for another one misspelt', () => {
    expect(WORDS.length).to.be.greaterThan(300);
    const wrong = MAPS.flatMap((fields) =>
      WORDS.filter((word) => sameLetters(word, fields.map(({ name }) => name)) === undefined).flatMap((word) => {
        const meant = misspelt(word, fields, vocabulary);
        return meant === undefined ? [] : [`${word} -> ${meant}`];
      }),
    );
    expect(wrong).to.deep.equal([]);
  });

  it('declares no word as a mistake for its opposite', () => {
    const wrong = MAPS.flatMap((fields) => fields.flatMap(({ name, mistakenFor = [] }) => mistakenFor.filter((word) => word.startsWith('not') !== name.startsWith('not') && !word.startsWith('!')).map((word) => `${word} -> ${name}`)));
    expect(wrong).to.deep.equal([]);
  });

  it('turns no name with one slip into the opposite of what was meant', () => {
    const wrong = new Set<string>();
    for (const fields of MAPS) {
      const names = fields.map(({ name }) => name);
      for (const name of names.filter((each) => each.length > 3)) {
        for (let at = 0; at < name.length; at++) {
          for (const slip of [name.slice(0, at) + name.slice(at + 1), `${name.slice(0, at)}q${name.slice(at + 1)}`, `${name.slice(0, at)}q${name.slice(at)}`]) {
            const meant = misspelt(slip, fields, vocabulary);
            if (meant !== undefined && meant !== name && opposite(meant, name)) wrong.add(`${slip} (${name}) -> ${meant}`);
          }
        }
      }
    }
    expect([...wrong]).to.deep.equal([]);
  });

  const cases: [string, readonly string[], string | undefined][] = [
    ['podSelector', ['selector', 'notSelector', 'nets'], undefined],
    ['ntSelector', ['selector', 'notSelector'], undefined],
    ['notSelectr', ['selector', 'notSelector'], 'notSelector'],
    ['selectr', ['notSelector', 'selector'], 'selector'],
    ['igress', ['ingress', 'egress'], undefined],
    ['ingres', ['ingress', 'egress'], 'ingress'],
    ['egres', ['ingress'], undefined],
    ['ipv4Adress', ['ipv6Address', 'ipv4Address'], 'ipv4Address'],
    ['ipv4Address', ['ipv6Address'], undefined],
    ['icmp6', ['tcp', 'icmp', 'icmpv6'], 'icmpv6'],
    ['importV4', ['exportV4'], undefined],
    ['disable', ['enable'], undefined],
    ['unlok', ['lock', 'unlock'], 'unlock'],
  ];
  for (const [name, candidates, expected] of cases) {
    it(`${name} among ${candidates.join(', ')} is ${expected ?? 'nothing'}`, () => expect(similar(name, candidates)).to.equal(expected));
  }
});
