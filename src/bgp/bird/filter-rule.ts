import { isMap, type Data } from '../../base/data.js';
import { parseCidr } from '../../net/address.js';
import { isCommunityShaped } from '../../resources/v3/community.js';
import type { Family } from '../peer-name.js';
import { mapsIn, storedAsNumber, textOf, textsIn } from '../stored.js';
import { addCommunity, communityOf, HIGHEST_PREFERENCE, networkText, NotForBird } from './text.js';

const OPERATORS: Readonly<Record<string, string>> = { Equal: '=', NotEqual: '!=', In: '~', NotIn: '!~' };
const GUARDS: Readonly<Record<string, string>> = { iBGP: 'is_same_as', eBGP: '!is_same_as' };
const ACTIONS: Readonly<Record<string, string>> = { Accept: 'accept;', Reject: 'reject;' };
const INTERFACE = /^[a-zA-Z0-9_.*-]{1,15}$/;

/**
 * The lines of a rule of a BGPFilter (reference/bird 3.4). Throws NotForBird where it is not understood: a condition less would
 * mean other routes.
 */
export function filterRule(rule: Data, family: Family, filter: string): string[] {
  const unknown = (what: string): never => {
    throw new NotForBird(`BGPFilter ${filter}: ${what} of a rule for IPv${family} is not understood`);
  };
  const action = ACTIONS[textOf(rule['action']) ?? ''] ?? unknown('the action');
  const body = [...mapsIn(rule['operations']).flatMap((operation) => operationLines(operation, unknown)), action].join(' ');
  const conditions = CONDITIONS.flatMap((condition) => condition(rule, family, unknown)).join('&&');
  const line = conditions === '' ? body : `if (${conditions}) then { ${body} }`;
  const peerType = textOf(rule['peerType']);
  if (peerType === undefined) return [line];
  return [`if (${GUARDS[peerType] ?? unknown('the peerType')}) then { ${line} }`];
}

type Condition = (rule: Data, family: Family, unknown: (what: string) => never) => string[];

/** In the order in which they stand in a rule. */
const CONDITIONS: readonly Condition[] = [ofNetwork, ofSource, ofInterface, ofCommunities, ofPath, ofPriority];

function ofNetwork({ cidr, matchOperator, prefixLength }: Data, family: Family, unknown: (what: string) => never): string[] {
  if (textOf(cidr) === undefined) return [];
  const network = networkText(cidr, family) ?? unknown('the cidr');
  const operator = OPERATORS[textOf(matchOperator) ?? ''] ?? unknown('the matchOperator');
  if (!isMap(prefixLength)) return [`(net ${operator} ${network})`];
  const from = number(prefixLength['min']) ?? (parseCidr(network)?.length);
  return [`(net ${operator} [ ${network}{${from},${number(prefixLength['max']) ?? (family === 4 ? 32 : 128)}} ])`];
}

function ofSource({ source }: Data, _family: Family, unknown: (what: string) => never): string[] {
  if (textOf(source) === undefined) return [];
  return source === 'RemotePeers' ? ['((defined(source))&&(source ~ [ RTS_BGP ]))'] : unknown('the source');
}

function ofInterface({ interface: name }: Data, _family: Family, unknown: (what: string) => never): string[] {
  const pattern = textOf(name);
  if (pattern === undefined) return [];
  return INTERFACE.test(pattern) ? [`((defined(ifname))&&(ifname ~ "${pattern}"))`] : unknown('the interface');
}

/** A rule has one community; of more only the first would count. */
function ofCommunities({ communities }: Data, _family: Family, unknown: (what: string) => never): string[] {
  if (!isMap(communities)) return [];
  const { list, pair } = communityOf(communityIn(textsIn(communities['values'])[0], unknown));
  return [`(${pair} ~ ${list})`];
}

function ofPath({ asPathPrefix }: Data, _family: Family, unknown: (what: string) => never): string[] {
  if (!Array.isArray(asPathPrefix) || asPathPrefix.length === 0) return [];
  return [`(bgp_path ~ [= ${asNumbers(asPathPrefix, unknown).join(' ')} * =])`];
}

function ofPriority({ priority }: Data, _family: Family, unknown: (what: string) => never): string[] {
  if (priority === undefined || priority === null) return [];
  return [`(defined(bgp_local_pref)&&(bgp_local_pref = ${preference(priority, unknown)}))`];
}

/** Each operation does one thing. AS numbers are put before a path one by one, so the last comes first. */
function operationLines({ addCommunity: community, setPriority, prependASPath }: Data, unknown: (what: string) => never): string[] {
  if (isMap(community)) return [addCommunity(communityIn(textOf(community['value']), unknown))];
  if (isMap(prependASPath)) return asNumbers(prependASPath['prefix'], unknown).reverse().map((each) => `bgp_path.prepend(${each});`);
  if (isMap(setPriority)) return [`bgp_local_pref = ${preference(setPriority['value'], unknown)};`];
  return unknown('an operation');
}

function communityIn(value: string | undefined, unknown: (what: string) => never): string {
  return value !== undefined && isCommunityShaped(value) ? value : unknown('a community');
}

function asNumbers(value: unknown, unknown: (what: string) => never): number[] {
  return (Array.isArray(value) ? value : unknown('a list of AS numbers')).map((each) => storedAsNumber(each) ?? unknown('an AS number'));
}

function preference(priority: unknown, unknown: (what: string) => never): number {
  return HIGHEST_PREFERENCE - (number(priority) ?? unknown('a priority'));
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : undefined;
}
