import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { describe, it } from 'mocha';
import { Problems } from '../../../src/resources/problem.js';
import { readStoredDocument } from '../../../src/resources/v3/document.js';
import { felixConfiguration, felixFieldOfV1Name, felixFields } from '../../../src/resources/v3/felix-configuration.js';
import { document, problemsOf, testGolden } from '../../support/stored.js';

function problems(spec: Record<string, unknown>, name = 'default'): string[] {
  return problemsOf(felixConfiguration, document(felixConfiguration, spec, { name }));
}

function stored(spec: Record<string, unknown>): unknown {
  return readStoredDocument(felixConfiguration, document(felixConfiguration, spec), new Problems())?.spec;
}

describe('FelixConfiguration', () => {
  testGolden(felixConfiguration);

  it('has the settings of Calico 3.32 with their classic names', () => {
    const expected = JSON.parse(readFileSync(new URL('../../cases/felix-settings.json', import.meta.url), 'utf8')) as unknown;
    expect(felixFields().map(({ name, v1Name = '-' }) => [name, v1Name])).to.deep.equal(expected);
  });

  it('finds a setting by its classic name, in its exact spelling', () => {
    const found = ['IpInIpEnabled', 'ReportingIntervalSecs', 'IptablesLockProbeIntervalMillis', 'LogSeverityScreen', 'FailsafeInboundHostPorts'].map((name) => {
      const field = felixFieldOfV1Name(name);
      return [field?.name, field?.goName, field?.form];
    });
    expect(found).to.deep.equal([
      ['ipipEnabled', 'IPIPEnabled', 'bool'],
      ['reportingInterval', 'ReportingInterval', 'seconds'],
      ['iptablesLockProbeInterval', 'IptablesLockProbeInterval', 'milliseconds'],
      ['logSeverityScreen', 'LogSeverityScreen', 'text'],
      ['failsafeInboundHostPorts', 'FailsafeInboundHostPorts', 'failsafe-ports'],
    ]);
    expect(['ipinipenabled', 'NodeSelector', 'IPIPEnabled'].map(felixFieldOfV1Name)).to.deep.equal([undefined, undefined, undefined]);
  });

  it('lets the deprecated switch of load balancing decide about its successors', () => {
    expect([true, false].map((bpfConnectTimeLoadBalancingEnabled) => stored({ bpfConnectTimeLoadBalancingEnabled }))).to.deep.equal([
      {
        nftablesMode: 'Auto',
        bpfLogLevel: '',
        bpfConnectTimeLoadBalancingEnabled: true,
        bpfConnectTimeLoadBalancing: 'Enabled',
        bpfHostNetworkedNATWithoutCTLB: 'Disabled',
        floatingIPs: 'Disabled',
      },
      {
        nftablesMode: 'Auto',
        bpfLogLevel: '',
        bpfConnectTimeLoadBalancingEnabled: false,
        bpfConnectTimeLoadBalancing: 'Disabled',
        bpfHostNetworkedNATWithoutCTLB: 'Disabled',
        floatingIPs: 'Disabled',
      },
    ]);
  });

  it('lets it decide whatever was given for them', () => {
    const switches = (deprecated: boolean | undefined, balancing: string | undefined, nat: string | undefined): unknown[] => {
      const spec = { bpfConnectTimeLoadBalancingEnabled: deprecated, bpfConnectTimeLoadBalancing: balancing, bpfHostNetworkedNATWithoutCTLB: nat };
      const read = stored(spec) as typeof spec;
      return [read.bpfConnectTimeLoadBalancingEnabled, read.bpfConnectTimeLoadBalancing, read.bpfHostNetworkedNATWithoutCTLB];
    };
    for (const balancing of [undefined, 'TCP', 'Enabled', 'Disabled']) {
      for (const nat of [undefined, 'Enabled', 'Disabled']) {
        expect(switches(true, balancing, nat)).to.deep.equal([true, 'Enabled', 'Disabled']);
        expect(switches(false, balancing, nat)).to.deep.equal([false, 'Disabled', 'Disabled']);
        expect(switches(undefined, balancing, nat)).to.deep.equal([undefined, balancing ?? 'TCP', nat ?? 'Enabled']);
      }
    }
  });

  it('warns of settings that Felix cannot live with', () => {
    const fields = (spec: Record<string, unknown>): string[] => problemsOf(felixConfiguration, document(felixConfiguration, spec), 'warning').map((line) => line.split(':', 1)[0]!);
    const port = { protocol: 'TCP', port: 1 };
    const risky = {
      iptablesFilterDenyAction: 'Reject',
      kubeNodePortRanges: ['30000:32767'],
      endpointReportingDelay: '0s',
      iptablesMarkMask: 15,
      nftablesMarkMask: 0,
      metadataPort: 65536,
      metadataAddr: 'fd00::1',
      interfacePrefix: 'cali, tap',
      failsafeInboundHostPorts: [port, { protocol: 'ICMP', port: 1 }],
      failsafeOutboundHostPorts: [{ ...port, net: '10.0.0.0/40' }],
      nftablesMode: 'Enabled',
      iptablesNATOutgoingInterfaceFilter: 'eth+',
    };
    const expected = Object.keys(risky).filter((name) => name !== 'nftablesMode').map((name) => `spec.${name}`);
    expect(fields(risky).sort()).to.deep.equal(expected.sort());
    for (const [name, value] of Object.entries(risky)) if (!/NAT|Mode/.test(name)) expect(fields({ [name]: value })).to.deep.equal([`spec.${name}`]);
    expect(
      fields({
        iptablesFilterDenyAction: 'Drop',
        nftablesFilterDenyAction: 'Reject',
        endpointReportingDelay: '1s',
        iptablesMarkMask: 0xff000000,
        metadataPort: 0,
        metadataAddr: 'None',
        interfacePrefix: 'cali,tap',
        failsafeInboundHostPorts: [{ port: 22 }, port, { ...port, protocol: 'sctp', net: 'fd00::/8' }],
        failsafeOutboundHostPorts: [],
        iptablesNATOutgoingInterfaceFilter: 'eth+',
      }),
    ).to.deep.equal([]);
    expect(problems({ iptablesFilterDenyAction: 'Reject' })).to.deep.equal([
      'spec.iptablesFilterDenyAction: Felix 3.32 restarts again and again with Reject: it also uses it in the raw table, where the kernel refuses it (write Drop)',
    ]);
  });

  it('explains values of the wrong kind', () => {
    expect(
      problems({
        logSeverityScreen: 'info',
        reportingInterval: '1.5s',
        netlinkTimeout: 30,
        ipipEnabled: 'true',
        iptablesMarkMask: 4294967296,
        kubeNodePortRanges: ['http', '30000:32767'],
        routeTableRanges: [{ min: 5, max: 1 }],
        openstackRegion: 'Region One',
        mtuIfacePattern: '(?=eth)',
        chainInsertMode: 'prepend',
        healthTimeoutOverrides: [{ name: 'Valid', timeout: '-1s' }],
        istioDSCPMark: 64,
        bpfConntrackTimeouts: { tcpSynSent: 'never' },
      }),
    ).to.deep.equal([
      'spec.netlinkTimeout: expected a duration such as 90s or 1h30m, found the number 30 (write a unit after it: "30s")',
      'spec.openstackRegion: "Region One" is not the name of a region (up to 46 lower-case letters, digits and "-", with a letter or digit at both ends)',
      'spec.chainInsertMode: "prepend" is not a value of this setting: expected Insert or Append',
      'spec.logSeverityScreen: "info" is not a value of this setting: expected Trace, Debug, Info, Warning, Error or Fatal; did you mean "Info"?',
      'spec.ipipEnabled: expected true or false, found "true" (write true without quotes)',
      'spec.reportingInterval: 1.5s is not allowed here: no sign, no fraction, and no unit below milliseconds',
      'spec.iptablesMarkMask: 4294967296 is not a whole number (0 to 4294967295)',
      'spec.healthTimeoutOverrides[0].timeout: a timeout cannot be negative: -1s',
      'spec.kubeNodePortRanges[0]: "http" is not a port or range such as 30000:32767',
      'spec.bpfConntrackTimeouts.tcpSynSent: "never" is not a timeout (a duration such as 20s, or Auto)',
      'spec.istioDSCPMark: the number 64 is not a DSCP mark: a number from 0 to 63, or a name such as EF, AF11 or CS0',
      'spec.routeTableRanges[0]: the range ends at 1, below its start 5',
      'spec.mtuIfacePattern: "(?=eth)" is not a regular expression: look-around is not supported',
      'spec.kubeNodePortRanges: Felix 3.32 cannot read this list from the datastore and goes on with 30000:32767 (set FELIX_KUBENODEPORTRANGES in the environment of Felix instead)',
    ]);
  });

  it('does not judge a range whose ends cannot be read', () => {
    expect(problems({ routeTableRange: { min: '1', max: 5 }, routeTableRanges: [{ min: 1, max: 'x' }] })).to.deep.equal([
      'spec.routeTableRanges[0].max: expected a route table, found "x"',
      'spec.routeTableRange.min: expected a route table, found "1" (write it without quotes)',
      'spec.routeTableRange: routeTableRange cannot be given together with routeTableRanges (remove routeTableRange)',
    ]);
  });

  it('does not list all its fields for one that it lacks', () => {
    expect(problems({ zzzzzzzzzz: 1, logSeverity: 'Info' })).to.deep.equal([
      'spec.zzzzzzzzzz: unknown field "zzzzzzzzzz"',
      'spec.logSeverity: unknown field "logSeverity" (did you mean "logSeverityScreen"?)',
    ]);
  });

  it('refuses a nodeSelector where the name says for which nodes it is', () => {
    expect(problems({ nodeSelector: 'all()' }, 'node.n1')).to.deep.equal([
      'spec.nodeSelector: the FelixConfiguration node.n1 cannot have a nodeSelector: its name says which nodes it applies to',
    ]);
    expect(problems({ nodeSelector: 'all()' }, 'racks')).to.deep.equal([]);
    expect(problems({ routeTableRange: { min: 1, max: 2 }, routeTableRanges: [] })).to.deep.equal([
      'spec.routeTableRange: routeTableRange cannot be given together with routeTableRanges (remove routeTableRange)',
    ]);
  });
});
