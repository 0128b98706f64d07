import { expect } from 'chai';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { Inapplicable, type PatchType, type Shape } from '../../src/objects/patch/patch.js';
import { readPatch } from '../../src/objects/patch/read.js';
import { documentFields } from '../../src/resources/document-fields.js';
import { pathText, Problems } from '../../src/resources/problem.js';
import { globalNetworkPolicy } from '../../src/resources/v3/global-network-policy.js';

/** What a patch makes of a document; what is wrong with the patch, or why it does not apply. */
function patched(type: PatchType, document: unknown, patch: unknown, shape?: Shape): unknown {
  const before = structuredClone(document);
  const problems = new Problems();
  const read = readPatch(type, patch, problems);
  if (read === undefined) return problems.list.map(({ path, message }) => `${pathText(path)}: ${message}`);
  try {
    return read.apply(document as Record<string, unknown>, shape);
  } catch (error) {
    if (!(error instanceof Inapplicable)) throw error;
    return error.message;
  } finally {
    expect(document).to.deep.equal(before);
  }
}

const json = (text: string): unknown => JSON.parse(text);

describe('a merge patch', () => {
  // RFC 7396, appendix A, of those whose result is a map.
  const CASES: readonly (readonly [document: string, patch: string, result: string])[] = [
    ['{"a":"b"}', '{"a":"c"}', '{"a":"c"}'],
    ['{"a":"b"}', '{"b":"c"}', '{"a":"b","b":"c"}'],
    ['{"a":"b"}', '{"a":null}', '{}'],
    ['{"a":"b","b":"c"}', '{"a":null}', '{"b":"c"}'],
    ['{"a":["b"]}', '{"a":"c"}', '{"a":"c"}'],
    ['{"a":"c"}', '{"a":["b"]}', '{"a":["b"]}'],
    ['{"a":{"b":"c"}}', '{"a":{"b":"d","c":null}}', '{"a":{"b":"d"}}'],
    ['{"a":[{"b":"c"}]}', '{"a":[1]}', '{"a":[1]}'],
    ['{"e":null}', '{"a":1}', '{"e":null,"a":1}'],
    ['[1,2]', '{"a":"b","c":null}', '{"a":"b"}'],
    ['{}', '{"a":{"bb":{"ccc":null}}}', '{"a":{"bb":{}}}'],
    ['{"labels":{"constructor":"x"}}', '{"labels":{"toString":"y"}}', '{"labels":{"constructor":"x","toString":"y"}}'],
    ['{"labels":{}}', '{"labels":{"__proto__":"y"}}', '{"labels":{"__proto__":"y"}}'],
    ['{}', '{"__proto__":{"polluted":"yes"}}', '{"__proto__":{"polluted":"yes"}}'],
  ];
  for (const type of ['merge', 'strategic'] as const) {
    for (const [document, patch, result] of CASES) it(`(${type}) ${patch} of ${document}`, () => expect(JSON.stringify(patched(type, json(document), json(patch)))).to.equal(result));
  }

  it('of lists, texts and numbers is none', () => {
    expect(patched('merge', {}, [1])).to.deep.equal([': a merge patch is a map of fields, not a list']);
    expect(patched('strategic', {}, 'order')).to.deep.equal([': a strategic patch is a map of fields, not "order"']);
  });

  it('that is strategic may replace or empty a map', () => {
    expect(patched('strategic', { spec: { a: 1, b: 2 } }, { spec: { $patch: 'replace', c: 3 } })).to.deep.equal({ spec: { c: 3 } });
    expect(patched('strategic', { spec: { a: 1 } }, { spec: { $patch: 'delete' } })).to.deep.equal({ spec: {} });
    expect(patched('strategic', { spec: { a: 1 } }, { spec: { $patch: 'merge', b: 2 } })).to.deep.equal({ spec: { a: 1, b: 2 } });
    expect(patched('strategic', { spec: { a: 1 } }, { spec: { x: { $patch: 'drop' } } })).to.deep.equal(['spec.x.$patch: expected replace, delete or merge, found "drop"']);
    expect(patched('merge', { spec: { a: 1 } }, { spec: { $patch: 'replace' } })).to.deep.equal({ spec: { a: 1, $patch: 'replace' } });
  });

  it('finds fields whatever their letter case, and labels as they are written', () => {
    const document = { metadata: { labels: { app: 'a' } }, spec: { order: 1, ingress: [{ action: 'Deny' }] } };
    const patch = { Metadata: { labels: { App: 'b' } }, spec: { Order: 2, INGRESS: null } };
    expect(patched('merge', document, patch, { fields: documentFields(globalNetworkPolicy) })).to.deep.equal({ metadata: { labels: { app: 'a', App: 'b' } }, spec: { order: 2 } });
  });

  it('made of two documents leads from one to the other', () => {
    const value = fc.letrec((tie) => ({
      map: fc.dictionary(fc.constantFrom('a', 'b', 'c', '__proto__', 'constructor'), tie('any'), { maxKeys: 4, noNullPrototype: true }),
      any: fc.oneof({ depthSize: 'small' }, fc.integer(), fc.string(), fc.array(fc.integer()), tie('map')),
    })).map;
    const between = (from: unknown, to: unknown): unknown => {
      if (!isMap(from) || !isMap(to)) return to;
      const gone = Object.keys(from).filter((key) => !Object.hasOwn(to, key)).map((key) => [key, null] as const);
      return Object.fromEntries([...Object.entries(to).map(([key, each]) => [key, Object.hasOwn(from, key) ? between(from[key], each) : each] as const), ...gone]);
    };
    fc.assert(fc.property(value, value, (from, to) => {
      expect(patched('merge', from, between(from, to))).to.deep.equal(to);
    }));
  });
});

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

