import type { Data } from '../../src/base/data.js';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { readFileSync } from 'node:fs';
import { felixFields } from '../../src/resources/v3/felix-configuration.js';
import { findSetting, settingOfField } from '../../src/settings/setting.js';
import { readValue, valueText } from '../../src/settings/value-text.js';
import { felixConfiguration } from '../../src/resources/v3/felix-configuration.js';

interface Verdict {
  readonly apply: { readonly stored?: { readonly value: string } };
}

/** Every value of a field in what official Calico stored. */
function storedValues(): Map<string, unknown[]> {
  const values = new Map<string, unknown[]>();
  for (const file of ['FelixConfiguration', 'changed-FelixConfiguration']) {
    const verdicts = JSON.parse(readFileSync(new URL(`../cases/golden/validator/${file}.json`, import.meta.url), 'utf8')) as Verdict[];
    for (const { apply } of verdicts) {
      const { spec = {} } = JSON.parse(apply.stored?.value ?? '{}') as { spec?: Data };
      for (const [name, value] of Object.entries(spec)) values.set(name, [...(values.get(name) ?? []), value]);
    }
  }
  return values;
}

/** As text in which protocols are written as classic configuration writes them: in small letters, TCP where there is none. */
function same(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) => (typeof each === 'object' && each !== null && 'port' in each ? { ...each, protocol: ((each as { protocol?: string }).protocol ?? 'tcp').toLowerCase() } : each)).replace(/"port":(\d+),"protocol":("[^"]*")/g, '"protocol":$2,"port":$1');
}

