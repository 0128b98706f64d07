import { expect } from 'chai';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { parseResource } from '../../src/ipam/cluster.js';
import { readEndpoint } from '../../src/ipam/endpoint-text.js';
import { propertyRuns } from '../support/runs.js';

const USUAL =
  '{"kind":"WorkloadEndpoint","apiVersion":"projectcalico.org/v3","metadata":{"name":"n1-k8s-pod-eth0","namespace":"ns","labels":{"app":"web","projectcalico.org/namespace":"ns"},"uid":"4","creationTimestamp":"2026-11-20T08:00:00Z","generation":3,' +
  '"ownerReferences":[{"kind":"Pod","controller":true,"name":null}],"finalizers":["a","b"]},"spec":{"orchestrator":"k8s","workload":"","node":"n1","containerID":"9e35","pod":"pod","endpoint":"eth0","ipNetworks":["10.0.0.1/32","fd00::1/128"],"profiles":["kns.ns"],"interfaceName":"cali9e35","ports":[{"name":"http","port":80,"protocol":"TCP"}]}}';

/** What the value says where all of it is read by JSON.parse. */
function expected(text: string): object {
  const { node, ipNetworks } = parseResource(text)?.spec ?? {};
  return { node: typeof node === 'string' ? node : '', networks: Array.isArray(ipNetworks) ? ipNetworks : [] };
}

/** Pieces that the expression looks at, in places where they do not belong. */
const PIECES = ['"node":"n2",', '"ipNetworks":["10.9.9.9"],', ',"spec":{"node":"x","ipNetworks":[]}', '"spec":{"ipNetworks":["10.8.8.8"]},', '"', '\\"', '\\u0041', '{', '}', '[', ']', ',', ':', ' ', '\n', '01', '-1.5e3', 'null', '""', '":', '",', '{"node":"n3"}', '\u2028', 'é'];

const damage = fc.record({ at: fc.nat(USUAL.length), removed: fc.constantFrom(0, 0, 1, 2, 7), added: fc.constantFrom('', ...PIECES) });

describe('the text of an endpoint', () => {
  it('says its addresses and node', () => {
    expect(readEndpoint(USUAL)).to.deep.equal({ node: 'n1', networks: ['10.0.0.1/32', 'fd00::1/128'] });
  });

  for (const [name, text] of Object.entries({
    'with another order of fields': '{"spec":{"ipNetworks":["10.0.0.1"],"node":"n1"},"kind":"WorkloadEndpoint"}',
    'without addresses': '{"kind":"WorkloadEndpoint","apiVersion":"v3","metadata":{},"spec":{"node":"n1"}}',
    'with an empty list': '{"kind":"WorkloadEndpoint","apiVersion":"v3","metadata":{},"spec":{"node":"n1","ipNetworks":[]}}',
    'with addresses that are none': '{"kind":"WorkloadEndpoint","apiVersion":"v3","metadata":{},"spec":{"node":"n1","ipNetworks":[1,null]}}',
    'with addresses in its metadata': '{"kind":"WorkloadEndpoint","apiVersion":"v3","metadata":{"node":"n2","ipNetworks":["10.0.0.2"]},"spec":{"node":"n1","ipNetworks":["10.0.0.1"]}}',
    'with a node twice': '{"kind":"WorkloadEndpoint","apiVersion":"v3","metadata":{},"spec":{"node":"n1","ipNetworks":["10.0.0.1"],"node":"n2"}}',
    'with a number that JSON does not have': '{"kind":"WorkloadEndpoint","apiVersion":"v3","metadata":{"a":01},"spec":{"node":"n1","ipNetworks":["10.0.0.1"]}}',
    'with a line break in a string': '{"kind":"WorkloadEndpoint","apiVersion":"v3","metadata":{"a":"\n"},"spec":{"node":"n1","ipNetworks":["10.0.0.1"]}}',
    'that is a list': '[]',
    'that is no JSON': '{',
  })) {
    it(`is read as JSON ${name}`, () => {
      expect(readEndpoint(text)).to.deep.equal(expected(text));
    });
  }

  it('is read as JSON whatever is changed in it', () => {
    fc.assert(
      fc.property(fc.array(damage, { minLength: 1, maxLength: 3 }), (changes) => {
        const text = changes.reduce((before, { at, removed, added }) => before.slice(0, at) + added + before.slice(at + removed), USUAL);
        expect(readEndpoint(text)).to.deep.equal(expected(text));
      }),
      propertyRuns(),
    );
  });

  it('takes time in proportion to its length where it does not fit', () => {
    const text = USUAL.replace('"finalizers":["a","b"]', `"finalizers":[${'"x",'.repeat(200_000)}"x"],"labels":{${Array.from({ length: 50_000 }, (_, index) => `"l${index}":"v"`).join(',')}}`).replace(/\}$/, '');
    expect(readEndpoint(text)).to.deep.equal({ node: '', networks: [] });
  });
});
