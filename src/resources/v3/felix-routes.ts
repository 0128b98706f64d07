import { duration, wholeDuration } from '../fields/duration.js';
import { choice, flag, given, number, seconds, typed, words } from './felix-field.js';
import { routeTableRange, routeTableRanges, wireguardInterface } from './felix-types.js';
import { goRegexp } from '../fields/regexp.js';

/** Settings of Felix for routes, WireGuard and the Felix process itself, in the order in which they are stored (reference/storage 3.12). */
export function routeFields() {
  return [
    words('routeSource', ['WorkloadIPs', 'CalicoIPAM']),
    given('routeTableRanges', routeTableRanges),
    given('routeTableRange', routeTableRange),
    flag('routeSyncDisabled'),
    number('ipv4NormalRoutePriority', { minimum: 1, maximum: 2147483646 }),
    number('ipv4ElevatedRoutePriority', { minimum: 1, maximum: 2147483646 }),
    number('ipv6NormalRoutePriority', { minimum: 1, maximum: 2147483646 }),
    number('ipv6ElevatedRoutePriority', { minimum: 1, maximum: 2147483646 }),
    seconds('liveMigrationRouteConvergenceTime', duration),
    flag('wireguardEnabled'),
    flag('wireguardEnabledV6'),
    flag('wireguardThreadingEnabled'),
    number('wireguardListeningPort', { minimum: 1, maximum: 65535 }),
    number('wireguardListeningPortV6', { minimum: 1, maximum: 65535 }),
    number('wireguardRoutingRulePriority', { minimum: 1, maximum: 32765 }),
    typed('wireguardInterfaceName', wireguardInterface),
    typed('wireguardInterfaceNameV6', wireguardInterface),
    number('wireguardMTU'),
    number('wireguardMTUV6'),
    flag('wireguardHostEncryptionEnabled'),
    seconds('wireguardKeepAlive', wholeDuration, { go: 'WireguardPersistentKeepAlive' }),
    choice('awsSrcDstCheck', ['DoNothing', 'Enable', 'Disable']),
    words('serviceLoopPrevention', ['Drop', 'Reject', 'Disabled']),
    words('workloadSourceSpoofing', ['Disabled', 'Any']),
    typed('mtuIfacePattern', goRegexp),
    choice('floatingIPs', ['Enabled', 'Disabled']),
    choice('windowsManageFirewallRules', ['Enabled', 'Disabled']),
    number('goGCThreshold', { minimum: -1 }),
    number('goMemoryLimitMB', { minimum: -1 }),
    number('goMaxProcs', { minimum: -1 }),
    flag('requireMTUFile'),
    number('bpfMaglevMaxEndpointsPerService', { minimum: 1, maximum: 3000 }),
    number('bpfMaglevMaxServices', { minimum: 1, maximum: 3000 }),
  ];
}
