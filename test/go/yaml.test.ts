import { expect } from 'chai';
import fc from 'fast-check';
import { CORE_SCHEMA, floatCoreTag, load, mergeTag, timestampTag, YAML11_SCHEMA, type Schema } from 'js-yaml';
import { describe, it } from 'mocha';
import { readFileSync } from 'node:fs';
import { compareYamlKeys } from '../../src/go/yaml-keys.js';
import { goYaml } from '../../src/go/yaml.js';
import { propertyRuns } from '../support/runs.js';

/** What JSONToYAML of sigs.k8s.io/yaml 1.6.0 made of a value. */
interface Recorded {
  readonly value: object;
  readonly yaml: string;
}

const recorded = JSON.parse(readFileSync(new URL('../cases/output/go-yaml.json', import.meta.url), 'utf8')) as Recorded[];

const read = (text: string, schema: Schema): unknown => load(text, { schema });

/** Strings made of what YAML gives a meaning to, and of everything else. */
const nasty = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom(...'ab01279:;-+._eExXoOT /#?!&*{}[],|>@%\'"`~=<\\\n\t\r\0\x07\x1b\x7f\x85\xa0\u2028\u2029\ufeff\ufffeé日') }),
  fc.string({ unit: fc.constantFrom('0', '1', '5', '9', '_', '.', '-', '+', ':', 'e', 'x', 'b', 'o', 'T', 'Z', ' ') }),
  fc.array(fc.constantFrom('word', ' ', '  ', "it's", '"', '\\', '\n', 'a-longer-word', '日本', '😀'), { maxLength: 60 }).map((parts) => parts.join('')),
  fc.constantFrom('yes', 'No', 'null', '~', '', '<<', '=', '.inf', '-.INF', '.nan', 'y', 'ON', '---', '...', '- ', '? a', '2001-01-01', '190:20:30', '0x1F', '0o17', '1_000'),
);

const value = fc.letrec<{ node: unknown; leaf: unknown; list: unknown[]; map: Record<string, unknown> }>((tie) => ({
  node: fc.oneof({ depthSize: 'small', withCrossShrink: true }, tie('leaf'), tie('list'), tie('map')),
  leaf: fc.oneof(nasty, fc.boolean(), fc.constant(null), fc.integer(), fc.double({ noNaN: true }).map((number) => number + 0)),
  list: fc.array(tie('node'), { maxLength: 4 }),
  map: fc.dictionary(nasty, tie('node'), { maxKeys: 4, noNullPrototype: true }),
}));
const collection = fc.oneof(value.list, value.map);

describe('goYaml', () => {
  it('prints what the Go library prints', () => {
    const printed = recorded.map((each) => ({ value: each.value, yaml: goYaml(each.value) }));
    expect(printed).to.deep.equal(recorded);
  });

  for (const [name, schema] of [
    ['YAML 1.1 but for floats, whose exponent form Go shares with YAML 1.2', YAML11_SCHEMA.withTags(floatCoreTag)],
    ['YAML 1.2 with merge keys', CORE_SCHEMA.withTags(mergeTag)],
    ['YAML 1.2 with dates', CORE_SCHEMA.withTags(timestampTag)],
  ] as const) {
    it(`prints what reads back as the same value by ${name}`, () => {
      fc.assert(fc.property(collection, (original) => {
        expect(read(goYaml(original), schema)).to.deep.equal(original);
      }), propertyRuns());
    }).timeout(900_000);
  }

  it('replaces halves of surrogate pairs, which no encoding can hold', () => {
    expect(goYaml({ a: 'x\ud800y', b: '\udc00' })).to.equal('a: x\ufffdy\nb: \ufffd\n');
  });

  it('escapes what the official printer fails on or loses', () => {
    expect(goYaml(['\x7f', '\x80', '\x85', '\u2028', '\u2029', '\ufeff', '\uffff', '<<'])).to.equal(
      '- "\\x7F"\n- "\\x80"\n- "\\N"\n- "\\L"\n- "\\P"\n- "\\uFEFF"\n- "\\uFFFF"\n- "<<"\n',
    );
  });

  it('leaves dates plain for the classic dialect', () => {
    const dates = ['2001-01-01', '2001-01-01T10:00:00Z'];
    expect(goYaml(dates)).to.equal('- "2001-01-01"\n- "2001-01-01T10:00:00Z"\n');
    expect(goYaml(dates, { plainDates: true })).to.equal('- 2001-01-01\n- 2001-01-01T10:00:00Z\n');
  });

  it('leaves out undefined members and prints big integers exactly', () => {
    expect(goYaml({ a: undefined, b: 18446744073709551615n, c: { d: undefined } })).to.equal('b: 18446744073709551615\nc: {}\n');
  });

  it('prints map keys that JavaScript would put first where Go puts them', () => {
    const labels = Object.assign(Object.create(null) as object, { a: '1', 10: '2', 9: '3' });
    expect(goYaml({ labels })).to.equal('labels:\n  "9": "3"\n  "10": "2"\n  a: "1"\n');
  });
});

describe('compareYamlKeys', () => {
  it('is an order', () => {
    const key = fc.string({ unit: fc.constantFrom('a', 'b', 'Z', '0', '1', '2', '-', '.', '/', '_', 'é'), maxLength: 6 });
    fc.assert(fc.property(key, key, (a, b) => {
      expect(Math.sign(compareYamlKeys(a, b)) + Math.sign(compareYamlKeys(b, a))).to.equal(0);
      expect(compareYamlKeys(a, b) === 0).to.equal(a === b);
    }), propertyRuns());
  }).timeout(900_000);
});
