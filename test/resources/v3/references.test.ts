import { expect } from 'chai';
import type { StoredObject } from '../../../src/resources/kind.js';
import { STORED_KINDS } from '../../../src/resources/registry.js';
import { bgpConfiguration } from '../../../src/resources/v3/bgp-configuration.js';
import { bgpPeer } from '../../../src/resources/v3/bgp-peer.js';
import { felixConfiguration } from '../../../src/resources/v3/felix-configuration.js';
import { globalNetworkPolicy } from '../../../src/resources/v3/global-network-policy.js';
import { referencesOf } from '../../../src/resources/v3/references.js';
import { stagedNetworkPolicy } from '../../../src/resources/v3/staged-network-policy.js';
import { workloadEndpoint } from '../../../src/resources/v3/workload-endpoint.js';

function objectOf(kind: { kind: string }, name: string, spec: Record<string, unknown>): StoredObject {
  return { kind: kind.kind, apiVersion: 'projectcalico.org/v3', metadata: { name }, spec };
}

function textsOf(kind: (typeof STORED_KINDS)[number], name: string, spec: Record<string, unknown>): string[] {
  return referencesOf(kind, objectOf(kind, name, spec)).map((each) => `${each.path.join('.')} -> ${each.kind.kind}(${each.name})${each.demanded ? '!' : ''}`);
}

describe('what stored objects name', () => {
  it('is declared for each kind', () => {
    const declared = STORED_KINDS.flatMap(({ kind, references = [] }) => references.map((each) => `${kind} ${each.path.join('.')} ${each.to.kind}${each.demanded ? '!' : ''}`));
    expect(declared).to.deep.equal([
      'BGPConfiguration metadata.name Node',
      'BGPPeer spec.node Node',
      'BGPPeer spec.filters BGPFilter!',
      'FelixConfiguration metadata.name Node',
      'GlobalNetworkPolicy spec.tier Tier!',
      'HostEndpoint spec.node Node',
      'HostEndpoint spec.profiles Profile',
      'NetworkPolicy spec.tier Tier!',
      'StagedGlobalNetworkPolicy spec.tier Tier!',
      'StagedNetworkPolicy spec.tier Tier!',
      'WorkloadEndpoint spec.node Node',
      'WorkloadEndpoint spec.profiles Profile',
    ]);
  });

  it('only names fields that the kind has', () => {
    for (const kind of STORED_KINDS) {
      const fields = kind.spec.fields.map((field) => field.name);
      for (const { path } of kind.references ?? []) if (path[0] === 'spec') expect(fields, kind.kind).to.include(path[1]);
    }
  });

  it('is found in single fields and in lists, each name once', () => {
    expect(textsOf(bgpPeer, 'p', { node: 'n1', filters: ['a', 'b', 'a'] })).to.deep.equal(['spec.node -> Node(n1)', 'spec.filters -> BGPFilter(a)!', 'spec.filters -> BGPFilter(b)!']);
    expect(textsOf(workloadEndpoint, 'w', { node: 'n1', profiles: ['kns.default', 'web'] })).to.deep.equal(['spec.node -> Node(n1)', 'spec.profiles -> Profile(kns.default)', 'spec.profiles -> Profile(web)']);
  });

  it('is the default tier where a policy, staged ones too, says none', () => {
    expect(textsOf(globalNetworkPolicy, 'a', {})).to.deep.equal(['spec.tier -> Tier(default)!']);
    expect(textsOf(stagedNetworkPolicy, 'a', { tier: 'ops' })).to.deep.equal(['spec.tier -> Tier(ops)!']);
  });

  it('is in the name of the settings of one node', () => {
    expect(textsOf(felixConfiguration, 'node.n1', {})).to.deep.equal(['metadata.name -> Node(n1)']);
    expect(textsOf(bgpConfiguration, 'node.a.b', {})).to.deep.equal(['metadata.name -> Node(a.b)']);
    expect([textsOf(felixConfiguration, 'default', {}), textsOf(bgpConfiguration, 'default', {}), textsOf(felixConfiguration, 'node.', {})]).to.deep.equal([[], [], []]);
  });

  it('is nothing where a stored value is of the wrong type', () => {
    expect(textsOf(bgpPeer, 'p', { node: 7, filters: { a: 1 } })).to.deep.equal([]);
    expect(textsOf(workloadEndpoint, 'w', { node: '', profiles: [null, 'web', ''] })).to.deep.equal(['spec.profiles -> Profile(web)']);
  });
});