describe('low-level settings of Felix', () => {
  it('every value that Calico stored is printed as a text that reads back as the same value', () => {
    const values = storedValues();
    const wrong: string[] = [];
    let tried = 0;
    for (const field of felixFields()) {
      for (const value of values.get(field.name) ?? []) {
        tried++;
        const text = valueText(value, field.form);
        const reading = readValue(field.type, field.form, text);
        if (!('value' in reading) || same(reading.value) !== same(value)) wrong.push(`${field.name} ${JSON.stringify(value)}: ${text}: ${JSON.stringify(reading)}`);
      }
    }
    expect(wrong).to.deep.equal([]);
    expect(tried).to.be.above(100);
  });

  it('every setting is found by its classic name and by its field', () => {
    for (const { name, v1Name } of felixFields()) {
      if (v1Name === undefined) expect(settingOfField(felixConfiguration, name)).to.equal(undefined);
      else expect([findSetting(v1Name, 'felix').places[0]?.field, settingOfField(felixConfiguration, name)?.name]).to.deep.equal([name, v1Name]);
    }
  });

  const texts: [setting: string, text: string, stored: unknown][] = [
    ['RouteRefreshInterval', '90', '1m30s'],
    ['RouteRefreshInterval', '2m', '2m0s'],
    ['IptablesLockProbeIntervalMillis', '50', '50ms'],
    ['IptablesLockProbeIntervalMillis', '1500', undefined],
    ['ReportingIntervalSecs', '0', '0s'],
    ['IpInIpEnabled', 't', true],
    ['IpInIpEnabled', 'F', false],
    ['IpInIpEnabled', 'on', undefined],
    ['IpInIpEnabled', 'YES', true],
    ['IpInIpEnabled', 'n', false],
    ['IpInIpMtu', '0x5a0', 1440],
    ['IpInIpMtu', '02640', undefined],
    ['IpInIpMtu', '0o2640', 1440],
    ['IpInIpMtu', '0b11', 3],
    ['IpInIpMtu', '09', undefined],
    ['GoGCThreshold', '-1', -1],
    ['RouteRefreshInterval', '1e2', undefined],
    ['RouteRefreshInterval', '100', '1m40s'],
    ['RouteRefreshInterval', '1.5', undefined],
    ['IptablesLockProbeIntervalMillis', '.5e3', undefined],
    ['BPFRedirectToPeer', 'L2Only', 'L2Only'],
    ['BPFRedirectToPeer', 'l2only', 'L2Only'],
    ['BPFRedirectToPeer', 'L3Only', undefined],
    ['bpfredirecttopeer', 'enabled', 'Enabled'],
    ['AWSSrcDstCheck', 'donothing', 'DoNothing'],
    ['PrometheusMetricsClientAuth', 'requireandverifyclientcert', 'RequireAndVerifyClientCert'],
    ['BPFMapSizeConntrackScaling', 'doubleiffull', 'doubleiffull'],
    ['KubeNodePortRanges', '30000:32767,', ['30000:32767']],
    ['IpInIpMtu', '1440', 1440],
    ['IpInIpMtu', '+1440', undefined],
    ['IpInIpMtu', '01440', undefined],
    ['IpInIpMtu', '1e3', undefined],
    ['RouteRefreshInterval', '090', undefined],
    ['FailsafeInboundHostPorts', 'tcp:022', undefined],
    ['IpInIpMtu', '', undefined],
    ['IptablesMarkMask', '0xffff0000', 0xffff0000],
    ['LogSeveritySys', 'PANIC', 'Fatal'],
    ['LogSeveritySys', 'critical', 'Fatal'],
    ['LogSeveritySys', 'warning', 'Warning'],
    ['LogSeveritySys', 'none', undefined],
    ['IptablesBackend', 'nft', 'NFT'],
    ['DefaultEndpointToHostAction', 'RETURN', 'Return'],
    ['FailsafeInboundHostPorts', '22', [{ protocol: 'tcp', port: 22 }]],
    ['FailsafeInboundHostPorts', 'UDP:68', [{ protocol: 'udp', port: 68 }]],
    ['FailsafeInboundHostPorts', 'tcp:[fd00::/8]:22', [{ protocol: 'tcp', port: 22, net: 'fd00::/8' }]],
    ['FailsafeInboundHostPorts', '', []],
    ['FailsafeInboundHostPorts', 'tcp:99999', undefined],
    ['RouteTableRange', '1-250', { min: 1, max: 250 }],
    ['RouteTableRanges', '1-250,300-310', [{ min: 1, max: 250 }, { min: 300, max: 310 }]],
    ['RouteTableRanges', '250-1', undefined],
    ['ExternalNodesCIDRList', '192.0.2.1, 10.0.0.0/8', ['192.0.2.1', '10.0.0.0/8']],
    ['ExternalNodesCIDRList', '["192.0.2.1"]', ['192.0.2.1']],
    ['HealthTimeoutOverrides', 'a=10s,b=2m', [{ name: 'a', timeout: '10s' }, { name: 'b', timeout: '2m0s' }]],
  ];
  for (const [name, text, stored] of texts) {
    it(`${name} '${text}' is ${stored === undefined ? 'refused' : `stored as ${JSON.stringify(stored)}`}`, () => {
      const reading = findSetting(name, 'felix').read(text);
      expect('value' in reading ? reading.value : undefined).to.deep.equal(stored);
    });
  }

  const wrong: [scope: 'felix' | 'bgp', setting: string, text: string, problem: string][] = [
    ['bgp', 'communities', '[{"name":"a","value":"x"}]', '[0].value: "x" is not a BGP community: expected aa:nn or aa:nn:mm'],
    ['bgp', 'communities', '[{"name":"a"}]', '[0].value: a community needs a value'],
    ['bgp', 'communities', '{"name":"a","value":"1:2"}', 'expected a list, found a map (give it as JSON: a list of maps with name and value)'],
    ['bgp', 'serviceClusterIPs', '[{"cidr":"10.96.0.0/33"}]', '[0].cidr: "10.96.0.0/33" is not a network such as 10.0.0.0/16'],
    ['bgp', 'serviceClusterIPs', '10.96.0.0/16', '[0]: expected a block of service addresses, found "10.96.0.0/16" (give it as JSON: a list of maps with cidr)'],
    ['bgp', 'listenPort', '99999', '99999 is not a port (0 to 65535)'],
    ['bgp', 'ipv4NormalRoutePriority', '0', '0 is not a route priority (1 to 2147483646)'],
    ['bgp', 'nodeMeshPassword', '{"secretKeyRef":{"nam":"a"}}', 'secretKeyRef.nam: unknown field "nam"'],
    ['bgp', 'nodeMeshPassword', 'abc', 'expected a password, found "abc" (give it as JSON: a map with secretKeyRef)'],
    ['bgp', 'ignoredInterfaces', 'eth0,*', '[1]: "*" is not the name of an interface, with * for any characters (up to 15 letters, digits, "_", ".", "-" and "*", and not "*" alone)'],
    ['felix', 'RouteTableRange', '1-251', '1 to 251 is not a range of route tables within 1 to 250'],
    ['felix', 'RouteTableRange', 'x', 'expected a range of route tables, found "x" (such as 1-250)'],
    ['felix', 'RouteTableRanges', '3-4,250-1', '[1]: the range ends at 1, below its start 250'],
    ['felix', 'RouteTableRanges', '1-70000', 'the ranges may have 65535 route tables in all, these have 70000'],
    ['felix', 'RouteTableRanges', 'x', '[0]: expected a range of route tables, found "x" (such as 1-250,300-310)'],
    ['felix', 'KubeNodePortRanges', '30000:99999', '[0]: "30000:99999" is not a range of ports: both ends are numbers from 1 to 65535'],
    ['felix', 'HealthTimeoutOverrides', 'a=10s,b=x', '[1].timeout: "x" is not a duration such as 90s or 1h30m'],
    ['felix', 'HealthTimeoutOverrides', 'a', '[0]: expected a health timeout, found "a" (give it as JSON: a list of maps with name and timeout)'],
    ['felix', 'BPFConntrackTimeouts', 'tcpSynSent=x', 'tcpSynSent: "x" is not a timeout (a duration such as 20s, or Auto)'],
    ['felix', 'ExternalNodesCIDRList', '10.0.0.0/8,a', '[1]: "a" is not an IPv4 network or address'],
    ['felix', 'FailsafeInboundHostPorts', 'tcp:22,tcp:99999', '[1].port: 99999 is not a port (0 to 65535)'],
    ['felix', 'FailsafeInboundHostPorts', 'tcp:22,x', '[1]: expected a failsafe port, found "x" (such as tcp:22,udp:53)'],
  ];
  for (const [scope, name, text, problem] of wrong) {
    it(`${name} '${text}': ${problem}`, () => expect(findSetting(name, scope).read(text)).to.deep.equal({ problem }));
  }
});
