import { expect } from 'chai';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { readEndpoint } from '../../../src/ipam/cluster/endpoint-text.js';
import { usesOfEndpoint } from '../../../src/ipam/cluster/uses.js';
import { propertyRuns } from '../../support/runs.js';

const USUAL =
  '{"kind":"WorkloadEndpoint","apiVersion":"projectcalico.org/v3","metadata":{"name":"n1-k8s-pod-eth0","namespace":"ns","labels":{"app":"web","projectcalico.org/namespace":"ns"},"uid":"4","creationTimestamp":"2026-11-20T08:00:00Z","generation":3,' +
  '"ownerReferences":[{"kind":"Pod","controller":true,"name":null}],"finalizers":["a","b"]},"spec":{"orchestrator":"k8s","workload":"","node":"n1","containerID":"9e35","pod":"pod","endpoint":"eth0","ipNetworks":["10.0.0.1/32","fd00::1/128"],"profiles":["kns.ns"],"interfaceName":"cali9e35","ports":[{"name":"http","port":80,"protocol":"TCP"}]}}';

/** What the value says where all of it is read by JSON.parse: a space before it is one that Calico does not write. */
function expected(text: string): object {
  return withoutWords(readEndpoint(` ${text}`));
}

/** What is wrong tells a place in the text, which the space moves. */
function withoutWords(read: object): object {
  return 'problem' in read ? { problem: typeof read.problem } : read;
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
      expect(withoutWords(readEndpoint(text))).to.deep.equal(expected(text));
    });
  }

  for (const [name, [text, problem]] of Object.entries({
    'no JSON': ['{', "not JSON: Expected property name or '}' in JSON at position 1"],
    'a list': ['[]', 'not a JSON object'],
    'nothing': ['{}', 'has no metadata'],
    'of another kind': [USUAL.replace('WorkloadEndpoint', 'HostEndpoint'), 'holds a HostEndpoint, not a WorkloadEndpoint'],
    'without metadata': ['{"kind":"WorkloadEndpoint","spec":{"node":"n1"}}', 'has no metadata'],
    'with labels that are none': [USUAL.replace(/"labels":\{[^}]*\}/, '"labels":"app"'), 'its labels are not a map'],
    'with a spec that is none': ['{"kind":"WorkloadEndpoint","metadata":{},"spec":"n1"}', 'its spec is not a map'],
    'with a text of addresses': [USUAL.replace(/"ipNetworks":\[[^\]]*\]/, '"ipNetworks":"10.0.0.1/32"'), 'spec.ipNetworks is not a list'],
    'with addresses that are no texts': ['{"metadata":{},"spec":{"node":"n1","ipNetworks":["10.0.0.1",1]}}', 'spec.ipNetworks[1] is not text'],
    'with a node that is no text': [USUAL.replace('"node":"n1"', '"node":{"name":"n1"}'), 'spec.node is not text'],
  } satisfies Record<string, [string, string]>)) {
    it(`cannot be read where it is ${name}`, () => {
      expect(readEndpoint(text)).to.deep.equal({ problem });
    });
  }

  it('cannot be read with an address that is none', () => {
    const key = '/calico/resources/v3/projectcalico.org/workloadendpoints/ns/n1-k8s-pod-eth0';
    expect(usesOfEndpoint({ key, value: USUAL.replace('fd00::1/128', '10.0.0.300/32') })).to.deep.equal({ problem: 'spec.ipNetworks[1] is "10.0.0.300/32", which is not an address' });
    expect(usesOfEndpoint({ key, value: USUAL, invalid: true })).to.deep.equal({ problem: 'not UTF-8' });
    expect(usesOfEndpoint({ key, value: USUAL })).to.have.length(2);
  });

  it('is read as JSON whatever is changed in it', () => {
    fc.assert(
      fc.property(fc.array(damage, { minLength: 1, maxLength: 3 }), (changes) => {
        const text = changes.reduce((before, { at, removed, added }) => before.slice(0, at) + added + before.slice(at + removed), USUAL);
        expect(withoutWords(readEndpoint(text))).to.deep.equal(expected(text));
      }),
      propertyRuns(),
    );
  });

  it('takes time in proportion to its length where it does not fit', () => {
    const text = USUAL.replace('"finalizers":["a","b"]', `"finalizers":[${'"x",'.repeat(200_000)}"x"],"labels":{${Array.from({ length: 50_000 }, (_, index) => `"l${index}":"v"`).join(',')}}`).replace(/\}$/, '');
    expect(readEndpoint(text)).to.have.property('problem').that.includes('not JSON');
  });
});
