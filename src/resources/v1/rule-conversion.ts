import { isMap, type Data } from '../../base/data.js';
import { classicSelector, storedSelector } from './names.js';
import { PROTOCOL_NAMES } from './numbers.js';
import { compact, maskedText, type ClassicRule, type ClassicSide } from './rules.js';
import type { AsStored } from '../fields/field.js';
import { plainText } from '../plain-text.js';
import type { Rule } from '../v3/rules.js';

/** What both languages say of a rule beside its action and its sides. */
type Conditions = AsStored<Pick<Rule & ClassicRule, 'ipVersion' | 'protocol' | 'icmp' | 'notProtocol' | 'notICMP'>>;
type StoredSide = AsStored<NonNullable<Rule['source']>>;

const STORED_PROTOCOLS: readonly string[] = ['TCP', 'UDP', 'ICMP', 'ICMPv6', 'SCTP', 'UDPLite'];
const STORED_ACTIONS: Readonly<Record<string, string>> = { '': 'Allow', allow: 'Allow', deny: 'Deny', log: 'Log', pass: 'Pass', 'next-tier': 'Pass' };

/** Rules of a classic document as v3 has them (reference/storage 4.2); undefined for none. */
export function rulesToStored(rules: unknown): AsStored<Rule>[] | undefined {
  const list = maps(rules);
  return list.length === 0 ? undefined : list.map(ruleToStored);
}

function ruleToStored(rule: AsStored<ClassicRule>): AsStored<Rule> {
  const action = plainText(rule.action).toLowerCase();
  return {
    action: Object.hasOwn(STORED_ACTIONS, action) ? STORED_ACTIONS[action] : rule.action,
    ...compact<Conditions>({
      ipVersion: rule.ipVersion,
      protocol: protocolToStored(rule.protocol),
      icmp: rule.icmp,
      notProtocol: protocolToStored(rule.notProtocol),
      notICMP: rule.notICMP,
    }),
    source: sideToStored(rule.source),
    destination: sideToStored(rule.destination),
  };
}

/** A protocol in the spelling in which v3 stores it; one without a name of its own unchanged. */
export function protocolToStored(protocol: unknown): unknown {
  if (typeof protocol !== 'string') return protocol;
  return STORED_PROTOCOLS[PROTOCOL_NAMES.indexOf(protocol.toLowerCase())] ?? protocol;
}

function sideToStored(side: unknown): StoredSide {
  const { tag, net, nets, selector, ports, notTag, notNet, notNets, notSelector, notPorts }: AsStored<ClassicSide> = isMap(side) ? side : {};
  return compact({
    nets: netsToStored(nets, net),
    selector: selectorToStored(selector, tag),
    ports,
    notNets: netsToStored(notNets, notNet),
    // Logically "or" would be right. Calico's converter writes "and" here too, and what is stored must not differ from it.
    notSelector: selectorToStored(notSelector, notTag),
    notPorts,
  });
}

function netsToStored(list: unknown, single: unknown): readonly string[] | undefined {
  const nets = [...texts(list), ...(typeof single === 'string' ? [single] : [])];
  return nets.length === 0 ? undefined : nets.map(maskedText);
}

/** In v3 the tags of a profile are labels without a value. */
function selectorToStored(selector: unknown, tag: unknown): string | undefined {
  const text = typeof selector === 'string' ? storedSelector(selector) : '';
  if (typeof tag !== 'string' || tag === '') return text === '' ? undefined : text;
  return text === '' ? `${tag} == ''` : `(${text}) && ${tag} == ''`;
}

/** Rules of a stored object as v1 would say them; what v1 cannot say is left out. Undefined for none. */
export function rulesToClassic(rules: unknown): AsStored<ClassicRule>[] | undefined {
  const list = maps(rules);
  return list.length === 0 ? undefined : list.map(ruleToClassic);
}

function ruleToClassic(rule: AsStored<Rule>): AsStored<ClassicRule> {
  const { action, ipVersion, icmp, notICMP } = rule;
  return {
    action: typeof action === 'string' ? action.toLowerCase() : '',
    ...compact<Conditions>({
      ipVersion,
      protocol: protocolToClassic(rule.protocol),
      icmp: icmpToClassic(icmp),
      notProtocol: protocolToClassic(rule.notProtocol),
      notICMP: icmpToClassic(notICMP),
    }),
    source: sideToClassic(rule.source),
    destination: sideToClassic(rule.destination),
  };
}

function icmpToClassic(icmp: unknown): Data | undefined {
  return isMap(icmp) && Object.keys(icmp).length > 0 ? icmp : undefined;
}

function protocolToClassic(protocol: unknown): unknown {
  return typeof protocol === 'string' ? protocol.toLowerCase() : protocol;
}

function sideToClassic(side: unknown): AsStored<ClassicSide> {
  const { nets, selector, ports, notNets, notSelector, notPorts }: StoredSide = isMap(side) ? side : {};
  return compact({
    nets: nonEmpty(texts(nets)),
    selector: selectorToClassic(selector),
    ports: nonEmpty(ports),
    notNets: nonEmpty(texts(notNets)),
    notSelector: selectorToClassic(notSelector),
    notPorts: nonEmpty(notPorts),
  });
}

function selectorToClassic(selector: unknown): string | undefined {
  return typeof selector === 'string' && selector !== '' ? classicSelector(selector) : undefined;
}

function nonEmpty(list: unknown): readonly unknown[] | undefined {
  return Array.isArray(list) && list.length > 0 ? list : undefined;
}

const NOTHING: readonly never[] = [];

/** The maps in a list; nothing for anything else. Stored objects may hold what no tool should have written. */
export function maps(list: unknown): readonly Data[] {
  if (!Array.isArray(list)) return NOTHING;
  return list.every(isMap) ? list : list.filter(isMap);
}

/** The texts in a list; nothing for anything else. */
export function texts(list: unknown): readonly string[] {
  if (!Array.isArray(list)) return NOTHING;
  return list.every(isText) ? list : list.filter(isText);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

/** A text, or undefined for anything else and for an empty one. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
