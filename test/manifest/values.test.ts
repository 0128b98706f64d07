import { expect } from 'chai';
import { describe, it } from 'mocha';
import { read, shown, specOf } from './reading.js';

// YAML as Go reads it (reference/classic 3.4), and the rules of Go's YAML reader behind it.
const SCALARS: [string, unknown][] = [
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'on', 'On', 'ON', 'true', 'True', 'TRUE'].map((word): [string, unknown] => [word, true]),
  ...['n', 'N', 'no', 'No', 'NO', 'off', 'Off', 'OFF', 'false', 'False', 'FALSE'].map((word): [string, unknown] => [word, false]),
  ...['~', 'null', 'Null', 'NULL', ''].map((word): [string, unknown] => [word, null]),
  ...['yEs', 'oN', 'tRUE', 'nULL', 'nope', 'yesterday', '~x'].map((word): [string, unknown] => [word, word]),
  ['0x1F', 31], ['0X1f', 31], ['-0x10', -16], ['017', 15], ['-017', -15], ['0o17', 15], ['0b11', 3], ['-0b11', -3], ['1_000', 1000], ['0x_1F', 31],
  ['+12', 12], ['-12', -12], ['0', 0], ['-0', 0], ['08', 8], ['0777', 511],
  ['9007199254740991', 9007199254740991], ['9007199254740993', 9007199254740993n], ['-9007199254740993', -9007199254740993n],
  ['18446744073709551615', 18446744073709551615n], ['0xffffffffffffffff', 18446744073709551615n],
  ['1e3', 1000], ['.5', 0.5], ['-.5', -0.5], ['1.', 1], ['1.10', 1.1], ['1.5e-3', 0.0015], ['1_0.5', 10.5],
  ['.inf', Infinity], ['-.INF', -Infinity], ['+.Inf', Infinity], ['.nan', NaN],
  ['1e999', '1e999'], ['9'.repeat(65), 1e65], ['9'.repeat(400), '9'.repeat(400)],
  ...['10:20', '1:2', '02:42:10:20:30:40', '12:30:45', '2001-12-14', '2001-12-14t21:59:43.10-05:00', '10.0.0.1', '10.0.0.0/8', 'fd00::1', '0b12', '0x', '0xg', '-x', '+', '.', '1_', '1.2.3', 'e3'].map(
    (word): [string, unknown] => [word, word === '1_' ? 1 : word],
  ),
  ['"12"', '12'], ["'yes'", 'yes'], ['!!str 12', '12'], ['!!str yes', 'yes'], ['!foo 12', '12'], ['!!int "12"', 12], ['!!float 5', 5], ['!!bool "yes"', true], ['!!timestamp 2001-12-14', '2001-12-14'],
  ['"a\\tb\\u00e9\\U0001F600"', 'a\tbé\u{1F600}'], ['"\\ud83d\\ude00"', '\u{1F600}'],
];

describe('values of a manifest', () => {
  for (const [text, value] of SCALARS) {
    it(`${text.slice(0, 40)} is ${typeof value === 'bigint' ? `${value}n` : String(value).slice(0, 40)}`, () => {
      expect(specOf(`x: ${text}`)).to.deep.equal({ x: value });
    });
  }

  it('reads unquoted port ranges in block lists', () => {
    expect(specOf('ports:\n- 10:20\n- 80\n- http')).to.deep.equal({ ports: ['10:20', 80, 'http'] });
  });

  it('stringifies keys', () => {
    const keys = specOf('5: a\nyes: b\n0x10: c\n1.50: d\n"~": e\n10:20: f\n9007199254740993: g');
    expect(keys).to.deep.equal({ '5': 'a', 'true': 'b', '16': 'c', '1.5': 'd', '~': 'e', '10:20': 'f', '9007199254740993': 'g' });
  });

  it('follows anchors, aliases and merge keys', () => {
    expect(specOf('a: &a {x: 1, w: 2}\nb: *a\nc:\n  <<: *a\n  w: 3\nd:\n  <<: [*a, {z: 4}]\ne: {"<<": 5}')).to.deep.equal({
      a: { x: 1, w: 2 }, b: { x: 1, w: 2 }, c: { x: 1, w: 3 }, d: { x: 1, w: 2, z: 4 }, e: { '<<': 5 },
    });
  });

  it('keeps the names of object internals as data', () => {
    const spec = specOf('__proto__: {admin: true}\nconstructor: a\ntoString: b\nhasOwnProperty: c') as Record<string, unknown>;
    expect(Object.entries(spec)).to.deep.equal([['__proto__', { admin: true }], ['constructor', 'a'], ['toString', 'b'], ['hasOwnProperty', 'c']]);
    expect(Object.getPrototypeOf(spec)).to.equal(Object.prototype);
    expect(({} as Record<string, unknown>)['admin']).to.equal(undefined);
  });

  it('takes lines inside brackets and quotes at any indentation, as the classic tool does', () => {
    const text = 'apiVersion: v1\nkind: policy\nspec:\n  labels: {\n    a: 1\n  }\n  list: [\n1,\n\t2\n]\n  text: "one\ntwo"\n';
    const { resources, diagnostics } = read(text);
    expect(shown(diagnostics)).to.deep.equal([]);
    expect(resources[0]?.raw['spec']).to.deep.equal({ labels: { a: 1 }, list: [1, 2], text: 'one two' });
  });

  it('takes JSON with what YAML allows beyond it', () => {
    const { resources, diagnostics } = read('{"apiVersion": "v1", "kind": "policy", "spec": {"a": [1, 2,],}, } # done\n');
    expect(shown(diagnostics)).to.deep.equal([]);
    expect(resources[0]?.raw).to.deep.equal({ apiVersion: 'v1', kind: 'policy', spec: { a: [1, 2] } });
  });
});