describe('a JSON patch', () => {
  // Among these is what the libraries got wrong (docs/decisions).
  const CASES: readonly (readonly [document: unknown, patch: readonly unknown[], result: unknown])[] = [
    [{ foo: 1 }, [], { foo: 1 }],
    [{ foo: 1 }, [{ op: 'add', path: '/bar', value: [1, 2] }], { foo: 1, bar: [1, 2] }],
    [{ foo: null }, [{ op: 'add', path: '/foo', value: 1 }], { foo: 1 }],
    [{ foo: ['a', 'c'] }, [{ op: 'add', path: '/foo/1', value: 'b' }], { foo: ['a', 'b', 'c'] }],
    [{ foo: ['a'] }, [{ op: 'add', path: '/foo/-', value: ['b'] }], { foo: ['a', ['b']] }],
    [{ foo: ['a'] }, [{ op: 'add', path: '/foo/1', value: 'b' }], { foo: ['a', 'b'] }],
    [{ foo: ['a'] }, [{ op: 'add', path: '/foo/2', value: 'b' }], 'operation 1 of the patch, add /foo/2: "2" is no place in a list of 1'],
    [{ foo: ['a'] }, [{ op: 'add', path: '/foo/-1', value: 'b' }], 'operation 1 of the patch, add /foo/-1: "-1" is no place in a list of 1'],
    [{ foo: ['a'] }, [{ op: 'add', path: '/foo/bar', value: 'b' }], 'operation 1 of the patch, add /foo/bar: "bar" is no place in a list of 1'],
    [{}, [{ op: 'add', path: '/a/b', value: 1 }], 'operation 1 of the patch, add /a/b: nothing stands at /a'],
    [{ foo: 'x' }, [{ op: 'add', path: '/foo/bar', value: 1 }], 'operation 1 of the patch, add /foo/bar: what should hold "bar" is "x"'],
    [{ foo: 1 }, [{ op: 'add', path: '', value: { a: 1 } }], { a: 1 }],
    [{ foo: 1 }, [{ op: 'replace', path: '', value: { a: 1 } }], { a: 1 }],
    [{ foo: ['a', 'b'] }, [{ op: 'replace', path: '/foo/1', value: 'c' }], { foo: ['a', 'c'] }],
    [{ foo: ['a', 'b'] }, [{ op: 'replace', path: '/foo/2', value: 1 }], 'operation 1 of the patch, replace /foo/2: nothing stands at /foo/2'],
    [{ foo: ['a', 'b'] }, [{ op: 'replace', path: '/foo/1e0', value: 1 }], 'operation 1 of the patch, replace /foo/1e0: nothing stands at /foo/1e0'],
    [{ foo: ['a', 'b'] }, [{ op: 'replace', path: '/foo/-', value: 1 }], 'operation 1 of the patch, replace /foo/-: nothing stands at /foo/-'],
    [{ foo: 1 }, [{ op: 'replace', path: '/hasOwnProperty', value: 1 }], 'operation 1 of the patch, replace /hasOwnProperty: nothing stands at /hasOwnProperty'],
    [{ foo: ['a', 'b'] }, [{ op: 'remove', path: '/foo/0' }, { op: 'remove', path: '/foo/0' }], { foo: [] }],
    [{ foo: ['a', 'b'] }, [{ op: 'remove', path: '/foo/-' }], 'operation 1 of the patch, remove /foo/-: nothing stands at /foo/-'],
    [{ foo: 1 }, [{ op: 'remove', path: '/toString' }], 'operation 1 of the patch, remove /toString: nothing stands at /toString'],
    [{ foo: null, bar: 1 }, [{ op: 'remove', path: '/foo' }], { bar: 1 }],
    [{ foo: { 'a/b': 1, 'm~n': 2, 'a~1b': 3 } }, [{ op: 'remove', path: '/foo/a~1b' }, { op: 'remove', path: '/foo/m~0n' }], { foo: { 'a~1b': 3 } }],
    [{ foo: { 'a~1b': 3 } }, [{ op: 'remove', path: '/foo/a~01b' }], { foo: {} }],
    [{ '': 1 }, [{ op: 'remove', path: '/' }], {}],
    [{ foo: ['a', 'b'] }, [{ op: 'move', from: '/foo/0', path: '/foo/1' }], { foo: ['b', 'a'] }],
    [{ foo: 1 }, [{ op: 'move', from: '/foo', path: '/foo' }], { foo: 1 }],
    [{ foo: null }, [{ op: 'move', from: '/foo', path: '/bar' }], { bar: null }],
    [{ foo: { bar: 1 } }, [{ op: 'copy', from: '/foo', path: '/baz' }, { op: 'replace', path: '/baz/bar', value: 2 }], { foo: { bar: 1 }, baz: { bar: 2 } }],
    [{ foo: 1 }, [{ op: 'copy', from: '/constructor', path: '/x' }], 'operation 1 of the patch, copy /x: nothing stands at /constructor'],
    [{ l: {} }, [{ op: 'add', path: '/l/constructor', value: 'x' }], { l: { constructor: 'x' } }],
    [{ l: { constructor: 'y' } }, [{ op: 'remove', path: '/l/constructor' }], { l: {} }],
    [{ foo: 1 }, [{ op: 'add', path: '/__proto__/x', value: 1 }], 'operation 1 of the patch, add /__proto__/x: nothing stands at /__proto__'],
    [{ foo: 1 }, [{ op: 'add', path: '/constructor/prototype/x', value: 1 }], 'operation 1 of the patch, add /constructor/prototype/x: nothing stands at /constructor'],
    [{ foo: { a: 1, b: [2] } }, [{ op: 'test', path: '/foo', value: { b: [2], a: 1 } }], { foo: { a: 1, b: [2] } }],
    [{ foo: ['a', 'b'] }, [{ op: 'test', path: '/foo/01', value: 'b' }], 'operation 1 of the patch, test /foo/01: nothing stands at /foo/01'],
    [{ foo: 1 }, [{ op: 'test', path: '/bar', value: null }], 'operation 1 of the patch, test /bar: nothing stands at /bar'],
    [{ foo: 1 }, [{ op: 'add', path: '/b', value: 1 }, { op: 'test', path: '/foo', value: '1' }], 'operation 2 of the patch, test /foo: found the number 1, not "1"'],
    [{ spec: { password: 'x' } }, [{ op: 'test', path: '/spec/password', value: 'y' }], 'operation 1 of the patch, test /spec/password: the value is another'],
    [{ foo: 12345678901234567890n }, [{ op: 'test', path: '/foo', value: 12345678901234567890n }, { op: 'add', path: '/b', value: 1 }], { foo: 12345678901234567890n, b: 1 }],
    [{ foo: 12345678901234567890n }, [{ op: 'test', path: '/foo', value: 12345678901234567891n }], 'operation 1 of the patch, test /foo: found the number 12345678901234567890, not the number 12345678901234567891'],
  ];
  for (const [document, patch, result] of CASES) it(`${JSON.stringify(patch, textOfNumber)} of ${JSON.stringify(document, textOfNumber)}`, () => expect(patched('json', document, patch)).to.deep.equal(result));

  it('is told all that is wrong with it', () => {
    expect(patched('json', {}, { spec: {} })).to.deep.equal([': a JSON patch is a list of operations, not a map']);
    const operations = [7, { op: 'spam', path: '/a' }, { path: '/a' }, { op: 'add', path: '/a' }, { op: 'remove' }, { op: 'remove', path: 'a' }, { op: 'remove', path: '/a~b' }, { op: 'copy', path: '/a' }, { op: 'move', from: '/a', path: '/a/b' }];
    expect(patched('json', {}, operations)).to.deep.equal([
      '[0]: expected an operation such as {"op": "remove", "path": "/spec/order"}, found the number 7',
      '[1].op: expected add, remove, replace, move, copy or test, found "spam"',
      '[2].op: expected add, remove, replace, move, copy or test, found nothing',
      '[3]: add needs a value',
      '[4].path: expected a pointer such as /spec/order, found nothing',
      '[5].path: expected a pointer such as /spec/order, found "a"',
      '[6].path: expected a pointer such as /spec/order, found "/a~b"',
      '[7].from: expected a pointer such as /spec/order, found nothing',
      '[8].path: nothing can be moved into itself',
    ]);
  });

  it('knows which operation said what', () => {
    const patch = readPatch('json', [{ op: 'add', path: '/spec', value: { order: 1 } }, { op: 'replace', path: '/spec/order', value: 2 }, { op: 'remove', path: '/spec/ingress/0' }, { op: 'copy', from: '/a', path: '/b' }], new Problems())!;
    expect([['spec', 'order'], ['spec', 'selector'], ['spec', 'ingress'], ['b', 'c'], ['kind']].map((path) => pathText(patch.source(path)))).to.deep.equal(['[1].value', '[0].value.selector', '[2].path', '[3].path', '']);
  });
});

function textOfNumber(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}
