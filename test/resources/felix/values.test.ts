import { expect } from 'chai';
import { describe, it } from 'mocha';
import { FELIX_SETTINGS, type FelixSettingName, type FelixValues } from '../../../src/resources/felix/settings.js';
import { changedSettings, readFelixValues, textsOfSpec } from '../../../src/resources/felix/values.js';
import { felixFields } from '../../../src/resources/v3/felix-configuration.js';

function read(texts: Readonly<Record<string, string>>): ReturnType<typeof readFelixValues> {
  return readFelixValues([{ origin: 'the environment', texts: new Map(Object.entries(texts)) }]);
}

describe('settings of Felix as texts', () => {
  it('all are fields of FelixConfiguration', () => {
    const fields = new Set<string>(felixFields().map(({ name }) => name));
    expect(Object.keys(FELIX_SETTINGS).filter((name) => !fields.has(name))).to.deep.equal([]);
  });

  const TEXTS: readonly [FelixSettingName, string, unknown][] = [
    ['ipv6Support', 'N', false],
    ['ipv6Support', 'T', true],
    ['vxlanEnabled', 'yes', true],
    ['vxlanEnabled', 'none', undefined],
    ['routeRefreshInterval', '0.5', 500],
    ['routeRefreshInterval', '1e2', 100_000],
    ['routeRefreshInterval', 'None', 0],
    ['iptablesLockProbeInterval', '20', 20],
    ['vxlanPort', '0x1000', 4096],
    ['vxlanVNI', '010', 8],
    ['iptablesMarkMask', '0x00ff0f0f', 0xff0f0f],
    ['iptablesBackend', 'nft', 'NFT'],
    ['defaultEndpointToHostAction', 'RETURN', 'Return'],
    ['serviceLoopPrevention', 'none', 'Disabled'],
    ['logSeveritySys', 'None', undefined],
    ['logSeverityScreen', 'DEBUG', 'Debug'],
    ['interfacePrefix', 'tap,vif', ['tap', 'vif']],
    ['natPortRange', '1000:2000', { min: 1000, max: 2000 }],
    ['kubeNodePortRanges', '20000:21000,80', [{ min: 20000, max: 21000 }, { min: 80, max: 80 }]],
    ['natOutgoingAddress', '10.0.0.9', '10.0.0.9'],
    ['deviceRouteSourceAddressIPv6', 'FD00:0::9', 'fd00::9'],
    ['externalNodesList', '10.0.0.1, 10.1.2.3/16', ['10.0.0.1/32', '10.1.0.0/16']],
    ['failsafeOutboundHostPorts', 'none', []],
    ['featureDetectOverride', 'MASQFullyRandom=false', new Map([['MASQFullyRandom', 'false']])],
    ['healthTimeoutOverrides', 'calc=1m30s', new Map([['calc', 90_000]])],
    ['failsafeInboundHostPorts', '22, UDP:53,tcp:[fd00::1]:80,udp:10.1.2.3/8:9', [
      { protocol: 'tcp', port: 22 }, { protocol: 'udp', port: 53 }, { protocol: 'tcp', port: 80, net: 'fd00::1/128' }, { protocol: 'udp', port: 9, net: '10.0.0.0/8' },
    ]],
  ];
  for (const [name, text, value] of TEXTS) {
    it(`${name} ${text}`, () => {
      const { values, unreadable } = read({ [name]: text });
      expect(values[name]).to.deep.equal(value);
      expect(unreadable).to.deep.equal([]);
    });
  }

  const UNREADABLE: readonly [FelixSettingName, string][] = [
    ['ipv6Support', 'maybe'], ['routeRefreshInterval', '90s'], ['vxlanPort', '4789.5'], ['healthPort', '70000'], ['iptablesMarkMask', '0x1'], ['iptablesMarkMask', '0x100000000'],
    ['iptablesMarkMask', 'none'], ['interfacePrefix', 'none'], ['interfacePrefix', 'a b'], ['iptablesFilterDenyAction', 'Accept'], ['natPortRange', '5:4'], ['natOutgoingAddress', 'fd00::1'],
    ['failsafeInboundHostPorts', 'sctp:22'], ['failsafeInboundHostPorts', 'tcp:99999'], ['failsafeInboundHostPorts', 'tcp:10.0.0.0/40:22'], ['interfaceExclude', '/(/'], ['mtuIfacePattern', '(?=a)'], ['externalNodesList', 'fd00::1'],
  ];
  for (const [name, text] of UNREADABLE) {
    it(`${name} cannot be ${text}, and counts as not set`, () => {
      const { values, unreadable } = readFelixValues([
        { origin: 'the environment', texts: new Map([[name, text]]) },
        { origin: 'FelixConfiguration default', texts: new Map() },
      ]);
      expect(values[name]).to.deep.equal(FELIX_SETTINGS[name].builtIn);
      expect(unreadable).to.deep.equal([{ name, text, origin: 'the environment' }]);
    });
  }

  it('patterns of Go become those of JavaScript', () => {
    const { mtuIfacePattern, interfaceExclude } = read({ mtuIfacePattern: '(?i)^ETH[[:digit:]]+\\z', interfaceExclude: 'kube-ipvs0,/^tap.*x$/' }).values;
    expect(['eth0', 'ethx', 'xeth0'].map((name) => mtuIfacePattern.test(name))).to.deep.equal([true, false, false]);
    expect(['kube-ipvs0', 'kube-ipvs01', 'tap1x', 'tap1'].map((name) => interfaceExclude.some((each) => each.test(name)))).to.deep.equal([true, false, true, false]);
  });

  it('stored values are read as their text in the environment', () => {
    const { texts, unknown } = textsOfSpec({
      reportingInterval: '1m30s', iptablesLockProbeInterval: '50ms', failsafeInboundHostPorts: [], natPortRange: '10:20', iptablesMarkMask: 0xff0000, mine: 1, ipipMTU: null,
      failsafeOutboundHostPorts: [{ protocol: 'TCP', port: 22 }, { port: 23, net: 'fd00::/8' }], healthTimeoutOverrides: [{ name: 'calc', timeout: '3s' }], externalNodesList: ['10.0.0.1'],
    });
    const { values, unreadable } = readFelixValues([{ origin: 'a store', texts }]);
    expect(unreadable).to.deep.equal([]);
    expect(unknown).to.deep.equal(['mine']);
    expect([values.reportingInterval, values.iptablesLockProbeInterval, values.failsafeInboundHostPorts, values.ipipMTU]).to.deep.equal([90_000, 50, [], 0]);
    expect(values.failsafeOutboundHostPorts).to.deep.equal([{ protocol: 'tcp', port: 22 }, { protocol: 'tcp', port: 23, net: 'fd00::/8' }]);
    expect([values.healthTimeoutOverrides, values.externalNodesList]).to.deep.equal([new Map([['calc', 3000]]), ['10.0.0.1/32']]);
  });

  it('what changed is named, and the same value in another text is no change', () => {
    const of = (texts: Readonly<Record<string, string>>): FelixValues => read(texts).values;
    expect(changedSettings(of({ reportingInterval: '30', mtuIfacePattern: 'eth' }), of({ reportingInterval: '3e1', mtuIfacePattern: 'eth' }))).to.deep.equal([]);
    expect(changedSettings(of({}), of({ failsafeInboundHostPorts: 'none', vxlanPort: '8472', mtuIfacePattern: 'eth' }))).to.deep.equal(['vxlanPort', 'failsafeInboundHostPorts', 'mtuIfacePattern']);
  });
});
