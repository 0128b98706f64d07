import { selectorText } from '../fields/selector.js';
import { duration, wholeDuration } from '../fields/duration.js';
import { anyCase, choice, flag, milliseconds, number, plain, seconds, typed, words } from './felix-field.js';
import { featureList, logActionRateLimit, logPrefix, openstackRegion } from './felix-types.js';
import { goRegexp } from '../fields/regexp.js';

const LOG_LEVELS = ['Trace', 'Debug', 'Info', 'Warning', 'Error', 'Fatal'] as const;

/** Settings of Felix for the dataplane, iptables and logs, in the order in which they are stored (reference/storage 3.12). */
export function hostFields() {
  return [
    typed('nodeSelector', selectorText('v3'), { v1: null }),
    flag('useInternalDataplaneDriver'),
    plain('dataplaneDriver'),
    seconds('dataplaneWatchdogTimeout', duration),
    flag('ipv6Support', { v1: 'Ipv6Support' }),
    seconds('routeRefreshInterval', wholeDuration),
    seconds('interfaceRefreshInterval', wholeDuration),
    seconds('iptablesRefreshInterval', wholeDuration),
    seconds('iptablesPostWriteCheckInterval', wholeDuration, { v1: 'IptablesPostWriteCheckIntervalSecs' }),
    milliseconds('iptablesLockProbeInterval', wholeDuration, { v1: 'IptablesLockProbeIntervalMillis' }),
    typed('featureDetectOverride', featureList(/^(\w+=(true|false|),)*(\w+=(true|false|))?$/, 'Name=true,Other=false')),
    typed('featureGates', featureList(/^(\w+=[^=]+,)*(\w+=[^=]+)?$/, 'Name=value,Other=value')),
    seconds('ipsetsRefreshInterval', wholeDuration),
    number('maxIpsetSize'),
    choice('iptablesBackend', ['Legacy', 'NFT', 'Auto']),
    seconds('xdpRefreshInterval', wholeDuration),
    seconds('netlinkTimeout', wholeDuration, { v1: 'NetlinkTimeoutSecs' }),
    plain('metadataAddr'),
    number('metadataPort'),
    typed('openstackRegion', openstackRegion),
    plain('interfacePrefix'),
    plain('interfaceExclude'),
    anyCase('chainInsertMode', ['Insert', 'Append']),
    words('defaultEndpointToHostAction', ['Drop', 'Accept', 'Return']),
    words('iptablesFilterAllowAction', ['Accept', 'Return']),
    words('iptablesMangleAllowAction', ['Accept', 'Return']),
    words('iptablesFilterDenyAction', ['Drop', 'Reject']),
    typed('logPrefix', logPrefix),
    typed('logActionRateLimit', logActionRateLimit),
    number('logActionRateLimitBurst', { minimum: 0, maximum: 9999 }),
    plain('logFilePath'),
    words('logSeverityFile', LOG_LEVELS),
    words('logSeverityScreen', LOG_LEVELS, { mistakenFor: ['logLevel', 'logSeverity'] }),
    words('logSeveritySys', LOG_LEVELS),
    typed('logDebugFilenameRegex', goRegexp),
  ];
}
