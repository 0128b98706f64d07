import { varies, type HelpOf } from '../field-help.js';
import type { EntityRule } from './entity-rule.js';
import type { Rule } from './rules.js';

const side: HelpOf<EntityRule> = {
  nets: ['Networks that the address has to be in, all of one family and with their prefix length.', ['10.1.0.0/16']],
  selector: ["Chooses endpoints and network sets by their labels; in the rules of a namespace's policy only those of that namespace, unless namespaceSelector says otherwise.", "role == 'client'"],
  namespaceSelector: ['Chooses namespaces by their labels, for the selector to look in; global() means what is in no namespace.', "environment == 'production'"],
  services: {
    help: 'The endpoints of a Kubernetes service, in the source of ingress and the destination of egress rules; it excludes other ways to choose.',
    example: { name: 'api', namespace: 'production' },
    fields: {
      name: ['The name of the service.', 'api'],
      namespace: ['The namespace of the service, which a global policy has to name.', 'production', varies('the namespace of the policy')],
    },
  },
  ports: ['Ports of which the packet has to have one: numbers, ranges "low:high", or names of endpoints\' ports.', [80, '8000:8100', 'http']],
  notNets: ['Networks that the address must not be in.', ['10.1.99.0/24']],
  notSelector: ['Chooses, by their labels, endpoints and network sets that are left out.', "role == 'guest'"],
  notPorts: ['Ports of which the packet must have none: numbers, ranges "low:high", or names.', [22]],
  serviceAccounts: {
    help: 'Kubernetes service accounts that the workload has to run under.',
    example: { names: ['frontend'] },
    fields: {
      names: ['Names of service accounts, of which the workload has to have one.', ['frontend']],
      selector: ['Chooses service accounts by their labels.', "team == 'web'"],
    },
  },
};

/** Help for a match of ICMP. */
export const icmpHelp = {
  type: ['The ICMP type, such as 8 for an echo request.', 8],
  code: ['The ICMP code, which needs a type beside it.', 0],
} as const;

/** Help for the rules of policies and profiles. */
export const ruleHelp: HelpOf<Rule> = {
  action: ['What happens to a packet that all conditions of the rule fit: allow or deny it, log it and go on, or pass it on to the next tier, or to the profiles after the last.', 'Allow'],
  ipVersion: ['Limits the rule to packets of one IP version.', 4, varies('both')],
  protocol: ['The protocol that the packet has to be of, by name or number.', 'TCP', varies('every protocol')],
  icmp: { help: 'The ICMP type and code that the packet has to be of; it needs protocol ICMP or ICMPv6.', example: { type: 8 }, fields: icmpHelp },
  notProtocol: ['The protocol that the packet must not be of, by name or number.', 'UDP'],
  notICMP: { help: 'The ICMP type and code that the packet must not be of.', example: { type: 8 }, fields: icmpHelp },
  source: { help: 'Where the packet comes from; all that is given has to fit.', example: { nets: ['10.1.0.0/16'] }, fields: side },
  destination: { help: 'Where the packet goes to; all that is given has to fit.', example: { ports: [443] }, fields: side },
  http: {
    help: 'Conditions on HTTP requests, which need Dikastes beside the workload; only for ingress rules with the action Allow.',
    example: { methods: ['GET'], paths: [{ prefix: '/public' }] },
    fields: {
      methods: ['HTTP methods, of which the request has to have one; at most 20.', ['GET', 'HEAD']],
      paths: {
        help: 'Paths, of which one has to fit; at most 20.',
        example: [{ prefix: '/public' }],
        fields: {
          exact: ['The path, as a whole.', '/health'],
          prefix: ['What the path begins with.', '/public'],
        },
      },
    },
  },
  metadata: {
    help: 'Notes on the rule.',
    example: { annotations: { ticket: 'NET-42' } },
    fields: { annotations: ['Notes on the rule; Felix writes them into comments of the kernel rules.', { ticket: 'NET-42' }] },
  },
};

/** An example of rules. */
export const RULES = [{ action: 'Allow', protocol: 'TCP', destination: { ports: [443] } }];

/** Help for the two lists of rules. */
export const directionsHelp = {
  ingress: { help: 'Rules for packets to the endpoint; the first that fits decides.', example: RULES, fields: ruleHelp },
  egress: { help: 'Rules for packets from the endpoint; the first that fits decides.', example: RULES, fields: ruleHelp },
} as const;
