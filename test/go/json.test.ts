import { expect } from 'chai';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { goJsonIndented } from '../../src/go/indented-json.js';
import { compareBytes, goJson, sortKeys } from '../../src/go/json.js';
import { goFloat } from '../../src/go/number.js';
import { propertyRuns } from '../support/runs.js';

/** A map, as opposed to a struct. */
function map(entries: Record<string, unknown>): Record<string, unknown> {
  return Object.assign(Object.create(null) as Record<string, unknown>, entries);
}

describe('goJson', () => {
  const cases: readonly (readonly [name: string, value: unknown, json: string])[] = [
    ['keeps the order of a struct', { kind: 'Tier', apiVersion: 'v3', metadata: { name: 'a' }, spec: {} }, '{"kind":"Tier","apiVersion":"v3","metadata":{"name":"a"},"spec":{}}'],
    ['sorts a map by bytes', { labels: map({ b: '1', a: '2', Z: '3', é: '4' }) }, '{"labels":{"Z":"3","a":"2","b":"1","é":"4"}}'],
    ['sorts keys that JavaScript would put first', map({ a: '1', 10: '2', 9: '3', '-': '4' }), '{"-":"4","10":"2","9":"3","a":"1"}'],
    ['sorts characters beyond U+FFFF last', map({ '😀': 1, '\uffee': 2, '\ud7ff': 3 }), '{"\ud7ff":3,"\uffee":2,"😀":1}'],
    ['escapes what could end a script', '<a href="x">&\u2028\u2029</a>', '"\\u003ca href=\\"x\\"\\u003e\\u0026\\u2028\\u2029\\u003c/a\\u003e"'],
    ['escapes keys as well', { 'a<b': map({ 'c&d': '>' }) }, '{"a\\u003cb":{"c\\u0026d":"\\u003e"}}'],
    ['escapes control characters as Go does', '\0\b\t\n\f\r\x1b"\\/\x7f', '"\\u0000\\b\\t\\n\\f\\r\\u001b\\"\\\\/\x7f"'],
    ['replaces halves of surrogate pairs', { 'x\udc00': 'a\ud800b😀' }, '{"x\ufffd":"a\ufffdb😀"}'],
    ['leaves the text \\ud800 alone', '\\ud800', '"\\\\ud800"'],
    ['prints numbers in the shortest form', [0, -0, 1e20, 1e21, 123456789012, 1e-6, 1e-7, 0.1, 100.5], '[0,-0,100000000000000000000,1e+21,123456789012,0.000001,1e-7,0.1,100.5]'],
    ['prints big integers exactly', { sequence: 1766000000000000001n }, '{"sequence":1766000000000000001}'],
    ['leaves out undefined members', { a: undefined, b: map({ c: undefined, d: null }) }, '{"b":{"d":null}}'],
    ['prints empty maps and lists', { a: {}, b: [], c: map({}) }, '{"a":{},"b":[],"c":{}}'],
  ];
  for (const [name, value, json] of cases) {
    it(name, () => expect(goJson(value)).to.equal(json));
  }

  it('says the same slowly as fast', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => {
      // The big integer beside it keeps the value off the fast path.
      const slow = goJson({ value, big: 1n });
      expect(slow).to.equal(`{"value":${goJson(value)},"big":1}`);
      expect(goJsonIndented({ value, big: 1n })).to.equal(`{\n  "value": ${goJsonIndented(value, 1)},\n  "big": 1\n}`);
    }), propertyRuns());
  }).timeout(900_000);
});

describe('goJsonIndented', () => {
  it('indents by two blanks and keeps empty maps and lists on one line', () => {
    const value = { b: [1, [], {}, [{ c: '<' }]], a: map({ y: 1n, 10: {}, 9: undefined }) };
    expect(goJsonIndented(value)).to.equal(
      '{\n  "b": [\n    1,\n    [],\n    {},\n    [\n      {\n        "c": "\\u003c"\n      }\n    ]\n  ],\n  "a": {\n    "10": {},\n    "y": 1\n  }\n}',
    );
  });

  it('indents deeper when asked to', () => {
    expect(goJsonIndented({ a: ['x\ny'] }, 1)).to.equal('{\n    "a": [\n      "x\\ny"\n    ]\n  }');
    expect(goJsonIndented({ a: [1n] }, 1)).to.equal('{\n    "a": [\n      1\n    ]\n  }');
  });
});

describe('compareBytes', () => {
  it('orders text as its UTF-8 bytes are ordered', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '\u07ff', '\u0800', '\ud7ff', '\ue000', '\uffff', '😀', '\u{10ffff}'), maxLength: 4 });
    fc.assert(fc.property(text, text, (a, b) => {
      expect(Math.sign(compareBytes(a, b))).to.equal(Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }), propertyRuns());
  }).timeout(900_000);
});

describe('sortKeys', () => {
  it('gives a map without a prototype, its keys in order', () => {
    const sorted = sortKeys({ b: 1, a: 2 });
    expect(Object.getPrototypeOf(sorted)).to.equal(null);
    expect(Object.entries(sorted)).to.deep.equal([['a', 2], ['b', 1]]);
  });
});

describe('goFloat', () => {
  it('prints what %v prints', () => {
    const printed = [0, -0, 100000, 999999, 1000000, 12345678, 6543215.321, 0.0001, 0.00012345, 0.00001, -0.5, 1e21, 1e100, Infinity, -Infinity, NaN].map(goFloat);
    expect(printed).to.deep.equal([
      '0', '-0', '100000', '999999', '1e+06', '1.2345678e+07', '6.543215321e+06', '0.0001', '0.00012345', '1e-05', '-0.5', '1e+21', '1e+100', '+Inf', '-Inf', 'NaN',
    ]);
  });
});
