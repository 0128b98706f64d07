import { expect } from 'chai';
import { describe, it } from 'mocha';
import { readFileSync } from 'node:fs';
import { CalicoError } from '../../../src/base/errors.js';
import { Float, NilPointer, ofType, readTemplate, TemplateStruct, type TemplateValue } from '../../../src/go/template/index.js';

/** What Go 1.26's text/template made of a template and the data below. */
interface Recorded {
  readonly template: string;
  readonly output: string;
  readonly error?: string;
}

const recorded = JSON.parse(readFileSync(new URL('../../cases/output/go-templates.json', import.meta.url), 'utf8')) as Recorded[];

class Struct extends TemplateStruct {
  constructor(readonly goType: string, private readonly fields: Readonly<Record<string, TemplateValue>>) {
    super();
  }

  fieldOf(name: string): { value: TemplateValue } | undefined {
    return Object.hasOwn(this.fields, name) ? { value: this.fields[name] } : undefined;
  }

  values(): TemplateValue[] {
    return Object.values(this.fields);
  }
}

const struct = (goType: string, fields: Readonly<Record<string, TemplateValue>>): Struct => new Struct(`main.${goType}`, fields);
const map = (entries: Readonly<Record<string, string>>): object => ofType(Object.assign(Object.create(null) as object, entries), 'map[string]string');
const texts = (...list: string[]): string[] => ofType(list, '[]string');
const bgp = (asNumber: number): Struct => struct('BGP', { ASNumber: asNumber });
const noBgp = new NilPointer('*main.BGP');

const policy = (metadata: Readonly<Record<string, TemplateValue>>, spec: Readonly<Record<string, TemplateValue>>): Struct =>
  struct('Policy', { Kind: 'policy', Metadata: struct('Metadata', metadata), Spec: struct('Spec', spec) });

const policies = [
  policy(
    { Name: 'a', Labels: map({ role: 'web', 10: 'x', 9: 'y', 'a-b': 'z' }), Tags: texts('t1', 't2') },
    { Order: new Float(1e6), Selector: 'role == \'web\' && "x" <b>', Types: texts('ingress', 'egress'), BGP: bgp(64512), DoNotTrack: true, Port: 80, Weight: new Float(2e6) },
  ),
  policy(
    { Name: 'bé', Labels: map({}), Tags: texts() },
    { Order: null, Selector: '', Types: texts(), BGP: noBgp, DoNotTrack: false, Port: 0, Weight: new Float(0.25) },
  ),
  policy(
    { Name: 'c', Labels: map({ k: 'v' }), Tags: texts('日本') },
    { Order: new Float(0.5), Selector: '', Types: texts('ingress'), BGP: bgp(1), DoNotTrack: false, Port: -5, Weight: new Float(1) },
  ),
];
const data = ofType([
  struct('PolicyList', { Kind: 'policyList', Items: ofType(policies, '[]main.Policy') }),
  struct('PolicyList', { Kind: 'profileList', Items: ofType([], '[]main.Policy') }),
], '[]main.PolicyList');

function config(name: string): string {
  if (name !== 'asnumber') throw new Error('unhandled variable');
  return '64512';
}

function run(template: string, value: TemplateValue = data): Recorded {
  let output = '';
  try {
    readTemplate(template).execute(value, { write: (text) => { output += text; }, config });
  } catch (error) {
    if (!(error instanceof CalicoError)) throw error;
    return { template, output, error: error.message };
  }
  return { template, output };
}

describe('templates', () => {
  for (const expected of recorded) {
    it(`does as Go with ${JSON.stringify(expected.template)}`, () => {
      expect(run(expected.template)).to.deep.equal(expected);
    });
  }

  // Go points at the last operand it looked at, or fails in its own code.
  for (const [template, error] of [
    ['{{(index . 0).Nope}}', `get:1:13: executing "get" at <(index . 0).Nope>: can't evaluate field Nope in type main.PolicyList`],
    ['{{(index . 0).Kind 1}}', 'get:1:13: executing "get" at <(index . 0).Kind>: Kind has arguments but cannot be invoked as function'],
    ['{{(1).X}}', `get:1:5: executing "get" at <(1).X>: can't evaluate field X in type int`],
    ['{{len nil}}', 'get:1:2: executing "get" at <len nil>: error calling len: len of nil pointer'],
    ['{{printf 5}}', 'get:1:2: executing "get" at <printf 5>: error calling printf: wrong type for value; expected string; got int'],
    ['{{9223372036854775808}}', 'get:1: integer overflow: "9223372036854775808"'],
    ['{{eq . .}}', 'get:1:2: executing "get" at <eq . .>: error calling eq: non-comparable type [1]: []interface {}'],
  ] as const) {
    it(`points at what is wrong in ${template}`, () => {
      expect(run(template, template.includes('eq') ? [1] : data)).to.deep.equal({ template, output: '', error: `template: ${error}` });
    });
  }

  it('compares numbers by value and nil pointers with nil, which Go refuses', () => {
    const items = `(index . 0).Items`;
    expect(run(`{{eq (index ${items} 0).Spec.Order 1000000}} {{eq (index ${items} 1).Spec.Order nil}} {{eq (index ${items} 1).Spec.BGP 1}} {{lt 1 1.5}}`).output)
      .to.equal('true true false true');
  });

  it('writes what comes before an error, piece by piece', () => {
    expect(run('a{{1}}{{.Nope}}b').output).to.equal('a1');
  });

  for (const template of [
    `{{define "R"}}{{template "R"}}{{end}}{{template "R"}}`,
    `${'{{if 1}}'.repeat(100_000)}${'{{end}}'.repeat(100_000)}`,
    `{{${'('.repeat(100_000)}1${')'.repeat(100_000)}}}`,
  ]) {
    it(`refuses what is nested without end: ${template.slice(0, 20)}`, () => {
      expect(run(template).error).to.match(/^template: get:(?:1:\d+: executing "R" at <\{\{template "R"\}\}>: exceeded maximum template depth \(1000\)| too deeply nested)$/);
    });
  }

  it('formats with no more digits and blanks than make sense', () => {
    expect(run('{{printf "%.999f" 1.5}}').output).to.equal(`1.5${'0'.repeat(99)}`);
    expect(run('{{len (printf "%99999d" 1)}}').output).to.equal('10000');
  });

  it('keeps numbers beyond 53 bits exact', () => {
    expect(run('{{.}} {{printf "%d %x" . .}} {{gt . 1}}', 9007199254740993n).output).to.equal('9007199254740993 9007199254740993 20000000000001 true');
  });
});
