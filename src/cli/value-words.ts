import { parseCidr, parseIp } from '../net/address.js';
import type { FlagShape } from './switches.js';

/** A flag of a command, as hints need to know it. */
export type KnownFlag = FlagShape & {
  readonly multiple?: boolean | undefined;
  readonly hidden?: boolean | undefined;
  readonly required?: boolean | undefined;
  readonly options?: readonly string[] | undefined;
  readonly helpValue?: string | readonly string[] | undefined;
  readonly helpGroup?: string | undefined;
  readonly description?: string | undefined;
};
export type KnownFlags = Readonly<Record<string, KnownFlag>>;

/**
 * What a value looks like that help texts call so, the most particular first. What is not here nobody gives without its flag, such
 * as a NAMESPACE.
 */
const FORMS: readonly (readonly [called: string, form: (given: string) => boolean])[] = [
  ['IPV4', (given) => parseIp(given)?.version === 4],
  ['IPV6', (given) => parseIp(given)?.version === 6],
  ['IP', isAddress],
  ['CIDR', isCidr],
  ['BLOCK', isCidr],
  ['PORT', isNumber],
  ['NUMBER', isNumber],
  ['DURATION', (given) => /^\d+(?:\.\d+)?(?:ms|[smhdw])$/.test(given)],
  ['PROTOCOL', (given) => /^(?:tcp|udp|sctp|udplite|icmp|icmpv6)$/i.test(given)],
  ['URL[,URL...]', (given) => /^https?:\/\//.test(given)],
  ['KEY', (given) => given.startsWith('/calico/')],
  ['IMAGE', (given) => /^[\w.-]+(?:[:/][\w.-]+)+$/.test(given) && !isCidr(given)],
  ['END', (given) => isName(given) || isCidr(given) || /\w\/\w/.test(given)],
  ['FILE', isPath],
  ['DIR', (given) => given.includes('/') && isPath(given)],
  ['CODE', isCode],
  ['FINDING', isCode],
];

/** Names of things, which may be anything. */
const NAMES: readonly string[] = ['NODE', 'HANDLE', 'POOL', 'POLICY', 'LABEL'];
/** Groups of flags that most commands have: a word that is one too many is hardly meant for them. */
const COMMON: readonly string[] = ['DATASTORE', 'GLOBAL'];

/** The flags, by their names, that a word without a flag may be meant for; several where it is a name of one thing or another. The first is the likeliest. */
export function flagsFor(word: string, flags: KnownFlags): readonly string[] {
  const shown = Object.keys(flags).filter((name) => flags[name]?.type === 'option' && flags[name].hidden !== true);
  const called = (name: string): readonly string[] => String(flags[name]?.helpValue ?? '').split('|');
  const literal = shown.filter((name) => (flags[name]?.options ?? called(name)).includes(word));
  if (literal.length > 0) return literal;
  // A file is most often a manifest.
  const own = shown.filter((name) => !COMMON.includes(flags[name]?.helpGroup ?? '')).sort((a, b) => Number(b === 'filename') - Number(a === 'filename'));
  const fitting = FORMS.filter(([, form]) => form(word)).map(([each]) => own.filter((name) => called(name).includes(each))).find((names) => names.length > 0);
  if (fitting !== undefined) return fitting;
  const needed = own.filter((name) => flags[name]?.required === true);
  const named = (needed.length > 0 ? needed : own).filter((name) => isName(word) && !isAddress(word) && called(name).some((each) => NAMES.includes(each)));
  return named.length > 0 ? named : needed.filter((name) => called(name).includes('FILE'));
}

/** Whether a flag is called by the name of a thing, so that a word may as well be meant for another one. */
export function isNamed({ helpValue }: KnownFlag): boolean {
  return NAMES.includes(String(helpValue));
}

function isCidr(given: string): boolean {
  return parseCidr(given) !== undefined;
}

function isCode(given: string): boolean {
  return /^[a-z]+(?:-[a-z]+)+$/.test(given);
}

function isAddress(given: string): boolean {
  return parseIp(given) !== undefined;
}

function isNumber(given: string): boolean {
  return /^\d+$/.test(given);
}

function isName(given: string): boolean {
  return /^\w[\w.:@-]*$/.test(given) && !isFile(given);
}

function isPath(given: string): boolean {
  return (given === '-' || given.includes('/') || isFile(given)) && !isCidr(given) && !given.includes('://');
}

function isFile(given: string): boolean {
  return /\.(?:ya?ml|jsonl?|gz|backup|cfg|conf|pem)$/i.test(given);
}
