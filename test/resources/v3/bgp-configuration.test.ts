import { expect } from 'chai';
import { describe, it } from 'mocha';
import { bgpConfiguration } from '../../../src/resources/v3/bgp-configuration.js';
import { document, problemsOf, tableOf, testGolden } from '../../support/stored.js';

function problems(spec: Record<string, unknown>, name = 'default'): string[] {
  return problemsOf(bgpConfiguration, document(bgpConfiguration, spec, { name }));
}

describe('BGPConfiguration', () => {
  testGolden(bgpConfiguration);

  it('refuses what only the cluster as a whole can have', () => {
    expect(problems({ asNumber: 1, nodeToNodeMeshEnabled: true, logSeverityScreen: 'Info' }, 'node.n1')).to.deep.equal([
      'spec.nodeToNodeMeshEnabled: nodeToNodeMeshEnabled can only be set in the BGPConfiguration named default',
      'spec.asNumber: asNumber can only be set in the BGPConfiguration named default',
    ]);
  });

  it('names the element whose community is wrong', () => {
    const prefixAdvertisements = [{ cidr: '10.0.0.0/8', communities: ['65000:1', 'nope', '65536:1'] }, { cidr: '10.0.0.1', communities: ['1:2:3'] }];
    expect(problems({ prefixAdvertisements })).to.deep.equal([
      'spec.prefixAdvertisements[1].cidr: "10.0.0.1" is not a network such as 10.0.0.0/16',
      'spec.prefixAdvertisements[0].communities[1]: "nope" is neither the name of a community in spec.communities nor one of the form aa:nn or aa:nn:mm',
      'spec.prefixAdvertisements[0].communities[2]: 65536 is too large for a community of 2 numbers: at most 65535 is allowed',
    ]);
  });

  it('takes empty text for nothing where something is required', () => {
    const prefixAdvertisements = [{ cidr: '', communities: ['1:2'] }];
    expect(problems({ communities: [{ name: '', value: '' }], prefixAdvertisements })).to.deep.equal([
      'spec.communities[0].name: a community needs a name',
      'spec.communities[0].value: a community needs a value',
      'spec.prefixAdvertisements[0].cidr: an advertisement needs a cidr',
    ]);
    expect(problems({ serviceClusterIPs: [{ cidr: '' }] })).to.deep.equal([]);
  });

  it('helps with the words of the classic language', () => {
    expect(problems({ logLevel: 'info', nodeToNodeMesh: 'on' })).to.deep.equal([
      'spec.logLevel: unknown field "logLevel" (did you mean "logSeverityScreen"?)',
      'spec.nodeToNodeMesh: unknown field "nodeToNodeMesh" (did you mean "nodeToNodeMeshEnabled"?)',
    ]);
  });

  it('refuses settings of a mesh that is switched off', () => {
    expect(problems({ nodeToNodeMeshEnabled: false, nodeMeshMaxRestartTime: '90s' })).to.deep.equal([
      'spec.nodeMeshMaxRestartTime: nodeMeshMaxRestartTime cannot be set where nodeToNodeMeshEnabled is false',
    ]);
  });

  it('shows a dash for what is not set', () => {
    expect(tableOf(bgpConfiguration, 'ps', [document(bgpConfiguration, {}), document(bgpConfiguration, { nodeToNodeMeshEnabled: false, asNumber: 64600 })])).to.deep.equal([
      ['NAME', 'LOGSEVERITY', 'MESHENABLED', 'ASNUMBER'],
      ['default', 'Info', '-', '-'],
      ['default', 'Info', 'false', '64600'],
    ]);
  });

  it('wants networks without host bits', () => {
    expect(problems({ serviceClusterIPs: [{ cidr: '10.0.0.1/8' }] })).to.deep.equal([
      'spec.serviceClusterIPs[0].cidr: 10.0.0.1/8 has bits set after its prefix length: the network is 10.0.0.0/8',
    ]);
  });
});
