import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import { describe, it } from 'mocha';
import { testsFile } from '../../../src/insight/policy-tests/fields.js';
import { testsHelp, testsSchema } from '../../../src/insight/policy-tests/schema.js';
import { isGroup, type AnyHelps } from '../../../src/resources/field-help.js';
import type { Field, FieldType } from '../../../src/resources/fields/field.js';
import { pathText, Problems } from '../../../src/resources/problem.js';
import { ROOT } from '../../../scripts/support/calicoctl.js';

const VALID = new Ajv2020({ strict: false, allErrors: true }).compile(testsSchema());

function problemsOf(file: unknown): readonly string[] {
  const problems = new Problems();
  testsFile.decode(file, [], { problems, coerce: true });
  return problems.list.map(({ path }) => pathText(path));
}

const test = (more: object): object => ({ tests: [{ from: 'a', to: 'b', expect: 'allow', ...more }] });

describe('the file of policy test', () => {
  const GOOD: readonly object[] = [
    test({}), test({ from: ['a', { selector: 'all()' }], to: { SELECTOR: "a == 'b'" } }), test({ port: 80 }), test({ ports: [80, '1:5'], protocol: 'UDP', fromPort: '1000:2000' }),
    test({ protocol: 'any' }), test({ protocol: 47 }), test({ icmp: { type: 8 } }), test({ protocol: 'icmpv6', icmp: { type: 0, code: 0 } }), test({ by: { policy: 'p', rule: 2 } }),
    test({ expect: 'deny', by: { tier: 't' } }), test({ by: { profile: 'p' } }), { manifests: ['a', 'b/'], ...test({ name: 'x' }) }, { Tests: [{ FROM: 'a', to: 'b', expect: 'deny' }] },
  ];
  for (const file of GOOD) {
    it(`takes ${JSON.stringify(file)}, and so does the schema`, () => {
      expect(problemsOf(file)).to.deep.equal([]);
      expect(VALID(file), JSON.stringify(VALID.errors)).to.equal(true);
    });
  }

  const BAD: readonly (readonly [file: unknown, path: string, inSchema: boolean])[] = [
    [[], '', true], [{}, 'tests', true], [{ tests: [] }, 'tests', true], [{ ...test({}), test: 1 }, 'test', true], [test({ from: undefined }), 'tests[0].from', true], [test({ from: '' }), 'tests[0].from', true],
    [test({ from: [] }), 'tests[0].from', true], [test({ from: {} }), 'tests[0].from.selector', true], [test({ to: ['a', ['b']] }), 'tests[0].to[1]', true], [test({ to: { selector: 'a =' } }), 'tests[0].to.selector', false],
    [test({ expect: 'yes' }), 'tests[0].expect', true], [test({ expect: undefined }), 'tests[0].expect', true], [test({ protocol: 'tpc' }), 'tests[0].protocol', true], [test({ protocol: 0 }), 'tests[0].protocol', true],
    [test({ port: 0 }), 'tests[0].port', true], [test({ port: 'http' }), 'tests[0].port', true], [test({ port: 1, ports: [2] }), 'tests[0].ports', false], [test({ ports: [] }), 'tests[0].ports', true], [test({ protocol: 'tcp', ports: [80, 'http'] }), 'tests[0].ports[1]', true], [test({ port: 1, protocol: 'icmp' }), 'tests[0].port', false],
    [test({ port: 1, icmp: { type: 8 } }), 'tests[0].port', false], [test({ icmp: { type: 8 }, protocol: 'tcp' }), 'tests[0].icmp', false], [test({ icmp: {} }), 'tests[0].icmp.type', true], [test({ icmp: { type: 256 } }), 'tests[0].icmp.type', true],
    [test({ by: {} }), 'tests[0].by', false], [test({ expect: 'deny', by: { policy: 'a', tier: 'b' } }), 'tests[0].by', false], [test({ by: { tier: 'b' } }), 'tests[0].by.tier', false],
    [test({ expect: 'deny', by: { tier: 'b', rule: 1 } }), 'tests[0].by.rule', false], [test({ by: { policy: 'a', rule: 0 } }), 'tests[0].by.rule', true],
  ];
  for (const [file, path, inSchema] of BAD) {
    it(`refuses ${JSON.stringify(file)}${inSchema ? ', and so does the schema' : ''}`, () => {
      expect(problemsOf(file)).to.deep.equal([path]);
      if (inSchema) expect(VALID(file)).to.equal(false);
    });
  }

  it('has help for every field, whose examples it takes', () => {
    const check = (fields: readonly Field[], helps: AnyHelps, path: string): void => {
      expect(Object.keys(helps), path).to.have.members(fields.map(({ name }) => name));
      for (const { name, type } of fields) {
        const help = helps[name]!;
        const inside = fieldsOf(type);
        if (inside.length > 0) check(inside, isGroup(help) ? help.fields : {}, `${path}.${name}`);
        const example = isGroup(help) ? help.example : help[1];
        const problems = new Problems();
        if (example !== undefined) type.decode(example, [], { problems, coerce: true });
        expect(problems.list, `${path}.${name}`).to.deep.equal([]);
      }
    };
    check(testsFile.fields, testsHelp.fields, '');
  });

  it('is what the example of the tenant is', () => {
    const example = load(readFileSync(`${ROOT}/examples/tests/tenant.yaml`, 'utf8'));
    expect(problemsOf(example)).to.deep.equal([]);
    expect(VALID(example)).to.equal(true);
  });
});

function fieldsOf(type: FieldType): readonly Field[] {
  return type.fields ?? (type.element === undefined ? [] : fieldsOf(type.element));
}
