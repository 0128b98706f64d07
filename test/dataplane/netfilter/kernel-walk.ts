import type { IpSet, TableName } from '../../../src/dataplane/desired.js';
import type { PlannedChains } from '../../../src/dataplane/netfilter/planner.js';
import type { Match, Side } from '../../../src/dataplane/netfilter/rule.js';
import { setName } from '../../../src/dataplane/netfilter/sets/names.js';
import { containsIp, parseCidrOrIp, type Ip } from '../../../src/net/address.js';
import type { Packet } from '../../../src/policy/packet.js';
import { protocolNumber } from '../../../src/policy/protocol-number.js';

/** What became of a packet in a chain. */
export type Outcome = 'accepted' | 'dropped' | 'returned';

/** A packet on its way through chains, as the kernel would take it: the meaning of each match and action in the fewest words. */
export class KernelWalk {
  mark = 0;

  constructor(
    private readonly chains: PlannedChains,
    private readonly sets: ReadonlyMap<string, IpSet>,
    private readonly table: TableName,
    private readonly packet: Packet,
  ) {}

  run(name: string): Outcome {
    for (const { matches, action } of this.chains.find(this.packet.version, this.table, name)!.rules) {
      if (action === undefined || !matches.every((match) => this.holds(match))) continue;
      switch (action.kind) {
        case 'accept':
          return 'accepted';
        case 'drop':
        case 'deny':
          return 'dropped';
        case 'return':
          return 'returned';
        case 'goto':
          return this.run(action.chain);
        case 'jump': {
          const outcome = this.run(action.chain);
          if (outcome !== 'returned') return outcome;
          break;
        }
        case 'set-mark':
          this.mark = ((this.mark & ~action.mask) | action.value) >>> 0;
          break;
        case 'clear-mark':
          this.mark = (this.mark & ~action.mask) >>> 0;
          break;
        case 'log':
        case 'notrack':
          break;
        default:
          throw new Error(`a packet met ${action.kind}`);
      }
    }
    return 'returned';
  }

  private holds(match: Match): boolean {
    const { packet } = this;
    const is = (holds: boolean): boolean => holds !== ('not' in match && match.not);
    switch (match.kind) {
      case 'protocol':
        return is(packet.protocol === protocolNumber(match.protocol));
      case 'net':
        return is(containsIp(parseCidrOrIp(match.net)!, this.address(match.side)));
      case 'set':
        return is(this.isIn(match));
      case 'ports': {
        const port = match.side === 'source' ? packet.sourcePort : packet.destinationPort;
        // The kernel looks at ports of the protocol that the rule has to name beside them.
        if (packet.protocol !== protocolNumber(match.protocol)) return false;
        return is(match.ports.some((each) => inRange(each, port!)));
      }
      case 'icmp':
        return is(packet.type === match.type && (match.code === undefined || packet.code === match.code));
      case 'mark':
        return is((this.mark & match.mask) >>> 0 === match.value);
      case 'ct-state':
        return packet.state !== 'new' && match.states.includes(packet.state.toUpperCase() as 'INVALID');
      default:
        throw new Error(`a packet met a match by ${match.kind}`);
    }
  }

  private isIn({ set, side, withPort }: Match & { kind: 'set' }): boolean {
    const { version, sourcePort, destinationPort, protocol } = this.packet;
    const { members } = this.sets.get(setName(version, set))!;
    const { text, ip } = side === 'source' ? this.packet.source : this.packet.destination;
    const port = side === 'source' ? sourcePort : destinationPort;
    if (withPort === true) return members.has(`${text},${NAMES[protocol] ?? ''}:${port}`);
    return [...members].some((member) => containsIp(parseCidrOrIp(member)!, ip));
  }

  private address(side: Side): Ip {
    return side === 'source' ? this.packet.source.ip : this.packet.destination.ip;
  }
}

const NAMES: Readonly<Record<number, string>> = { 6: 'tcp', 17: 'udp', 132: 'sctp' };

function inRange(range: string, port: number): boolean {
  const [from = 0, to = from] = range.split(':').map(Number);
  return port >= from && port <= to;
}
