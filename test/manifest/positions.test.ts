import { expect } from 'chai';
import { describe, it } from 'mocha';
import { locate, toDiagnostics } from '../../src/manifest/manifests.js';
import type { ReadManifests } from '../../src/manifest/manifests.js';
import type { Path, Problem } from '../../src/resources/problem.js';
import { read } from './reading.js';

const BLOCK = `apiVersion: v1
kind: policy
metadata:
  name: a
spec:
  ingress:
  - action: allow
    source:
      nets: ["10.0.0.0/8", '10.1.0.0/16']
  - action: deny
  text: |

    block
  empty:
`;

/** Where a path of the n-th resource of a text is: \`line:column\`. */
function at(text: string, path: Path, options: { onKey?: boolean; resource?: number } = {}): string {
  const { resources, diagnostics } = read(text);
  const resource = resources[options.resource ?? 0];
  if (!resource) throw new Error(JSON.stringify(diagnostics));
  const { line, column } = locate(resource.origin, path, options.onKey);
  return `${line}:${column}`;
}

describe('positions', () => {
  const paths: [path: Path, value: string, key: string][] = [
    [[], '1:1', '1:1'],
    [['kind'], '2:7', '2:1'],
    [['metadata'], '4:3', '3:1'],
    [['metadata', 'name'], '4:9', '4:3'],
    [['spec', 'ingress'], '7:3', '6:3'],
    [['spec', 'ingress', 0], '7:5', '7:5'],
    [['spec', 'ingress', 0, 'action'], '7:13', '7:5'],
    [['spec', 'ingress', 0, 'source', 'nets', 1], '9:28', '9:28'],
    [['spec', 'ingress', 1, 'action'], '10:13', '10:5'],
    [['spec', 'text'], '13:5', '11:3'],
    [['spec', 'empty'], '14:3', '14:3'],
    // Not there: the nearest above.
    [['spec', 'ingress', 1, 'source', 'nets', 0], '10:5', '10:5'],
    [['spec', 'ingress', 7, 'action'], '7:3', '7:3'],
    [['spec', 'egress'], '6:3', '6:3'],
    [['status', 'x'], '1:1', '1:1'],
    // In other case.
    [['Metadata', 'NAME'], '4:9', '4:3'],
  ];
  for (const [path, value, key] of paths) {
    it(`of ${JSON.stringify(path)} in block style, whatever the line ends`, () => {
      for (const text of [BLOCK, BLOCK.replaceAll('\n', '\r\n'), `\uFEFF${BLOCK}`]) {
        expect([at(text, path), at(text, path, { onKey: true })]).to.deep.equal([value, key]);
      }
    });
  }

  it('of keys in several spellings: the exact one first', () => {
    const text = 'apiVersion: v1\nkind: policy\nspec: {a: 1}\nSPEC: {a: 2}\n';
    expect([at(text, ['spec', 'a']), at(text, ['SPEC', 'a']), at(text, ['Spec', 'a'])]).to.deep.equal(['3:11', '4:11', '3:11']);
  });

  it('in JSON', () => {
    const text = '{"apiVersion": "v1", "kind": "policy",\n\t"spec": {"ports": [80, {"a": "b"}]}}';
    expect(at(text, ['kind'])).to.equal('1:30');
    expect(at(text, ['spec', 'ports', 1, 'a'])).to.equal('2:31');
    expect(at(text, ['spec', 'ports', 1, 'a'], { onKey: true })).to.equal('2:26');
  });

  it('in list kinds and lists', () => {
    const text = '- apiVersion: v1\n  kind: policyList\n  items:\n  - apiVersion: v1\n    kind: policy\n    spec: {a: 1}\n- {apiVersion: v1, kind: node}\n';
    expect(at(text, ['spec', 'a'])).to.equal('6:15');
    expect(at(text, [])).to.equal('4:5');
    expect(at(text, ['kind'], { resource: 1 })).to.equal('7:26');
  });

  it('in later documents, after separators of any length', () => {
    const text = `${BLOCK}-----\n${BLOCK}--- # third\n${BLOCK}`;
    expect(at(text, ['metadata', 'name'], { resource: 1 })).to.equal('19:9');
    expect(at(text, ['metadata', 'name'], { resource: 2 })).to.equal('34:9');
  });

  it('through aliases and merge keys: where the value was written', () => {
    const text = 'apiVersion: v1\nkind: policy\nspec:\n  a: &a {x: 1, q: &y [7, 8]}\n  b: *a\n  c:\n    <<: *a\n    z: *y\n  d:\n    <<: [{w: 1}, *a]\n';
    expect(at(text, ['spec', 'b'])).to.equal('5:6');
    expect(at(text, ['spec', 'b', 'x'])).to.equal('4:13');
    expect(at(text, ['spec', 'c', 'x'])).to.equal('4:13');
    expect(at(text, ['spec', 'c', 'z', 1])).to.equal('4:26');
    expect(at(text, ['spec', 'd', 'w'])).to.equal('10:14');
    expect(at(text, ['spec', 'd', 'q'], { onKey: true })).to.equal('4:16');
    expect(at(text, ['spec', 'd', 'missing'])).to.equal('10:5');
  });

  it('of keys that are not text', () => {
    const text = 'apiVersion: v1\nkind: policy\nspec:\n  yes: 1\n  0x10: 2\n  "5": 3\n  <<: {a: 4}\n';
    expect([at(text, ['spec', 'true']), at(text, ['spec', '16']), at(text, ['spec', '5']), at(text, ['spec', 'a'])]).to.deep.equal(['4:8', '5:9', '6:8', '7:11']);
  });

  it('behind lines that were indented for the parser', () => {
    const text = 'apiVersion: v1\nkind: policy\nspec: {\n  a: 1,\nb: 2, c: {\n} }\nmetadata: {\n name: x }\n';
    expect([at(text, ['spec', 'b']), at(text, ['spec', 'c']), at(text, ['metadata', 'name'])]).to.deep.equal(['5:4', '5:10', '8:8']);
    expect(at(text, ['spec', 'b'], { onKey: true })).to.equal('5:1');
  });

  it('make diagnostics of problems, in the order of files, lines and columns', () => {
    const one = read(`${BLOCK}---\na: @b\n---\n${BLOCK}`);
    const two = read('{"apiVersion":"v1","kind":"policy"}');
    const manifests: Pick<ReadManifests, 'files' | 'diagnostics'> = { files: ['a.yaml', 'b.json'], diagnostics: [...two.diagnostics, ...one.diagnostics] };
    const [first, second] = one.resources;
    if (!first || !second) throw new Error('two resources expected');
    const problem = (path: Path, extra: Partial<Problem> = {}): Problem => ({ code: 'value', severity: 'error', path, message: 'bad', ...extra });
    const diagnostics = toDiagnostics(manifests, [
      { origin: second.origin, problem: problem(['metadata', 'name']) },
      { origin: first.origin, problem: problem(['spec', 'ingress', 0, 'source', 'nets', 1], { hint: 'mask it' }) },
      { origin: first.origin, problem: problem(['kind'], { severity: 'warning', onKey: true }) },
      { origin: first.origin, problem: problem([]) },
    ]);
    const file = 'a.yaml';
    expect(diagnostics).to.deep.equal([
      { code: 'value', severity: 'error', file, line: 1, column: 1, sourceLine: 'apiVersion: v1', message: 'bad' },
      { code: 'value', severity: 'warning', file, line: 2, column: 1, sourceLine: 'kind: policy', path: 'kind', message: 'bad' },
      { code: 'value', severity: 'error', file, line: 9, column: 28, sourceLine: '      nets: ["10.0.0.0/8", \'10.1.0.0/16\']', path: 'spec.ingress[0].source.nets[1]', message: 'bad', hint: 'mask it' },
      { code: 'syntax', severity: 'error', file, line: 16, column: 4, sourceLine: 'a: @b', message: 'a value cannot start with @', hint: 'put the whole value in quotes' },
      { code: 'value', severity: 'error', file, line: 21, column: 9, sourceLine: '  name: a', path: 'metadata.name', message: 'bad' },
    ]);
  });

  it('leave out lines that are too long to be shown', () => {
    const { resources } = read(JSON.stringify({ apiVersion: 'v1', kind: 'policy', spec: { text: 'x'.repeat(600) } }));
    if (!resources[0]) throw new Error('a resource expected');
    expect(locate(resources[0].origin, ['spec', 'text'])).to.deep.equal({ line: 1, column: 51 });
  });
});
