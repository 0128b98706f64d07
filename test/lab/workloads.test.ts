import { expect } from 'chai';
import { describe, it } from 'mocha';
import { toldApart, workloadOf } from '../../src/lab/workloads.js';
import type { StoredObject } from '../../src/resources/kind.js';

const endpoint = (namespace: string, pod: string): StoredObject => ({
  kind: 'WorkloadEndpoint', apiVersion: 'projectcalico.org/v3', metadata: { name: `node1-k8s-${pod}-eth0`, namespace }, spec: { node: 'node1', pod, endpoint: 'eth0', interfaceName: 'cali1', ipNetworks: ['10.65.0.1/32'] },
});

describe('what workloads of a lab are called', () => {
  it('is their name, and the namespace before it only where that sets them apart', () => {
    const workloads = [endpoint('shop', 'web-0'), endpoint('bank', 'web-0'), endpoint('shop', 'db-0')].map(workloadOf);
    expect(toldApart(workloads).map(([called]) => called)).to.deep.equal(['shop/web-0', 'bank/web-0', 'db-0']);
  });
});
