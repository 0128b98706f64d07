import { expect } from 'chai';
import { describe, it } from 'mocha';
import { jsonList, jsonListObject, yamlList, yamlListObject, type ListPrinter } from '../../../src/output/formats/lists.js';

const head = { kind: 'TierList', apiVersion: 'projectcalico.org/v3', metadata: { resourceVersion: '7' } };

function printed(list: ListPrinter, items: readonly unknown[]): string[] {
  return [...items.map((item) => list.place(list.render(item))), list.end()];
}

describe('lists printed in pieces', () => {
  it('prints plain lists as YAML', () => {
    expect(printed(yamlList(), [{ a: 1 }, { b: '2001-01-01' }])).to.deep.equal(['- a: 1\n', '- b: "2001-01-01"\n', '']);
    expect(printed(yamlList({ plainDates: true }), [{ b: '2001-01-01' }])).to.deep.equal(['- b: 2001-01-01\n', '']);
    expect(printed(yamlList(), [])).to.deep.equal(['[]\n']);
  });

  it('prints plain lists as JSON', () => {
    expect(printed(jsonList(), [{ a: 1 }, { b: [] }])).to.deep.equal(['[\n  {\n    "a": 1\n  }', ',\n  {\n    "b": []\n  }', '\n]\n']);
    expect(printed(jsonList(), [])).to.deep.equal(['[]\n']);
  });

  it('prints list objects as YAML', () => {
    expect(printed(yamlListObject(head), [{ a: 1 }, { b: 2 }])).to.deep.equal([
      'apiVersion: projectcalico.org/v3\nitems:\n- a: 1\n', '- b: 2\n', 'kind: TierList\nmetadata:\n  resourceVersion: "7"\n',
    ]);
    expect(printed(yamlListObject(head), [])).to.deep.equal([
      'apiVersion: projectcalico.org/v3\nitems: []\nkind: TierList\nmetadata:\n  resourceVersion: "7"\n',
    ]);
  });

  it('prints list objects as JSON', () => {
    const start = '{\n  "kind": "TierList",\n  "apiVersion": "projectcalico.org/v3",\n  "metadata": {\n    "resourceVersion": "7"\n  },\n  "items": ';
    expect(printed(jsonListObject(head), [{ a: 1 }, { b: 2 }])).to.deep.equal([
      `${start}[\n    {\n      "a": 1\n    }`, ',\n    {\n      "b": 2\n    }', '\n  ]\n}',
    ]);
    expect(printed(jsonListObject(head), [])).to.deep.equal([`${start}[]\n}`]);
  });
});
