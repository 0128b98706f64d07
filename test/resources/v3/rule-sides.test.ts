import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import type { StoredObject } from '../../../src/resources/kind.js';
import { labelsOfSet, selectingSides } from '../../../src/resources/v3/rule-sides.js';

/** What a rule of a policy selects, as Calico 3.32.1 resolved it; of the objects only network sets. */
interface Case {
  readonly id: string;
  readonly sets: Readonly<Record<string, { readonly namespace: string | null; readonly labels: Record<string, string> }>>;
  readonly namespaces: Readonly<Record<string, Record<string, string>>>;
  readonly sides: readonly { readonly namespace: string | null; readonly field: string; readonly side: object; readonly matches: readonly string[] }[];
}

const CASES = JSON.parse(readFileSync(new URL('../../cases/rule-sides.json', import.meta.url), 'utf8')) as readonly Case[];

function objectOf(namespace: string | null, parts: object): StoredObject {
  return { kind: 'any', apiVersion: 'projectcalico.org/v3', metadata: { name: 'any', ...(namespace === null ? {} : { namespace }) }, spec: {}, ...parts };
}

describe('which network sets a side of a rule selects', () => {
  for (const { id, sets, namespaces, sides } of CASES) {
    it(id, () => {
      for (const { namespace, field, side, matches } of sides) {
        const where = field.endsWith('ource') ? 'source' : 'destination';
        const policy = objectOf(namespace, { spec: { ingress: [{ [where]: side }] } });
        const [found] = [...selectingSides(policy)];
        const selected = Object.entries(sets).filter(([, set]) => {
          const labels = labelsOfSet(objectOf(set.namespace, { metadata: { name: 's', labels: set.labels, ...(set.namespace === null ? {} : { namespace: set.namespace }) } }), namespaces[set.namespace ?? '']);
          return found?.selection.counts(labels) === true;
        });
        expect(found?.place).to.equal(`spec.ingress[0].${where}`);
        expect(selected.map(([name]) => name).sort(), JSON.stringify([namespace, side])).to.deep.equal(matches);
      }
    });
  }

  it('is none where a side has only networks and ports, and where what is stored cannot be read', () => {
    const spec = { ingress: [{ source: { nets: ['10.0.0.0/8'] }, destination: { ports: [80] } }, 'x', null, { source: 7 }], egress: 'x' };
    expect([...selectingSides(objectOf('web', { spec }))]).to.deep.equal([]);
  });
});
