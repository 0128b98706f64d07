import { expect } from 'chai';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { decodeBlock, encodeBlock, isUnreadable } from '../../../src/ipam/records/block-codec.js';
import { parseJson } from '../../../src/go/read-json.js';
import { decodeAffinity, decodeConfiguration, decodeHandle, encodeConfiguration, encodeHandle } from '../../../src/ipam/records/records.js';
import { propertyRuns } from '../../support/runs.js';
import { sequences } from '../recorded.js';

const HEAD = '{"cidr":"10.1.70.0/30","affinity":"host:node-a","allocations":[0,null,null,null],"unallocated":[1,2,3],"attributes":[{"handle_id":"h"}]';
const TAIL = ',"sequenceNumber":1795000000000000001,"sequenceNumberForAllocation":{"0":1795000000000000000},"deleted":false}';

/** Values that cannot be read, with what is said of them. */
const UNREADABLE: Record<string, string> = {
  '': 'the value is empty',
  null: 'not a JSON object',
  '[]': 'not a JSON object',
  '{}': 'cidr is missing',
  [`${HEAD.replace('"cidr":"10.1.70.0/30",', '')}${TAIL}`]: 'cidr is missing',
  [`${HEAD.replace('10.1.70.0/30', '10.0.0/33')}${TAIL}`]: 'cidr is not a network',
  [`${HEAD.replace('"host:node-a"', '7')}${TAIL}`]: 'affinity is not text',
  [`${HEAD.replace('[0,null,null,null]', '[0.5]')}${TAIL}`]: 'allocations is not a list of whole numbers',
  [`${HEAD.replace('[0,null,null,null]', 'null')}${TAIL}`]: 'allocations is not a list of whole numbers',
  [`${HEAD.replace('[1,2,3]', '["1"]')}${TAIL}`]: 'unallocated is not a list of whole numbers',
  [`${HEAD.replace('{"handle_id":"h"}', '{"handle_id":1}')}${TAIL}`]: 'attributes is not a list of handles and texts',
  [`${HEAD.replace('{"handle_id":"h"}', '{"secondary":{"pod":1}}')}${TAIL}`]: 'attributes is not a list of handles and texts',
  [`${HEAD}${TAIL.replace('1795000000000000001', '"5"')}`]: 'sequenceNumber is not a whole number from 0',
  [`${HEAD}${TAIL.replace('1795000000000000001', '1.5')}`]: 'sequenceNumber is not a whole number from 0',
  [`${HEAD}${TAIL.replace('1795000000000000001', '-4')}`]: 'sequenceNumber is not a whole number from 0',
  [`${HEAD}${TAIL.replace('1795000000000000001', '18446744073709551616')}`]: 'sequenceNumber is too large',
  [`${HEAD}${TAIL.replace('{"0":1795000000000000000}', '[1]')}`]: 'sequenceNumberForAllocation is not an object',
  [`${HEAD}${TAIL.replace(':1795000000000000000}', ':-1795000000000000000}')}`]: 'the sequence number of ordinal 0 is not a whole number from 0',
  [`${HEAD}${TAIL.replace('false', '0')}`]: 'deleted is neither true nor false',
};

