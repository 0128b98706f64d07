import type { Data } from '../../../src/base/data.js';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { stagedKubernetesNetworkPolicy as kind } from '../../../src/resources/v3/staged-kubernetes-network-policy.js';
import { document, problemsOf, storedSpec, tableOf, testGolden } from '../../support/stored.js';

function problemsOfPort(port: Data): string[] {
  return problemsOf(kind, document(kind, { ingress: [{ ports: [port] }] })).map((line) => line.replace('spec.ingress[0].ports[0].', ''));
}

describe('StagedKubernetesNetworkPolicy', () => {
  testGolden(kind);

  it('stores everything in the order of Kubernetes', () => {
    const spec = {
      policyTypes: ['Egress'],
      egress: [
        {
          to: [{ ipBlock: { except: ['10.1.0.0/16'], cidr: '10.0.0.0/8' } }, { namespaceSelector: {}, podSelector: { matchExpressions: [{ values: ['b'], operator: 'In', key: 'a' }], matchLabels: { z: '1', y: '2' } } }],
          ports: [{ endPort: 90, port: 80, protocol: 'TCP' }, { port: 'http' }, { port: '8080' }],
        },
      ],
      stagedAction: 'Learn',
    };
    expect(JSON.stringify(storedSpec(kind, document(kind, spec)))).to.equal(
      '{"stagedAction":"Learn","podSelector":{},"egress":[{"ports":[{"protocol":"TCP","port":80,"endPort":90},{"port":"http"},{"port":"8080"}],' +
        '"to":[{"ipBlock":{"cidr":"10.0.0.0/8","except":["10.1.0.0/16"]}},' +
        '{"podSelector":{"matchLabels":{"y":"2","z":"1"},"matchExpressions":[{"key":"a","operator":"In","values":["b"]}]},"namespaceSelector":{}}]}],"policyTypes":["Egress"]}',
    );
  });

  it('refuses ports that Calico cannot read', () => {
    const what = 'is not a port: a number from 0 to 65535, or the name of a port';
    expect(problemsOfPort({ port: 65536 })).to.deep.equal([`port: the number 65536 ${what}`]);
    expect(problemsOfPort({ port: 'a/b' })).to.deep.equal([`port: "a/b" ${what}`]);
    expect(problemsOfPort({ port: '90:80' })).to.deep.equal([`port: "90:80" ${what}`]);
    expect(problemsOfPort({ port: 1.5 })).to.deep.equal(['port: expected a port: a number from 0 to 65535, or the name of a port, found the number 1.5']);
    expect(problemsOfPort({ port: { int: 80 } })).to.deep.equal(['port: expected a port: a number from 0 to 65535, or the name of a port, found a map (write only the number: 80)']);
    expect(problemsOfPort({ port: 80, endPort: 79 })).to.deep.equal(['endPort: 79 is not the end of a range of ports that starts at 80']);
    expect(problemsOfPort({ port: 'http', endPort: 90 })).to.deep.equal(['endPort: 90 is not the end of a range of ports that starts at http']);
    expect(problemsOfPort({ port: '80:90' })).to.deep.equal([]);
    expect(problemsOfPort({ endPort: 90 })).to.deep.equal([]);
  });

  it('warns of what Calico stores and ignores', () => {
    const spec = {
      podSelector: { matchExpressions: [{ key: 'a', operator: 'in', values: ['b'] }] },
      egress: [{ to: [{ podSelector: {}, ipBlock: { cidr: '10.0.0.1', except: ['x'] } }] }],
      policyTypes: ['egress'],
    };
    expect(problemsOf(kind, document(kind, spec))).to.deep.equal([
      'spec.podSelector.matchExpressions[0].operator: Calico ignores this requirement: "in" is not an operator (write In, NotIn, Exists or DoesNotExist)',
      'spec.egress[0].to[0].ipBlock.cidr: "10.0.0.1" is not a network such as 10.0.0.0/16: Calico will match any address here',
      'spec.egress[0].to[0].ipBlock.except[0]: "x" is not a network such as 10.0.0.0/16: Calico will make no exception for it',
      'spec.egress[0].to[0].podSelector: podSelector is ignored beside ipBlock',
      'spec.policyTypes[0]: Calico ignores "egress": the types are Ingress and Egress',
    ]);
  });

  it('says nothing else where it stands for a deletion', () => {
    expect(problemsOf(kind, document(kind, { stagedAction: 'Delete' }))).to.deep.equal([]);
    expect(problemsOf(kind, document(kind, { stagedAction: 'Delete', podSelector: { matchLabels: { a: 'b' } } }))).to.deep.equal([
      'spec.podSelector: podSelector cannot be given with the stagedAction Delete, which only names the policy to delete (remove podSelector)',
    ]);
  });

  it('knows where people look for its fields', () => {
    expect(problemsOf(kind, document(kind, { types: ['Ingress'], ingress: [{ to: [] }] }))).to.deep.equal([
      'spec.types: unknown field "types" (did you mean "policyTypes"?)',
      'spec.ingress[0].to: unknown field "to" (did you mean "from"?)',
    ]);
  });

  it('shows its selector as kubectl does', () => {
    const matchExpressions = [{ key: 'k', operator: 'In', values: ['x', 'y'] }, { key: 'm', operator: 'NotIn', values: ['z'] }, { key: 'e', operator: 'Exists' }, { key: 'd', operator: 'DoesNotExist' }];
    const documents = [document(kind, {}, { name: 'all' }), document(kind, { podSelector: { matchLabels: { b: '2', a: '1' }, matchExpressions } }, { name: 'some' })];
    expect(tableOf(kind, 'wide', documents)).to.deep.equal([
      ['NAME', 'PODSELECTOR'],
      ['all', '<none>'],
      ['some', 'a=1,b=2,k in (x,y),m notin (z),e,!d'],
    ]);
  });
});
