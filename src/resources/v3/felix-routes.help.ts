import { varies, type HelpOf } from '../field-help.js';
import type { ObjectOf } from '../fields/field.js';
import type { routeFields } from './felix-routes.js';

const range = {
  min: ['The first routing table.', 1],
  max: ['The last routing table.', 250],
} as const;

/** Help for Felix's settings for routes, WireGuard and the Felix process itself. */
export const routeHelp: HelpOf<ObjectOf<ReturnType<typeof routeFields>>> = {
  routeSource: ['Where Felix takes the routes to workloads of other nodes from: the blocks of Calico IPAM, or the endpoints.', 'WorkloadIPs', 'CalicoIPAM'],
  routeTableRanges: {
    help: 'The routing tables of the kernel that Felix may use, 65535 in all.',
    example: [{ min: 1, max: 250 }],
    unset: varies('1 to 250'),
    fields: range,
  },
  routeTableRange: {
    help: 'The routing tables of the kernel that Felix may use; replaced by routeTableRanges.',
    example: { min: 1, max: 250 },
    unset: varies('routeTableRanges'),
    fields: range,
  },
  routeSyncDisabled: ['Whether Felix makes no routes at all, where another program does.', false, false],
  ipv4NormalRoutePriority: ['The metric of IPv4 routes to workloads; a lower one goes first.', 1024, 1024],
  ipv4ElevatedRoutePriority: ['The metric of IPv4 routes to a workload that is being moved here; it has to be lower than the normal one.', 512, 512],
  ipv6NormalRoutePriority: ['The metric of IPv6 routes to workloads; a lower one goes first.', 1024, 1024],
  ipv6ElevatedRoutePriority: ['The metric of IPv6 routes to a workload that is being moved here; it has to be lower than the normal one.', 512, 512],
  liveMigrationRouteConvergenceTime: ['How long after a virtual machine was moved here its routes keep the elevated priority.', '30s', '30s'],
  wireguardEnabled: ['Whether IPv4 traffic between the workloads of different nodes is encrypted by WireGuard.', true, false],
  wireguardEnabledV6: ['Whether IPv6 traffic between the workloads of different nodes is encrypted by WireGuard.', true, false],
  wireguardThreadingEnabled: ['Whether WireGuard runs in kernel threads of its own, which spreads it over the CPUs.', true, false],
  wireguardListeningPort: ['The UDP port of WireGuard for IPv4.', 51820, 51820],
  wireguardListeningPortV6: ['The UDP port of WireGuard for IPv6.', 51821, 51821],
  wireguardRoutingRulePriority: ['The priority of the rule that sends traffic to the routing table of WireGuard; a lower one is looked at first.', 99, 99],
  wireguardInterfaceName: ['The name of the WireGuard interface for IPv4.', 'wireguard.cali', 'wireguard.cali'],
  wireguardInterfaceNameV6: ['The name of the WireGuard interface for IPv6.', 'wg-v6.cali', 'wg-v6.cali'],
  wireguardMTU: ['The MTU of the WireGuard interface for IPv4 in bytes; 0 means that it follows from the MTU of the host.', 1440, 0],
  wireguardMTUV6: ['The MTU of the WireGuard interface for IPv6 in bytes; 0 means that it follows from the MTU of the host.', 1420, 0],
  wireguardHostEncryptionEnabled: ['Whether traffic between the hosts themselves is encrypted by WireGuard as well.', true, false],
  wireguardKeepAlive: ['How often WireGuard sends a packet to a peer that is silent, to keep NAT on the way open; 0s turns it off.', '25s', '0s'],
  awsSrcDstCheck: ["What Felix does with the check of source and destination on the host's AWS interface, which refuses traffic of workloads: leave it, turn it on or off.", 'Disable', 'DoNothing'],
  serviceLoopPrevention: ['What happens to packets for service addresses that no service has, which would go round between node and router.', 'Reject', 'Drop'],
  workloadSourceSpoofing: ['Whether workloads may be allowed, by an annotation, to send from addresses that are not theirs.', 'Any', 'Disabled'],
  mtuIfacePattern: ['A regular expression for the interfaces of the host from whose MTU that of the tunnels follows.', '^eth.*', '^((en|wl|ww|sl|ib)[Pcopsvx].*|(eth|wlan|wwan).*)'],
  floatingIPs: ["Whether floating addresses of pods, the ipNATs of Kubernetes' endpoints, are set up; those of OpenStack always are.", 'Enabled'],
  windowsManageFirewallRules: ['Whether Felix on Windows makes rules of the Windows firewall for its own traffic.', 'Enabled', 'Disabled'],
  goGCThreshold: ["How much Felix's memory may grow, in percent, before garbage is collected; -1 turns the collection off.", 40, 40],
  goMemoryLimitMB: ["The memory in MB that Felix tries to stay below; -1 means no limit.", 512, -1],
  goMaxProcs: ['How many CPUs Felix uses at once; -1 means as many as the Go runtime chooses.', 4, -1],
  requireMTUFile: ['Whether the CNI plugin has to wait until Felix has written down the MTU.', true, false],
  bpfMaglevMaxEndpointsPerService: ['How many endpoints of a service with Maglev load balancing are expected at most; it decides how much memory its tables take.', 100, 100],
  bpfMaglevMaxServices: ['How many services with Maglev load balancing are expected at most; it decides how much memory their tables take.', 100, 100],
};
