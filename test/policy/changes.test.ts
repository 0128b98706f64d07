import { expect } from 'chai';
import { describe, it } from 'mocha';
import { changes } from '../../src/policy/changes.js';
import { compile } from '../../src/policy/compile.js';
import type { StoredObject } from '../../src/resources/kind.js';
import { HOSTS } from '../support/policy/random-network.js';

const of = (kind: string, name: string, spec: object): StoredObject => ({ kind, apiVersion: 'projectcalico.org/v3', metadata: { name, ...(kind === 'WorkloadEndpoint' && { namespace: 'default' }) }, spec });
const network = (felix: object): readonly StoredObject[] => [
  of('Profile', 'open', { ingress: [{ action: 'Allow' }], egress: [{ action: 'Allow' }] }),
  of('WorkloadEndpoint', 'node--a-k8s-w-eth0', { orchestrator: 'k8s', node: 'node-a', pod: 'w', endpoint: 'eth0', interfaceName: 'cali1', ipNetworks: ['10.65.0.1/32'], profiles: ['open'] }),
  of('FelixConfiguration', 'default', felix),
];

describe('what changes between two networks', () => {
  it('is what workloads may send to their host, where only that is set otherwise', () => {
    const [before, after] = [network({ defaultEndpointToHostAction: 'Accept' }), network({})].map((objects) => compile(objects, HOSTS));
    const found = [...changes(before!, after!, 4)];
    expect([...new Set(found.map((each) => `${each.before.verdict} ${each.before.by} ${each.after.verdict} ${each.after.by}`))]).to.deep.equal(['allow profile:open/egress/0 deny endpoint-to-host-action']);
    expect(new Set(found.map(({ route }) => route.src))).to.deep.equal(new Set(['10.65.0.1']));
  });
});
