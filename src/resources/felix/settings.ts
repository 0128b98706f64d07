import {
  address, anyText, bool, failsafePorts, interfacePatterns, interfacePrefixes, lengthOfTime, markMask, matching, networks, pairs, pattern, portRange, portRanges, timeouts, whole, word,
  type FailsafePort, type Form, type PortRange,
} from './forms.js';

/** How a setting of Felix is read, and what it is where nobody set it. */
export interface FelixSetting<T> {
  readonly read: Form<T>;
  readonly builtIn: T;
  /** What the word `none` makes of it; absent where it may not be none. */
  readonly none?: T;
  readonly mayBeNone: boolean;
}

function setting<T>(read: Form<T>, builtIn: T, ...none: [T] | []): FelixSetting<T> {
  return none.length === 0 ? { read, builtIn, mayBeNone: false } : { read, builtIn, none: none[0], mayBeNone: true };
}

const flag = (builtIn: boolean): FelixSetting<boolean> => setting(bool, builtIn, false);
/** Milliseconds; the built-in value in seconds. */
const seconds = (builtIn: number): FelixSetting<number> => setting(lengthOfTime(), builtIn * 1000, 0);
const number = (builtIn: number, minimum?: number, maximum?: number): FelixSetting<number> => setting(whole(minimum, maximum), builtIn, 0);
const port = (builtIn: number): FelixSetting<number> => number(builtIn, 0, 65535);
const text = (builtIn: string, read: Form<string> = anyText): FelixSetting<string> => setting(read, builtIn, '');
/** Of words, the one that `none` amounts to. */
const choice = <const Word extends string>(words: readonly Word[], builtIn: Word, none: Word): FelixSetting<Word> => setting(word(...words), builtIn, none);
const demanded = <const Word extends string>(words: readonly Word[], builtIn: Word): FelixSetting<Word> => setting(word(...words), builtIn);
const optional = <T>(read: Form<T>): FelixSetting<T | undefined> => setting<T | undefined>(read, undefined, undefined);

const LEVELS = ['Trace', 'Debug', 'Info', 'Warning', 'Error', 'Fatal'] as const;
const severity = (): FelixSetting<(typeof LEVELS)[number] | undefined> => setting<(typeof LEVELS)[number] | undefined>(word(...LEVELS), 'Info', undefined);
const HOST = /^[a-zA-Z0-9:._+-]{1,64}$/;
const ENABLED = ['Enabled', 'Disabled'] as const;
const ALLOW = ['Accept', 'Return'] as const;
const DENY = ['Drop', 'Reject'] as const;
const priority = (builtIn: number): FelixSetting<number> => number(builtIn, 1, 2147483646);
const ports = (list: string): FelixSetting<readonly FailsafePort[]> => setting(failsafePorts, failsafePorts(list)!, []);

/**
 * The settings of Felix that have to do with what is programmed, reported or logged here, by their names in FelixConfiguration,
 * with what Felix 3.32 takes where nobody says anything (reference/felix 1.2). A log file there is only where somebody names one, as in
 * the official container.
 */
