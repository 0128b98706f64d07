import type { FailsafePort } from '../../resources/felix/forms.js';
import type { Family, TableName } from '../desired.js';
import { ACCEPT, chain, rule, type Chain, type Rule, type Side } from './rule.js';
import type { Terms } from './terms.js';

/**
 * The ports that policies of host endpoints never close. Before connection tracking their answers have to be let through as well
 * (reference/netfilter 3.5).
 */
export function failsafeChains({ settings: { failsafeInboundHostPorts: inbound, failsafeOutboundHostPorts: outbound } }: Terms, table: TableName, family: Family): readonly Chain[] {
  const answers = table === 'raw';
  return [
    chain('cali-failsafe-in', ...open(inbound, 'destination', 'source', family), ...(answers ? open(outbound, 'source', 'source', family) : [])),
    chain('cali-failsafe-out', ...open(outbound, 'destination', 'destination', family), ...(answers ? open(inbound, 'source', 'destination', family) : [])),
  ];
}

/** @param far the side of the address that the ports are open for */
function open(ports: readonly FailsafePort[], side: Side, far: Side, family: Family): readonly Rule[] {
  const own = ports.filter(({ net }) => net === undefined || net.includes(':') === (family === 6));
  return own.map(({ protocol, port, net }) => rule([
    { kind: 'protocol', protocol },
    { kind: 'ports', side, ports: [String(port)], protocol },
    ...(net === undefined ? [] : [{ kind: 'net', side: far, net } as const]),
  ], ACCEPT));
}
