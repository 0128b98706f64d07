import { expect } from 'chai';
import { describe, it } from 'mocha';
import { endpointName, hostInterfaceName, isNamedAfter } from '../../../src/cni/network/identity.js';
import { asLabel, ofMesosLabels } from '../../../src/cni/network/mesos-labels.js';

const container = { node: 'node1', namespace: 'default', containerId: 'abc' };
const pod = { ...container, pod: 'mypod' };

describe('which endpoint is a workload\'s', () => {
  it('has a name of node, orchestrator, workload and interface', () => {
    expect(endpointName(container, 'eth0')).to.equal('node1-cni-abc-eth0');
    expect(endpointName({ ...pod, node: 'node-1', pod: 'my-pod-1' }, 'net-1')).to.equal('node--1-k8s-my--pod--1-net--1');
  });

  it('cannot be named where a part is empty or begins with a dash', () => {
    expect(() => endpointName({ ...container, node: '' }, 'eth0')).to.throw('no endpoint can be named after "", "abc", "eth0"');
    expect(() => endpointName(container, '-eth0')).to.throw('"-eth0"');
  });

  for (const { name, expected } of [
    { name: 'node1-k8s-mypod-eth0', expected: true },
    { name: 'node1-k8s-mypod-net--1', expected: true },
    { name: 'node1-k8s-mypod--1-eth0', expected: false },
    { name: 'node1-k8s-mypod-1-eth0', expected: false },
    { name: 'node1-k8s-mypod-', expected: false },
    { name: 'node1-cni-mypod-eth0', expected: false },
    { name: 'node1--k8s-mypod-eth0', expected: false },
  ]) {
    it(`${name} is ${expected ? 'one' : 'none'} of node1, pod mypod`, () => {
      expect(isNamedAfter(pod, name)).to.equal(expected);
    });
  }

  it('has an interface named after the pod, or the container', () => {
    expect(hostInterfaceName({ ...pod, pod: 'frontend-1' }, undefined)).to.equal('cali798de850f6e');
    expect(hostInterfaceName({ ...pod, pod: 'frontend-1' }, 'eni,cali')).to.equal('eni798de850f6e');
    expect(hostInterfaceName(container, 'eni')).to.equal('caliabc');
  });
});

describe('labels of Mesos', () => {
  for (const [text, expected] of [
    ['/a/b/c', 'a.b.c'],
    ['plain_1', 'plain_1'],
    ['a b\u00fcc', 'a-b-c'],
    ['a.-.b', 'a.b'],
    ['--a--', 'a'],
    ['///', ''],
  ] as const) {
    it(`${JSON.stringify(text)} becomes ${JSON.stringify(expected)}`, () => {
      expect(asLabel(text)).to.equal(expected);
    });
  }

  it('may name the namespace', () => {
    expect(ofMesosLabels([['DCOS_SPACE', '/x/y'], ['projectcalico.org/namespace', 'team/a']])).to.deep.equal({ labels: { DCOS_SPACE: 'x.y' }, namespace: 'team.a' });
    expect(ofMesosLabels([])).to.deep.equal({ labels: {}, namespace: undefined });
  });
});