export const FELIX_SETTINGS = {
  ipv6Support: flag(true),
  routeRefreshInterval: seconds(90),
  interfaceRefreshInterval: seconds(90),
  iptablesRefreshInterval: seconds(180),
  iptablesPostWriteCheckInterval: seconds(5),
  iptablesLockProbeInterval: setting(lengthOfTime(1), 50, 0),
  featureDetectOverride: setting<ReadonlyMap<string, string>>(pairs, new Map(), new Map()),
  ipsetsRefreshInterval: seconds(90),
  maxIpsetSize: setting(whole(), 1048576),
  iptablesBackend: choice(['Legacy', 'NFT', 'Auto'], 'Auto', 'Auto'),
  netlinkTimeout: seconds(10),
  metadataAddr: text('127.0.0.1', matching(/^[a-zA-Z0-9_.-]+$/)),
  metadataPort: port(8775),
  openstackRegion: text('', matching(/^(?=.{1,46}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?$/)),
  interfacePrefix: setting<readonly string[]>(interfacePrefixes, ['cali']),
  interfaceExclude: setting<readonly RegExp[]>(interfacePatterns, [/^kube-ipvs0$/], []),
  chainInsertMode: demanded(['Insert', 'Append'], 'Insert'),
  defaultEndpointToHostAction: demanded(['Drop', 'Return', 'Accept'], 'Drop'),
  iptablesFilterAllowAction: demanded(ALLOW, 'Accept'),
  iptablesMangleAllowAction: demanded(ALLOW, 'Accept'),
  iptablesFilterDenyAction: demanded(DENY, 'Drop'),
  logPrefix: text('calico-packet'),
  logActionRateLimit: text('', matching(/^([1-9]\d{0,3}\/(second|minute|hour|day))?$/)),
  logActionRateLimitBurst: number(5, 0, 9999),
  logFilePath: text(''),
  logSeverityFile: severity(),
  logSeverityScreen: severity(),
  logSeveritySys: severity(),
  ipipEnabled: optional(bool),
  ipipMTU: number(0),
  vxlanEnabled: optional(bool),
  vxlanMTU: number(0),
  vxlanMTUV6: number(0),
  vxlanPort: number(4789),
  vxlanVNI: number(4096),
  allowVXLANPacketsFromWorkloads: flag(false),
  allowIPIPPacketsFromWorkloads: flag(false),
  reportingInterval: seconds(30),
  reportingTTL: seconds(90),
  endpointReportingEnabled: flag(false),
  endpointReportingDelay: seconds(1),
  endpointStatusPathPrefix: text('/var/run/calico'),
  iptablesMarkMask: setting(markMask, 0xffff0000),
  disableConntrackInvalidCheck: flag(false),
  healthEnabled: flag(false),
  healthHost: text('localhost', matching(HOST)),
  healthPort: port(9099),
  healthTimeoutOverrides: setting<ReadonlyMap<string, number>>(timeouts, new Map(), new Map()),
  prometheusMetricsEnabled: flag(false),
  prometheusMetricsHost: text('', matching(HOST)),
  prometheusMetricsPort: port(9091),
  prometheusGoMetricsEnabled: flag(true),
  prometheusProcessMetricsEnabled: flag(true),
  prometheusMetricsCAFile: text(''),
  prometheusMetricsCertFile: text(''),
  prometheusMetricsKeyFile: text(''),
  prometheusMetricsClientAuth: choice(['RequireAndVerifyClientCert', 'RequireAnyClientCert', 'VerifyClientCertIfGiven', 'NoClientCert'], 'NoClientCert', 'NoClientCert'),
  failsafeInboundHostPorts: ports('tcp:22,udp:68,tcp:179,tcp:2379,tcp:2380,tcp:5473,tcp:6443,tcp:6666,tcp:6667'),
  failsafeOutboundHostPorts: ports('udp:53,udp:67,tcp:179,tcp:2379,tcp:2380,tcp:5473,tcp:6443,tcp:6666,tcp:6667'),
  kubeNodePortRanges: setting<readonly PortRange[]>(portRanges, [{ min: 30000, max: 32767 }], []),
  natPortRange: optional(portRange),
  natOutgoingAddress: optional(address(4)),
  natOutgoingExclusions: choice(['IPPoolsOnly', 'IPPoolsAndHostIPs'], 'IPPoolsOnly', 'IPPoolsOnly'),
  deviceRouteSourceAddress: optional(address(4)),
  deviceRouteSourceAddressIPv6: optional(address(6)),
  deviceRouteProtocol: number(3),
  removeExternalRoutes: flag(true),
  programClusterRoutes: choice(ENABLED, 'Disabled', 'Disabled'),
  ipForwarding: choice(ENABLED, 'Enabled', 'Disabled'),
  externalNodesList: setting<readonly string[]>(networks, [], []),
  iptablesNATOutgoingInterfaceFilter: text('', matching(/^[a-zA-Z0-9:._+-]{1,15}$/)),
  nftablesMode: choice(['Disabled', 'Enabled', 'Auto'], 'Auto', 'Disabled'),
  nftablesRefreshInterval: seconds(180),
  nftablesFilterAllowAction: demanded(ALLOW, 'Accept'),
  nftablesMangleAllowAction: demanded(ALLOW, 'Accept'),
  nftablesFilterDenyAction: demanded(DENY, 'Drop'),
  nftablesMarkMask: setting(markMask, 0xffff0000),
  bpfEnabled: flag(false),
  routeSource: choice(['WorkloadIPs', 'CalicoIPAM'], 'CalicoIPAM', 'CalicoIPAM'),
  routeSyncDisabled: flag(false),
  ipv4NormalRoutePriority: priority(1024),
  ipv4ElevatedRoutePriority: priority(512),
  ipv6NormalRoutePriority: priority(1024),
  ipv6ElevatedRoutePriority: priority(512),
  liveMigrationRouteConvergenceTime: seconds(30),
  wireguardEnabled: flag(false),
  wireguardEnabledV6: flag(false),
  serviceLoopPrevention: choice(['Drop', 'Reject', 'Disabled'], 'Drop', 'Disabled'),
  workloadSourceSpoofing: choice(['Disabled', 'Any'], 'Disabled', 'Disabled'),
  mtuIfacePattern: setting(pattern, /^((en|wl|ww|sl|ib)[Pcopsvx].*|(eth|wlan|wwan).*)/, /(?:)/),
  floatingIPs: choice(ENABLED, 'Disabled', 'Disabled'),
};

export type FelixSettingName = keyof typeof FELIX_SETTINGS;

/** The value of each of these settings; durations are in milliseconds. */
export type FelixValues = { readonly [Name in FelixSettingName]: (typeof FELIX_SETTINGS)[Name] extends FelixSetting<infer T> ? T : never };
