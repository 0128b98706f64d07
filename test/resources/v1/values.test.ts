import type { Data } from '../../../src/base/data.js';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { asNumber } from '../../../src/resources/fields/network.js';
import { goJson } from '../../../src/go/json.js';
import { Problems } from '../../../src/resources/problem.js';
import { portRange, portText, protocolValue, supportsPorts, type PortRange } from '../../../src/resources/v1/numbers.js';
import { sideReadBack } from '../../../src/resources/v1/rules.js';
import { cases, plain, policyWith, readBack } from '../../support/classic.js';

type Type = 'asNumber' | 'port' | 'protocol';

interface Values {
  readonly unmarshal: readonly { id: string; type: Type; json: string; valid: boolean; value?: string }[];
  readonly marshal: readonly { id: string; type: Type; value: string; json: string }[];
  readonly stringify: readonly { id: string; type: Type; value: string; text: string }[];
  readonly supportsPorts: readonly { id: string; protocol: string; supportsPorts: boolean }[];
  readonly ruleConversion: readonly { id: string; direction: string; rule: Data; stored: Data }[];
}

const values = cases<Values>('v1-values.json');

function read(type: Type, raw: unknown): number | string | undefined {
  if (type === 'asNumber') return asNumber.decode(raw, [], { problems: new Problems(), coerce: true });
  if (type === 'protocol') return protocolValue(raw);
  const range: PortRange | undefined = portRange(raw);
  return range === undefined ? undefined : portText(range);
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    return undefined;
  }
}

/** Fields of a stored rule and where manifests have them. */
const NETS: readonly (readonly [stored: string, side: 'source' | 'destination', name: string])[] = [
  ['srcNet', 'source', 'net'],
  ['srcNets', 'source', 'nets'],
  ['notSrcNet', 'source', 'notNet'],
  ['notSrcNets', 'source', 'notNets'],
  ['dstNet', 'destination', 'net'],
  ['dstNets', 'destination', 'nets'],
  ['notDstNet', 'destination', 'notNet'],
  ['notDstNets', 'destination', 'notNets'],
];

/** A stored rule as it reads back: in lists, whatever it was stored in; nothing is masked any more. */
function storedReadBack(stored: Data): Data {
  const sides: Record<'source' | 'destination', Data> = { source: {}, destination: {} };
  for (const [name, side, field] of NETS) if (stored[name] !== undefined) sides[side][field] = stored[name];
  return { action: 'allow', source: sideReadBack(sides.source, false), destination: sideReadBack(sides.destination, false) };
}

describe('Numbers of the classic language', () => {
  for (const { id, type, json, valid, value } of values.unmarshal) {
    it(`${id}: ${type} ${json} is ${valid ? value ?? '' : 'refused'}`, () => {
      const found = read(type, parsed(json));
      expect(found === undefined ? undefined : String(found)).to.equal(valid ? value : undefined);
    });
  }

  for (const { id, type, value, json } of values.marshal) {
    it(`${id}: ${type} ${value} is written ${json}`, () => expect(goJson(read(type, value))).to.equal(json));
  }

  for (const { id, type, value, text } of values.stringify) {
    it(`${id}: ${type} ${value} is shown as ${text}`, () => expect(String(read(type, value))).to.equal(text));
  }

  for (const each of values.supportsPorts) {
    it(`${each.id}: protocol ${each.protocol} ${each.supportsPorts ? 'has' : 'has no'} ports`, () => {
      expect(supportsPorts(protocolValue(each.protocol))).to.equal(each.supportsPorts);
    });
  }

  for (const { id, direction, rule, stored } of values.ruleConversion) {
    it(`${id}: a rule ${direction}`, () => {
      if (direction === 'stored->output') expect(storedReadBack(stored)).to.deep.equal(rule);
      else expect(plain(readBack(policyWith({ action: 'allow', ...rule })).spec['ingress'])).to.deep.equal([storedReadBack(stored)]);
    });
  }
});
