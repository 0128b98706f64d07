import type { Data } from '../../base/data.js';
import { formatCidr, network, parseCidrOrIp, type Cidr } from '../../net/address.js';
import { listOf } from '../fields/collections.js';
import { field, type AsRead, type ObjectOf } from '../fields/field.js';
import { cidr } from '../fields/network.js';
import { objectOf, type ObjectType } from '../fields/object.js';
import { oneOf } from '../fields/scalars.js';
import { selectorText } from '../fields/selector.js';
import { icmp as storedIcmp, ipVersion } from '../v3/rules.js';
import { port, protocol } from './numbers.js';
import { ruleTag } from './texts.js';
import { checkReachable, checkRule } from './rule-checks.js';

/**
 * The type with its values changed after they were read and checked: the form in which the classic tool reads them back.
 */
export function normalized<T extends object>(type: ObjectType<T>, change: (value: AsRead<T>) => AsRead<T>): ObjectType<T> {
  return {
    ...type,
    decode(raw, path, to) {
      const value = type.decode(raw, path, to);
      return value === undefined ? undefined : (change(value as AsRead<T>) as T);
    },
  };
}

// An empty network would be stored by the classic tool in a form that makes the whole policy unreadable (reference/classic 1.10).
const net = cidr({ checkEmpty: true });

/** One side of a rule, in the order in which it is printed. */
const sideFields = [
  field('tag', ruleTag),
  field('net', net, { pointer: true }),
  field('nets', listOf(net)),
  field('selector', selectorText('classic')),
  field('ports', listOf(port), { mistakenFor: ['port'] }),
  field('notTag', ruleTag),
  field('notNet', net, { pointer: true }),
  field('notNets', listOf(net)),
  field('notSelector', selectorText('classic')),
  field('notPorts', listOf(port), { mistakenFor: ['notPort'] }),
];

/** One side of a classic rule. */
export type ClassicSide = ObjectOf<typeof sideFields>;

const side = objectOf('one side of a rule', sideFields, {
  misplaced: {
    protocol: '"protocol" belongs to the rule, beside "source" and "destination"',
    notProtocol: '"notProtocol" belongs to the rule, beside "source" and "destination"',
  },
});

/** As in v3, but that one that says nothing is not written. */
const icmp: typeof storedIcmp = { ...storedIcmp, isZero: (value) => Object.keys(value).length === 0 };

const action = oneOf('an action', ['allow', 'deny', 'log', 'pass'], { checkEmpty: true });

const ruleFields = [
  field('action', action, { write: 'always', required: 'a rule needs an action: allow, deny, log or pass' }),
  field('ipVersion', ipVersion, { write: 'given', goName: 'IPVersion' }),
  field('protocol', protocol, { write: 'given' }),
  field('icmp', icmp, { goName: 'ICMP' }),
  field('notProtocol', protocol, { write: 'given' }),
  field('notICMP', icmp),
  field('source', side, { write: 'always', mistakenFor: ['from', 'src'] }),
  field('destination', side, { write: 'always', mistakenFor: ['to', 'dst', 'dest'] }),
];

/** A classic rule. */
export type ClassicRule = ObjectOf<typeof ruleFields>;

const rule = normalized(
  objectOf('a rule', ruleFields, {
    check: checkRule,
    misplaced: Object.fromEntries(sideFields.map(({ name }) => [name, `"${name}" belongs under "source" or "destination"`])),
  }),
  (value) => ({ ...value, source: sideReadBack(value.source ?? {}, false), destination: sideReadBack(value.destination ?? {}, true) }),
);

/** The rules of one direction (reference/classic 1.10). */
export const rules = listOf(rule, { name: 'a list of rules', check: checkReachable });

/**
 * One side of a rule as the classic tool reads it back (reference/classic 1.10): `net` as `nets`, and the networks of a
 * destination without their host bits; those of a source keep them.
 */
export function sideReadBack(side: AsRead<ClassicSide>, masked: boolean): AsRead<ClassicSide> {
  const { tag, net, nets, selector, ports, notTag, notNet, notNets, notSelector, notPorts } = side;
  return compact({
    tag,
    nets: networksReadBack([...(nets ?? []), ...(net === undefined ? [] : [net])], masked),
    selector,
    ports,
    notTag,
    notNets: networksReadBack([...(notNets ?? []), ...(notNet === undefined ? [] : [notNet])], masked),
    notSelector,
    notPorts,
  });
}

function networksReadBack(nets: readonly string[], masked: boolean): readonly string[] | undefined {
  if (nets.length === 0) return undefined;
  return masked ? nets.map(maskedText) : nets;
}

/** A network's text without host bits; an unreadable text as it is. */
export function maskedText(text: string): string {
  const parsed: Cidr | undefined = parseCidrOrIp(text);
  return parsed === undefined ? text : formatCidr(network(parsed));
}

/** The object without the fields that are undefined, added to another where one is given. What it is to become says which fields it may have. */
export function compact<T extends object>(value: NoInfer<{ readonly [Name in keyof T]: T[Name] | undefined }>, to?: NoInfer<Partial<T>>): T;
export function compact(value: Data, to: Data = {}): Data {
  for (const name in value) if (value[name] !== undefined) to[name] = value[name];
  return to;
}
