import { listOf } from '../fields/collections.js';
import { text } from '../fields/scalars.js';
import { duration, wholeDuration } from '../fields/duration.js';
import { anyCase, choice, flag, given, number, plain, seconds, typed, words, writtenWords } from './felix-field.js';
import { conntrackTimeouts, dscpMark, interfaceFilter, logFilters, networks, WORD } from './felix-types.js';
import { goRegexp } from '../fields/regexp.js';
import { rulePort } from './ports.js';

/** Settings of Felix for nftables, eBPF and flow logs, in the order in which they are stored (reference/storage 3.12). */
export function bpfFields() {
  return [
    choice('nftablesMode', ['Disabled', 'Enabled', 'Auto'], { go: 'NFTablesMode' }),
    seconds('nftablesRefreshInterval', duration),
    words('nftablesFilterAllowAction', ['Accept', 'Return']),
    words('nftablesMangleAllowAction', ['Accept', 'Return']),
    words('nftablesFilterDenyAction', ['Drop', 'Reject']),
    number('nftablesMarkMask', WORD),
    flag('bpfEnabled'),
    flag('bpfDisableUnprivileged'),
    choice('bpfJITHardening', ['Auto', 'Strict']),
    writtenWords('bpfLogLevel', ['Off', 'Info', 'Debug']),
    words('bpfConntrackLogLevel', ['Off', 'Debug']),
    choice('bpfConntrackMode', ['Auto', 'Userspace', 'BPFProgram'], { go: 'BPFConntrackCleanupMode' }),
    given('bpfConntrackTimeouts', conntrackTimeouts),
    given('bpfLogFilters', logFilters),
    plain('bpfCTLBLogFilter'),
    typed('bpfDataIfacePattern', goRegexp),
    typed('bpfL3IfacePattern', goRegexp),
    flag('bpfConnectTimeLoadBalancingEnabled'),
    choice('bpfConnectTimeLoadBalancing', ['TCP', 'Enabled', 'Disabled']),
    choice('bpfHostNetworkedNATWithoutCTLB', ['Enabled', 'Disabled']),
    words('bpfExternalServiceMode', ['Tunnel', 'DSR']),
    given('bpfDSROptoutCIDRs', networks),
    number('bpfExtToServiceConnmark', { minimum: 0, maximum: 4294967295 }),
    flag('bpfKubeProxyIptablesCleanupEnabled'),
    seconds('bpfKubeProxyMinSyncPeriod', wholeDuration),
    number('bpfKubeProxyHealthzPort', { minimum: 0, maximum: 65535 }),
    given('bpfPSNATPorts', rulePort),
    number('bpfMapSizeNATFrontend'),
    number('bpfMapSizeNATBackend'),
    number('bpfMapSizeNATAffinity'),
    number('bpfMapSizeRoute'),
    number('bpfMapSizeConntrack'),
    number('bpfMapSizePerCpuConntrack', {}, { go: 'BPFMapSizePerCPUConntrack' }),
    anyCase('bpfMapSizeConntrackScaling', ['Disabled', 'DoubleIfFull']),
    number('bpfMapSizeConntrackCleanupQueue', { minimum: 1 }),
    number('bpfMapSizeIPSets'),
    number('bpfMapSizeIfState'),
    flag('bpfHostConntrackBypass'),
    anyCase('bpfEnforceRPF', ['Disabled', 'Strict', 'Loose']),
    flag('bpfPolicyDebugEnabled'),
    given('bpfForceTrackPacketsFromIfaces', listOf(interfaceFilter)),
    typed('bpfDisableGROForIfaces', goRegexp),
    given('bpfExcludeCIDRsFromNAT', networks),
    number('bpfExportBufferSizeMB'),
    choice('istioAmbientMode', ['Enabled', 'Disabled']),
    given('istioDSCPMark', dscpMark),
    plain('cgroupV2Path'),
    choice('flowLogsPolicyEvaluationMode', ['None', 'Continuous']),
    // The schema of 3.32.1 has no L2Only; its Felix does, and later schemas.
    words('bpfRedirectToPeer', ['Enabled', 'Disabled', 'L2Only']),
    choice('bpfAttachType', ['TC', 'TCX']),
    seconds('flowLogsFlushInterval', wholeDuration),
    flag('flowLogsCollectorDebugTrace'),
    given('flowLogsGoldmaneServer', text(), { form: 'text' }),
    choice('flowLogsLocalReporter', ['Disabled', 'Enabled']),
    words('bpfProfiling', ['Enabled', 'Disabled']),
  ];
}
