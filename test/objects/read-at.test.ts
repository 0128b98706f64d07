import { expect } from 'chai';
import { ReadAtRemarks, readAtRemark, withRevision } from '../../src/objects/read-at.js';
import type { ClassicDocument, StoredObject } from '../../src/resources/kind.js';
import { readFiles } from '../support/changes.js';

const ABOUT_A = '# read at revision 12: policy/a (uid u-1)';
const A = '{apiVersion: v1, kind: policy, metadata: {name: a}}';
const B = '{apiVersion: v1, kind: policy, metadata: {name: b}}';

async function read(text: string): Promise<readonly (string | undefined)[]> {
  const { targets } = await readFiles('apply', { 'f.yaml': text });
  return targets.map(({ readAt }) => readAt && `${readAt.revision} ${readAt.uid ?? '-'}`);
}

describe('the revision at which a classic document was read', () => {
  const CASES: readonly (readonly [name: string, text: string, wanted: readonly (string | undefined)[]])[] = [
    ['above elements of a list', `${ABOUT_A}\n- ${A}\n# read at revision 13: policy/b\n- ${B}\n`, ['12 u-1', '13 -']],
    ['above a document', `${ABOUT_A}\n${A}\n`, ['12 u-1']],
    ['above separators, and below them', `${ABOUT_A}\n---\n${A}\n---\n# read at revision 13: policy/b (uid u-2)\n\n# ours\n${B}\n`, ['12 u-1', '13 u-2']],
    ['with the line ends of another system', `${ABOUT_A}\r\n- ${A}\r\n`, ['12 u-1']],
    ['inside an element, and in the items of a list', `apiVersion: v1\nkind: policyList\nitems:\n-\n  ${ABOUT_A}\n  apiVersion: v1\n  kind: policy\n  metadata: {name: a}\n  # read at revision 13: policy/b\n- ${B}\n`, ['12 u-1', '13 -']],
    ['where something sorted the documents', `${ABOUT_A}\n- ${B}\n- ${A}\n`, [undefined, '12 u-1']],
    ['and of a document that was given another name it says nothing', `${ABOUT_A}\n- ${B}\n`, [undefined]],
    ['but not in what looks like it', `# read at revision x: policy/a\n# read at revision 12\n## read at revision 12: policy/a\n- ${A}\n`, [undefined]],
    ['or in the metadata', `- {apiVersion: v1, kind: policy, metadata: {name: a, resourceVersion: "12"}}\n- {apiVersion: v1, kind: policy, metadata: {name: b, resourceVersion: 9007199254740993}}\n`, ['12 -', '9007199254740993 -']],
  ];
  for (const [name, text, wanted] of CASES) it(`is found ${name}`, async () => expect(await read(text)).to.deep.equal(wanted));

  it('counts for verbs that overwrite', async () => {
    const text = `${ABOUT_A}\n- ${A}\n`;
    for (const verb of ['create', 'delete', 'validate', 'convert'] as const) expect((await readFiles(verb, { 'f.yaml': text })).targets.map(({ readAt }) => readAt), verb).to.deep.equal([undefined]);
  });

  it('is what is printed, also of names that look like its own parts', () => {
    const document: ClassicDocument = { apiVersion: 'v1', kind: 'policy', metadata: { name: 'a (uid b)' }, spec: {} };
    const object: StoredObject = { apiVersion: 'projectcalico.org/v3', kind: 'GlobalNetworkPolicy', metadata: { name: 'x', resourceVersion: '7', uid: 'u-7' }, spec: {} };
    expect(new ReadAtRemarks(readAtRemark({ document, object })).of(document)).to.deep.equal({ revision: '7', uid: 'u-7' });
    expect(withRevision({ document, object }).metadata).to.deep.equal({ name: 'a (uid b)', resourceVersion: '7' });
    expect([readAtRemark({ document: object, object }), withRevision({ document: object, object })]).to.deep.equal(['', object]);
  });
});
