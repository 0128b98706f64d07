import { varies, type HelpOf, type KindHelp } from '../field-help.js';
import type { BgpFilterRule } from './bgp-filter-rule.js';
import type { BgpFilterSpec } from './bgp-filter.js';
import { metadataHelp } from './metadata.help.js';

/** Help for a rule of one family; `length` is a prefix length of it. */
function ruleHelp(cidr: string, length: number): HelpOf<BgpFilterRule> {
  return {
    cidr: ['The network that the route is compared with by matchOperator.', cidr],
    prefixLength: {
      help: 'How long the prefix of the route has to be; it needs a cidr.',
      example: { min: length, max: length + 4 },
      fields: {
        min: ['The shortest prefix length.', length],
        max: ['The longest prefix length.', length + 4],
      },
    },
    source: ['Where the route comes from: RemotePeers means that a peer sent it.', 'RemotePeers', varies('anywhere')],
    interface: ['The interface by which the route goes; * stands for any characters.', 'eth0', varies('any')],
    matchOperator: ['How the route is compared with cidr: the same, another, inside of it or not.', 'In'],
    peerType: ['Limits the rule to peers of other AS numbers (eBGP) or of the same (iBGP).', 'eBGP', varies('both')],
    communities: {
      help: 'A community that the route has to have.',
      example: { values: ['64512:100'] },
      fields: { values: ['The community; exactly one.', ['64512:100']] },
    },
    asPathPrefix: ['AS numbers that the AS path of the route has to begin with.', [65001, 65002]],
    priority: ['The metric that the route has to have.', 1024],
    action: ['Whether a route that all conditions fit is accepted or rejected.', 'Accept'],
    operations: {
      help: 'What to change in a route that is accepted, in this order; at most 10.',
      example: [{ addCommunity: { value: '64512:100' } }],
      fields: {
        addCommunity: { help: 'Adds a community.', example: { value: '64512:100' }, fields: { value: ['The community: aa:nn, or aa:nn:mm for a large one.', '64512:100'] } },
        prependASPath: { help: 'Puts AS numbers before the AS path.', example: { prefix: [65001, 65001] }, fields: { prefix: ['The AS numbers, 1 to 10 of them.', [65001, 65001]] } },
        setPriority: { help: 'Sets the metric.', example: { value: 2048 }, fields: { value: ['The metric.', 2048] } },
      },
    },
  };
}

const V4 = [{ cidr: '10.0.0.0/16', matchOperator: 'In', action: 'Accept' }];
const V6 = [{ cidr: 'fd00::/32', matchOperator: 'In', action: 'Accept' }];

const spec: HelpOf<BgpFilterSpec> = {
  exportV4: { help: 'Rules for IPv4 routes that go to the peer; the first that fits decides.', example: V4, fields: ruleHelp('10.0.0.0/16', 24) },
  importV4: { help: 'Rules for IPv4 routes that come from the peer; the first that fits decides.', example: V4, fields: ruleHelp('10.0.0.0/16', 24) },
  exportV6: { help: 'Rules for IPv6 routes that go to the peer; the first that fits decides.', example: V6, fields: ruleHelp('fd00::/32', 64) },
  importV6: { help: 'Rules for IPv6 routes that come from the peer; the first that fits decides.', example: V6, fields: ruleHelp('fd00::/32', 64) },
};

/** Help for BGPFilter. */
export const bgpFilterHelp: KindHelp = {
  help: 'Rules for routes that peers get and give; a BGPPeer names the filters that count for it.',
  example: { metadata: { name: 'only-ours' }, spec: { exportV4: [...V4, { action: 'Reject' }] } },
  metadata: metadataHelp,
  spec,
};