describe('stored blocks, handles, affinities and configuration', () => {
  it('are written byte for byte as they were read, wherever Calico wrote them', () => {
    let count = 0;
    for (const { steps } of sequences()) {
      for (const { op, changes } of steps) {
        for (const [key, value] of Object.entries(changes)) {
          if (value === null || op === 'put' || !key.startsWith('/calico/ipam/v2/')) continue;
          expect(rewritten(key, value), key).to.equal(value);
          count++;
        }
      }
    }
    expect(count).to.equal(1740);
  });

  it('that cannot be read say why', () => {
    const problems = Object.fromEntries(Object.keys(UNREADABLE).map((text) => [text, problemOf(decodeBlock(text))]));
    expect(problems).to.deep.equal(UNREADABLE);
    expect(problemOf(decodeBlock(`${HEAD}${TAIL}x`))).to.match(/^not JSON: /);
    expect(problemOf(decodeHandle('{"block":{"10.0.0.0/26":"1"}}'))).to.equal('the count of block 10.0.0.0/26 is not a whole number');
    expect(problemOf(decodeAffinity('{"state":"gone"}'))).to.equal('unknown state "gone"');
    expect(problemOf(decodeConfiguration('{"strict_affinity":'))).to.equal('not a JSON object');
  });

  it('keep large numbers whatever the layout', () => {
    const spaced = `${HEAD}${TAIL}`.replaceAll(':', ': ').replaceAll(',', ', ').replace('host: node-a', 'host:node-a');
    const moved = `{"deleted":false,"sequenceNumberForAllocation":{"0":1795000000000000000},"sequenceNumber":1795000000000000001,${HEAD.slice(1)}}`;
    const added = `${HEAD}${TAIL.slice(0, -1)},"newer":1}`;
    for (const text of [spaced, moved, added]) {
      const block = decodeBlock(text);
      expect(isUnreadable(block) ? block.problem : encodeBlock(block)).to.equal(`${HEAD}${TAIL}`);
    }
  });

  it('are not misled by texts that look like the end of a block', () => {
    const pod = JSON.stringify(TAIL);
    const text = `${HEAD.replace('{"handle_id":"h"}', `{"handle_id":"h","secondary":{"pod":${pod}}}`)}${TAIL}`;
    const moved = `{"deleted":false,"sequenceNumber":3,"sequenceNumberForAllocation":{},${text.slice(1).replace(TAIL, '')}}`;
    const [block, other] = [decodeBlock(text), decodeBlock(moved)];
    expect(isUnreadable(block) ? block.problem : encodeBlock(block)).to.equal(text);
    expect(isUnreadable(other) ? other.problem : [other.sequenceNumber, other.attributes]).to.deep.equal([3n, [{ handle_id: 'h', secondary: { pod: TAIL } }]]);
  });

  it('keep configuration fields of newer versions', () => {
    const text = '{"strict_affinity":true,"maxBlocksPerHost":3,"someFutureField":{"x":[18446744073709551615,"<"]}}';
    const configuration = decodeConfiguration(text);
    expect(isUnreadable(configuration) ? configuration.problem : encodeConfiguration(configuration)).to.equal(text.replace('<', '\\u003c'));
  });
});

describe('JSON with large integers', () => {
  const json = fc.letrec((tie) => ({
    value: fc.oneof({ depthSize: 'small' }, fc.string(), fc.constantFrom(':1795000000000000000,', '"', '\\', 'integer:12345678901234567', '[1234567890123456789]'), fc.bigInt(-(2n ** 70n), 2n ** 70n), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean(), fc.constant(null), tie('list'), tie('object')),
    list: fc.array(tie('value')),
    object: fc.dictionary(fc.string(), tie('value')),
  })).value;

  it('comes out exactly', () => {
    fc.assert(fc.property(json, (value) => { expect(parseJson(written(value))).to.deep.equal(plain(value)); }), propertyRuns());
  }).timeout(900_000);

  it('is refused where JSON.parse refuses it', () => {
    for (const text of ['01234567890123456789', '{"a":1234567890123456789', '1234567890123456789x', '"1234567890123456789', '-01234567890123456789']) {
      expect(() => parseJson(text), text).to.throw(SyntaxError);
    }
  });
});

function rewritten(key: string, value: string): string {
  if (key.includes('/assignment/')) {
    const block = decodeBlock(value);
    return isUnreadable(block) ? block.problem : encodeBlock(block);
  }
  if (key.includes('/handle/')) {
    const handle = decodeHandle(value);
    return isUnreadable(handle) ? handle.problem : encodeHandle(handle.counts);
  }
  if (key.endsWith('/config')) {
    const configuration = decodeConfiguration(value);
    return isUnreadable(configuration) ? configuration.problem : encodeConfiguration(configuration);
  }
  const affinity = decodeAffinity(value);
  return isUnreadable(affinity) ? affinity.problem : `{"state":"${affinity.state}","deleted":false}`;
}

function problemOf(value: object): string | undefined {
  return isUnreadable(value) ? value.problem : undefined;
}

/** JSON text with bigints written out. */
function written(value: unknown): string {
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return `[${value.map(written).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{${Object.entries(value).map(([key, member]) => `${JSON.stringify(key)}:${written(member)}`).join(',')}}`;
}

/** The same value with bigints that a number holds exactly as numbers, as JSON does not tell them apart. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (typeof value === 'number') return Object.is(value, -0) ? 0 : !Number.isSafeInteger(value) && /^-?\d+$/.test(String(value)) ? BigInt(String(value)) : value;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, plain(member)]));
}
