import { expect } from 'chai';
import fc from 'fast-check';
import { constructFromEvents } from 'js-yaml';
import { describe, it } from 'mocha';
import { readEvents } from '../../src/manifest/events.js';
import { readJson } from '../../src/manifest/json.js';
import { manifestSchema } from '../../src/manifest/schema.js';
import { propertyRuns } from '../support/runs.js';

function readYaml(text: string): unknown {
  const { events, text: source } = readEvents(text);
  return constructFromEvents(events, { source, schema: manifestSchema() })[0];
}

describe('JSON documents', function () {
  this.timeout(900_000);

  it('have the value that the YAML reader gives them', () => {
    const space = fc.constantFrom('', ' ', '\n', '  ', '\r\n');
    const value = fc.oneof(fc.array(fc.jsonValue({ maxDepth: 4, stringUnit: 'binary' })), fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ maxDepth: 4 })));
    fc.assert(
      fc.property(value, space, space, (data, before, indent) => {
        const text = before + JSON.stringify(data, null, indent.replace(/\S/g, ''));
        const json = readJson(text);
        if (json !== undefined) expect(json).to.deep.equal(readYaml(text));
      }),
      propertyRuns(),
    );
  });

  it('made of any tokens are read alike, or left to the YAML reader', () => {
    const token = fc.constantFrom('{', '}', '[', ']', ',', ':', '"a"', '"b"', '"\\""', '"\\\\"', '"<<"', '"__proto__"', '1', '-0', '-1.5', '0.1', '12345678901234567', '1e3', 'true', 'null', ' ', '\n');
    fc.assert(
      fc.property(fc.array(token, { maxLength: 12 }), fc.boolean(), (tokens, map) => {
        const text = map ? `{"x":[${tokens.join('')}]}` : `[${tokens.join('')}]`;
        const json = readJson(text);
        if (json !== undefined) expect(json).to.deep.equal(readYaml(text));
      }),
      propertyRuns(),
    );
  });

  const fast: [text: string, value: unknown][] = [
    ['{"a": [1, -2.5, "x\\n", true, null]}', { a: [1, -2.5, 'x\n', true, null] }],
    ['\n [ {"a\\\\": {"b": "\\": "}} ] \n', [{ 'a\\': { b: '": ' } }]],
    ['{"a": 123456789012345}', { a: 123456789012345 }],
  ];
  for (const [text, value] of fast) {
    it(`${JSON.stringify(text)} is read fast`, () => expect(readJson(text)).to.deep.equal(value));
  }

  const left = ['{"a": 1, "a": 1}', '{"a": {"b": 1, "c": {"b": 1}, "b": 2}}', '{"a": 9007199254740993}', '{"a": 1e3}', '{"a": -0}', '{"a": "\\ud83d"}', '{a: 1}', '{"a": 1,}', '"a"', '12', `${'['.repeat(64)}${']'.repeat(64)}`, '['.repeat(1_000_000)];
  for (const text of left) {
    it(`${text.slice(0, 40)} is left to the YAML reader`, () => expect(readJson(text)).to.equal(undefined));
  }
});
