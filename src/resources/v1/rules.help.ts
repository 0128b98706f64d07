import { varies, type AnyHelps } from '../field-help.js';
import { icmpHelp } from '../v3/rules.help.js';

const side = {
  tag: ['The tag of a profile, by which its endpoints are chosen.', 'web'],
  net: ['The network that the address has to be in; nets says several.', '10.1.0.0/16'],
  nets: ['Networks of which the address has to be in one, all of one family; not beside net and notNet.', ['10.1.0.0/16']],
  selector: ['Chooses endpoints by their labels.', "role == 'client'"],
  ports: ['Ports of which the packet has to have one: numbers, or ranges "low:high"; they need protocol tcp or udp.', [80, '8000:8100']],
  notTag: ['The tag of a profile whose endpoints are left out.', 'guest'],
  notNet: ['The network that the address must not be in; notNets says several.', '10.1.99.0/24'],
  notNets: ['Networks that the address must not be in; not beside net and notNet.', ['10.1.99.0/24']],
  notSelector: ['Chooses, by their labels, endpoints that are left out.', "role == 'guest'"],
  notPorts: ['Ports of which the packet must have none: numbers, or ranges "low:high".', [22]],
} as const satisfies AnyHelps;

const ruleHelp = {
  action: ['What happens to a packet that all conditions of the rule fit: allow or deny it, log it and go on, or pass it on to the profiles.', 'allow'],
  ipVersion: ['Limits the rule to packets of one IP version.', 4, varies('both')],
  protocol: ['The protocol that the packet has to be of, by name or number.', 'tcp', varies('every protocol')],
  icmp: { help: 'The ICMP type and code that the packet has to be of; it needs protocol icmp or icmpv6.', example: { type: 8 }, fields: icmpHelp },
  notProtocol: ['The protocol that the packet must not be of, by name or number.', 'udp'],
  notICMP: { help: 'The ICMP type and code that the packet must not be of.', example: { type: 8 }, fields: icmpHelp },
  source: { help: 'Where the packet comes from; all that is given has to fit.', example: { nets: ['10.1.0.0/16'] }, fields: side },
  destination: { help: 'Where the packet goes to; all that is given has to fit.', example: { ports: [443] }, fields: side },
} as const;

/** An example of rules. */
export const RULES = [{ action: 'allow', protocol: 'tcp', destination: { ports: [443] } }];

/** Help for the two lists of rules. */
export const directionsHelp = {
  ingress: { help: 'Rules for packets to the endpoint; the first that fits decides.', example: RULES, fields: ruleHelp },
  egress: { help: 'Rules for packets from the endpoint; the first that fits decides.', example: RULES, fields: ruleHelp },
} as const;
