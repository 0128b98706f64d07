import { expect } from 'chai';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { locate } from '../../src/manifest/manifests.js';
import { propertyRuns } from '../support/runs.js';
import { read, type WholeManifest } from './reading.js';

const SEED = `# tenant network
apiVersion: v1
kind: policyList
metadata: {}
items:
- &p
  apiVersion: v1
  kind: policy
  metadata: {name: "web", labels: {a: 'b', c: !!str 1}}
  spec:
    selector: has(role) && !has(old)
    ingress:
    - {action: allow, source: {ports: [80, "1:2", 0x1F]}}
    text: |
      two
      lines
- <<: *p
  metadata: {name: api}
---
{"apiVersion": "v1", "kind": "node", "metadata": {"name": "n1"}, "spec": {"x": [1, 2.5, null, "\\u00e9"]}}
---
- {apiVersion: projectcalico.org/v3, kind: Node}
...
`;

const PIECES = ['\n', '\r', '\t', ' ', '  ', '"', "'", '{', '}', '[', ']', ',', ':', ': ', '- ', '? ', '&a ', '*a', '*p', '!x ', '!!', '<<: ', '|\n', '>-\n', '#', '%', '@', '`', '---\n', '\n---\n', '...\n', '\u0000', '\uFEFF', '\\', '\\ud800', '1_0', 'yes', '~', '__proto__', 'items', 'kind'];

/** Reads any bytes: whatever comes of it must be resources or diagnostics with a place, never an exception. */
function check(content: Buffer): void {
  const { resources, diagnostics } = read(content);
  for (const { line, column, message, file } of diagnostics) {
    expect({ file, text: typeof message, placed: (line ?? 0) > 0 && (column ?? 0) > 0 }).to.deep.equal({ file: 'a.yaml', text: 'string', placed: true });
  }
  for (const { origin, raw } of resources) {
    const [first] = Object.keys(raw);
    const { line, column } = locate(origin, first === undefined ? [] : [first], true);
    expect(line > 0 && column > 0).to.equal(true);
  }
}

describe('any content', function () {
  this.timeout(900_000);

  it('of random bytes gives resources or diagnostics', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => check(Buffer.from(bytes))), propertyRuns());
  });

  it('of random YAML pieces gives resources or diagnostics', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom(...PIECES, 'a', 'b: c'), { maxLength: 40 }), (pieces) => check(Buffer.from(pieces.join('')))), propertyRuns());
  });

  it('of a damaged manifest gives resources or diagnostics', () => {
    const edit = fc.record({ at: fc.nat(SEED.length), remove: fc.nat(12), insert: fc.oneof(fc.constantFrom(...PIECES), fc.constant('')) });
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
        let text = SEED;
        for (const { at, remove, insert } of edits) text = text.slice(0, at) + insert + text.slice(at + remove);
        check(Buffer.from(text));
      }),
      propertyRuns(),
    );
  });

  it('of documents in any order reads each as it is read alone', () => {
    const document = fc.constantFrom('', '# c\n', 'a: [\n', 'a: 1\na: 2\n', 'apiVersion: v1\nkind: node\n', '{"apiVersion": "v1", "kind": "policy"}\n', 'apiVersion: v1\nkind: node\nspec: {a: &a 1, b: *a}\n', '- x\n', 'null\n', 'apiVersion: v1\nkind: node\n...\n');
    fc.assert(
      fc.property(fc.array(document, { maxLength: 6 }), (documents) => {
        const together = read(documents.map((text) => `---\n${text}`).join(''));
        const alone = documents.map((text) => read(`---\n${text}`));
        expect(together.resources.map(({ raw }) => raw)).to.deep.equal(alone.flatMap(({ resources }) => resources.map(({ raw }) => raw)));
        // Messages name lines, which differ.
        const codes = ({ diagnostics }: WholeManifest): string[] => diagnostics.map(({ code }) => code);
        expect(codes(together)).to.deep.equal(alone.flatMap(codes));
      }),
      propertyRuns(),
    );
  });
});
