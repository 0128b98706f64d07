import { expect } from 'chai';
import { describe, it } from 'mocha';
import { names, policy, read, shown } from './reading.js';

describe('resources, lists and list kinds', () => {
  it('gives the origin of every resource', () => {
    const { resources, lists, diagnostics } = read(
      `${policy('a')}---\napiVersion: v1\nkind: policyList\nmetadata:\nitems:\n- apiVersion: v1\n  kind: policy\n  metadata: {name: b}\n` +
        '---\n- apiVersion: v1\n  kind: node\n  metadata: {name: c}\n- apiVersion: projectcalico.org/v3\n  kind: List\n  items:\n  - {apiVersion: projectcalico.org/v3, kind: Node, metadata: {name: d}}\n',
    );
    expect(shown(diagnostics)).to.deep.equal([]);
    expect(resources.map(({ apiVersion, kind, origin: { source, path } }) => ({ apiVersion, kind, file: source.source.name, document: source.number, path }))).to.deep.equal([
      { apiVersion: 'v1', kind: 'policy', file: 'a.yaml', document: 1, path: [] },
      { apiVersion: 'v1', kind: 'policy', file: 'a.yaml', document: 2, path: ['items', 0] },
      { apiVersion: 'v1', kind: 'node', file: 'a.yaml', document: 3, path: [0] },
      { apiVersion: 'projectcalico.org/v3', kind: 'Node', file: 'a.yaml', document: 3, path: [1, 'items', 0] },
    ]);
    expect(names(resources)).to.deep.equal(['a', 'b', 'c', 'd']);
    expect(lists.map(({ apiVersion, kind, origin: { source, path } }) => ({ apiVersion, kind, document: source.number, path }))).to.deep.equal([
      { apiVersion: 'v1', kind: 'policyList', document: 2, path: [] },
      { apiVersion: 'projectcalico.org/v3', kind: 'List', document: 3, path: [1] },
    ]);
  });

  const empty = ['[]', 'apiVersion: v1\nkind: policyList', 'apiVersion: v1\nkind: policyList\nitems:', 'apiVersion: v1\nkind: policyList\nmetadata: {}\nitems: []'];
  for (const text of empty) {
    it(`finds nothing in ${JSON.stringify(text)}`, () => {
      const { resources, diagnostics } = read(text);
      expect({ resources, diagnostics }).to.deep.equal({ resources: [], diagnostics: [] });
    });
  }

  it('finds fields in any case, the exact one first', () => {
    const { resources, diagnostics } = read('APIVERSION: v1\nKind: policyList\nITEMS:\n- apiversion: v1\n  kind: policy\n  Kind: node\n  metadata: {name: a}\n');
    expect(shown(diagnostics)).to.deep.equal([]);
    expect(resources.map(({ kind }) => kind)).to.deep.equal(['policy']);
  });

  it('takes what v3 lists carry in their metadata', () => {
    const { resources, diagnostics } = read('apiVersion: projectcalico.org/v3\nkind: ProfileList\nmetadata: {resourceVersion: "5", continue: ""}\nitems:\n- {apiVersion: projectcalico.org/v3, kind: Profile}\n');
    expect(shown(diagnostics)).to.deep.equal([]);
    expect(resources.length).to.equal(1);
  });

  it('leaves the spelling of a list kind to the look-up of kinds', () => {
    const { resources, lists, diagnostics } = read('apiVersion: v1\nkind: PolicyList\nitems:\n- {apiVersion: v1, kind: policy}\n');
    expect(shown(diagnostics)).to.deep.equal([]);
    expect([resources.map(({ kind }) => kind), lists.map(({ kind }) => kind)]).to.deep.equal([['policy'], ['PolicyList']]);
  });

  const wrong: [text: string, problems: string[]][] = [
    ['just text\n', ['1:1 expected a resource (a map with apiVersion and kind), not text']],
    ['12\n', ['1:1 expected a resource (a map with apiVersion and kind), not a number']],
    ['on\n', ['1:1 expected a resource (a map with apiVersion and kind), not a boolean']],
    ['{}\n', ['1:1 the resource has no apiVersion and no kind']],
    ['kind: policy\n', ['1:1 the resource has no apiVersion']],
    ['apiVersion: v1\nkind:\n', ['2:1 kind is empty']],
    ['apiVersion: 1\nkind: [a]\n', ['1:13 apiVersion must be text, not a number', '2:7 kind must be text, not a list']],
    ['- 1\n- [a]\n-\n- {kind: a, apiVersion: b}\n', [
      '1:1 expected a resource (a map with apiVersion and kind), not nothing',
      '1:3 expected a resource (a map with apiVersion and kind), not a number',
      '2:3 a list of resources cannot contain a list',
    ]],
    ['apiVersion: v1\nkind: policyList\nmetadata: {name: a}\nitem: []\n', ['3:12 unknown field name', '4:1 unknown field item | did you mean items?']],
    ['apiVersion: projectcalico.org/v3\nkind: ProfileList\nmetadata: {name: a, resourceversion: "1"}\n', ['3:12 unknown field name']],
    ['apiVersion: v1\nkind: policyList\nmetadata: []\nitems: {a: b}\n', ['3:11 metadata must be a map, not a list', '4:8 items must be a list of resources, not a map']],
    ['apiVersion: v1\nkind: policyList\nitems:\n- {apiVersion: v1, kind: profile}\n- {apiVersion: projectcalico.org/v3, kind: policy}\n- {metadata: {name: a}}\n- x\n- [b]\n', [
      '4:26 a policyList of v1 cannot contain a resource of kind profile',
      '5:16 a policyList of v1 cannot contain a resource of projectcalico.org/v3',
      '6:3 the resource has no apiVersion and no kind',
      '7:3 expected a resource (a map with apiVersion and kind), not text',
      '8:3 expected a resource (a map with apiVersion and kind), not a list',
    ]],
    ['apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: policyList}\n', ['4:3 a list cannot contain a list (policyList)']],
  ];
  for (const [text, problems] of wrong) {
    it(`refuses ${JSON.stringify(text.slice(0, 70))}`, () => {
      const { diagnostics } = read(text);
      expect(shown(diagnostics).sort()).to.deep.equal(problems);
    });
  }
});
