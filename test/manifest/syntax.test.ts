import { expect } from 'chai';
import { describe, it } from 'mocha';
import { read, shown } from './reading.js';

const QUOTE = ' | put the whole value in quotes';
const BANG = ' | put a value that starts with ! in quotes';
const TAB = 'a tab in the indentation | indent with spaces';

const RESOURCE = 'apiVersion: v1\nkind: policy\n';

describe('syntax errors', () => {
  const cases: [text: string, problem: string][] = [
    ['rules:\n- action: allow\n  !protocol: tcp\n', '3:3 YAML takes !protocol: for a tag, not for a name | write notProtocol: instead'],
    ['- a: b\n- !icmp:\n    type: 8\n  b: 1\n', '2:3 YAML takes !icmp: for a tag, not for a name | write notICMP: instead'],
    ['a: b\n!ports: [80]\n', '2:1 YAML takes !ports: for a tag, not for a name | write notPorts: instead'],
    ['a:\n\tb: 1\n', `2:1 ${TAB}`],
    ['a:\n  b: 1\n\tc: 2\n', `3:1 ${TAB}`],
    ['a:\n  - b: 1\n \tc: 2\n', `3:2 ${TAB}`],
    ['\ta: 1\n', `1:1 ${TAB}`],
    ['apiVersion:v1\nkind: policy\n', "1:12 a space is missing after ':'"],
    ['apiVersion: v1\nkind:policy\nmetadata:\n  name: x\n', "2:6 a space is missing after ':'"],
    ['apiVersion: v1\nmetadata:\n  name:x\n  node: y\n', "3:8 a space is missing after ':'"],
    ['spec:\n  a: 1\n  name:x\n', "3:8 a space is missing after ':'"],
    ['a: "b\nc: d\n', '1:4 this " is not closed'],
    ["a: 'it''s\nc: d\n", "1:4 this ' is not closed"],
    ['a: "x"\nb: "c \\" d\n', '2:4 this " is not closed'],
    ["a: 'b", "1:4 this ' is not closed"],
    ['a: "foo\nb: "bar"\n', `2:5 text after the closing quote${QUOTE}`],
    ['selector: "a" == \'b\'\n', `1:15 text after the closing quote${QUOTE}`],
    ['a: {b: 1\n', '1:4 this { is not closed'],
    ['a: [{b: [1]}, [2\n', '1:15 this [ is not closed'],
    ['a: [1 2}\n', "1:8 a ',' is missing between two entries inside brackets"],
    ['{"a": 1 "b": 2}', "1:12 a ',' is missing between two entries inside brackets"],
    ['a:\n  b: 1\n c: 2\n', '3:2 the indentation fits no line above'],
    ['a:\n  - b\n - c\n', '3:2 the indentation fits no line above'],
    ['a: 1\n  b: 2\n', '2:3 the field above already has a value: nothing can be indented below it'],
    ['a: b: c\n', `1:5 a second ': ' on one line${QUOTE}`],
    ['a: @b\n', `1:4 a value cannot start with @${QUOTE}`],
    ['a: `b`\n', `1:4 a value cannot start with \`${QUOTE}`],
    ['a: - b\n', '1:4 a list must start on a line of its own'],
    ['a: 1\nb\nc: 2\n', "2:1 expected 'name: value'"],
    ['foo\nbar: 1\n', "1:1 expected 'name: value'"],
    ['selector: !has(a)\n', `1:11 the value does not fit the tag (!name) before it${BANG}`],
    ['selector: !has(a) && b\n', `1:11 the value does not fit the tag (!name) before it${BANG}`],
    ['a: !!binary aGk=\n', `1:4 the value does not fit the tag (!name) before it${BANG}`],
    ['a: !!int x\n', `1:4 the value does not fit the tag (!name) before it${BANG}`],
    ['a: !x!y z\n', `1:8 a tag (!name!) that is not declared${BANG}`],
    ['a: {{ .x }}\n', '1:5 a map or a list cannot be the name of a field | put {{ ... }} in quotes if it is meant as text'],
    ['b: 1\n? [a]\n: 1\n', '2:3 a map or a list cannot be the name of a field | put {{ ... }} in quotes if it is meant as text'],
    ['~: 1\n', '1:1 a field has no name'],
    ['a: *b\n', '1:5 there is no such anchor: *name repeats what was marked &name before | put the value in quotes if it is meant to start with *'],
    ['a: &\n', `1:5 a name is missing after & or *${QUOTE}`],
    ['a: {<<: 1}\n', "1:5 '<<' can only merge maps"],
    ['a: |x\n', '1:5 the text after | or > must start on the next line'],
    ['a: "\\q"\n', '1:6 an unknown escape after \\ in double quotes | write \\\\ for the character itself, or use single quotes'],
    ['a: "\\xzz"\n', '1:7 an escape in double quotes with too few hexadecimal digits'],
    ['%YAML 1.2\n', "2:1 a line starting with '%' must be followed by a line '---'"],
  ];
  for (const [text, problem] of cases) {
    it(JSON.stringify(text), () => expect(shown(read(text).diagnostics)).to.deep.equal([problem]));
  }

  it('are found in later documents at their own lines', () => {
    expect(shown(read(`--- # one\r\n${RESOURCE.replaceAll('\n', '\r\n')}a: 1\r\na: 2\r\n---\r\nb: [\r\n`).diagnostics)).to.deep.equal([
      '5:1 a is given twice, on lines 4 and 5',
      '7:4 this [ is not closed',
    ]);
  });

  const repeated: readonly [text: string, ...problems: readonly string[]][] = [
    ['a: 1\nb: 2\na: 3\n', '5:1 a is given twice, on lines 3 and 5'],
    ['s:\n  "a": 1\n  \'a\': {\n  }\n', '5:3 a is given twice, on lines 4 and 5'],
    ['s: {5: a, "5": b}\n', '3:11 5 is given twice, on lines 3 and 3'],
    ['__proto__: 1\n__proto__: 2\n', '4:1 __proto__ is given twice, on lines 3 and 4'],
    ['a: 1\na: 2\na: 3\nb: {c: 1, c: 2}\n', '4:1 a is given twice, on lines 3 and 4', '5:1 a is given twice, on lines 4 and 5', '6:11 c is given twice, on lines 6 and 6'],
    ['a: !!str x\n!!str a: y\n', '4:7 a is given twice, on lines 3 and 4'],
    ['a: 1\na: 2\n~: 3\n', '4:1 a is given twice, on lines 3 and 4', '5:1 a field has no name'],
  ];
  for (const [text, ...problems] of repeated) {
    it(`a key twice: ${JSON.stringify(text)}`, () => expect(shown(read(RESOURCE + text).diagnostics)).to.deep.equal(problems));
  }

  it('a key twice in JSON', () => {
    expect(shown(read('{"apiVersion": "v1", "kind": "policy",\n "b": {"x": 1, "x": 1}}').diagnostics)).to.deep.equal(['2:16 x is given twice, on lines 2 and 2']);
  });

  it('a key twice does not hide what else is wrong, which is said of the last one', () => {
    const { resources, diagnostics } = read(`${RESOURCE}spec: {order: 1}\nspec: {order: 2}\n---\n- apiVersion: v1\n- 5\n  \n`);
    expect(resources.map(({ raw }) => raw)).to.deep.equal([{ apiVersion: 'v1', kind: 'policy', spec: { order: 2 } }]);
    expect(shown(diagnostics)).to.deep.equal([
      '4:1 spec is given twice, on lines 3 and 4',
      '6:3 the resource has no kind',
      '7:3 expected a resource (a map with apiVersion and kind), not a number',
    ]);
  });

  it('carry file, code, and the line', () => {
    expect(read('apiVersion: v1\nkind: policy\nkind: node\n').diagnostics).to.deep.equal([
      { code: 'duplicate-key', severity: 'error', file: 'a.yaml', line: 3, column: 1, sourceLine: 'kind: node', message: 'kind is given twice, on lines 2 and 3' },
    ]);
    expect(read('a: @b\r\n').diagnostics).to.deep.equal([
      { code: 'syntax', severity: 'error', file: 'a.yaml', line: 1, column: 4, sourceLine: 'a: @b', message: 'a value cannot start with @', hint: 'put the whole value in quotes' },
    ]);
  });
});
