import { formatCidr } from '../../net/address.js';
import { listOf } from '../fields/collections.js';
import { field, type AsRead, type Decoding, type ObjectOf } from '../fields/field.js';
import { objectOf } from '../fields/object.js';
import { text } from '../fields/scalars.js';
import { selectorText } from '../fields/selector.js';
import type { Path } from '../problem.js';
import { ruleNetwork } from './addresses.js';
import { NAME_SCHEMAS, subdomainProblem } from './names.js';
import { rulePort } from './ports.js';
import { exclusive } from '../fields/json-rules.js';

const GLOBAL = 'global()';

/** What JSON Schema says of `globalProblem`. */
export const NO_GLOBAL = { pattern: '^(?!.*global\\(\\))' };

/** What is wrong with a selector that may not use global(), or undefined. Calico looks at the bare text (reference/storage 3.4). */
export function globalProblem(selector: string): string | undefined {
  return selector.includes(GLOBAL) ? `${GLOBAL} can only be used in the namespaceSelector of a rule` : undefined;
}

/** What is wrong with the namespaceSelector of a rule that uses global(), or undefined: it stands alone there. */
function globalAloneProblem(selector: string): string | undefined {
  if (!selector.includes('global(') || /^[ \t]*global\([ \t]*\)[ \t]*$/.test(selector)) return undefined;
  return `${GLOBAL} cannot be combined with other selectors`;
}

const net = ruleNetwork();
const notNet = ruleNetwork((value) => (value.length === 0 ? { problem: `${formatCidr(value)} in notNets leaves nothing to match`, hint: 'remove the rule, or this network' } : undefined));
const resourceName = text({ name: 'a name', problem: subdomainProblem, json: NAME_SCHEMAS.subdomain });
const selector = selectorText('v3');

const services = objectOf('a match of services', [
  field('name', resourceName, { required: 'services need the name of a service' }),
  field('namespace', resourceName),
]);

const serviceAccounts = objectOf('a match of service accounts', [field('names', listOf(text())), field('selector', selector)]);

const fields = [
  field('nets', listOf(net, { name: 'a list of networks' }), { mistakenFor: ['net', 'cidr', 'cidrs'] }),
  field('selector', selectorText('v3', { problem: globalProblem, json: NO_GLOBAL }), { mistakenFor: ['tag', 'labels'] }),
  field('namespaceSelector', selectorText('v3', { problem: globalAloneProblem })),
  field('services', services, { mistakenFor: ['service'] }),
  field('ports', listOf(rulePort, { name: 'a list of ports' }), { mistakenFor: ['port'] }),
  field('notNets', listOf(notNet, { name: 'a list of networks' }), { mistakenFor: ['notNet', '!net', '!nets'] }),
  field('notSelector', selector, { mistakenFor: ['notTag', '!selector'] }),
  field('notPorts', listOf(rulePort, { name: 'a list of ports' }), { mistakenFor: ['notPort', '!ports'] }),
  field('serviceAccounts', serviceAccounts, { mistakenFor: ['serviceAccount'] }),
];

/** What a rule asks of the source or the destination of a packet (reference/storage 3.4). */
export type EntityRule = ObjectOf<typeof fields>;

/** Services stand for the addresses behind them, so that nothing else may choose addresses. */
const EXCLUDED_BY_SERVICES = ['namespaceSelector', 'selector', 'notSelector', 'serviceAccounts', 'nets', 'notNets'] as const;

/** The source or destination of a rule, in the order of the stored JSON. */
export const entityRule = objectOf('a source or destination', fields, {
  check: checkServices,
  json: { allOf: EXCLUDED_BY_SERVICES.map((name) => exclusive('services', name)) },
  misplaced: {
    protocol: '"protocol" belongs to the rule, beside "source" and "destination"',
    notProtocol: '"notProtocol" belongs to the rule, beside "source" and "destination"',
  },
});

function checkServices(rule: AsRead<EntityRule>, path: Path, to: Decoding): void {
  if (rule.services === undefined) return;
  for (const name of EXCLUDED_BY_SERVICES) {
    if (rule[name] !== undefined) to.problems.add('rule', [...path, name], `${name} and services cannot be given together`, { hint: 'remove one of the two' });
  }
}
