import { isMap, type Data } from '../../../base/data.js';
import { plainText } from '../../../resources/plain-text.js';

/** Fields of a rule that have words of their own below; any other is shown as it is stored. */
const TOLD = ['action', 'ipVersion', 'protocol', 'notProtocol', 'icmp', 'notICMP', 'source', 'destination', 'http', 'metadata'];

/** A rule in one line, in the words of its document: `allow tcp from role == 'web' to port 3306`. What it does not say it leaves to everything. */
export function ruleText(rule: Data): string {
  const { action, ipVersion, protocol, notProtocol, icmp, notICMP, http } = rule;
  const words = [
    plainText(action, 'allow'),
    ipVersion == null ? '' : `IPv${plainText(ipVersion)}`,
    plainText(protocol),
    isMap(icmp) ? icmpText(icmp) : '',
    notProtocol == null ? '' : `not ${plainText(notProtocol)}`,
    isMap(notICMP) ? `not ${icmpText(notICMP)}` : '',
    sideText('from', rule['source']),
    sideText('to', rule['destination']),
    http == null ? '' : `with http ${plainText(http)}`,
    ...Object.keys(rule).filter((field) => !TOLD.includes(field)).map((field) => `with ${field} ${plainText(rule[field])}`),
  ];
  return words.filter((word) => word !== '').join(' ');
}

function icmpText({ type, code }: Data): string {
  return `type ${plainText(type)}${code == null ? '' : ` code ${plainText(code)}`}`;
}

/** How each field of a side reads, in this order. */
const SIDE: readonly (readonly [field: string, text: (value: string) => string])[] = [
  ['tag', (value) => `tag ${value}`],
  ['selector', (value) => value],
  ['namespaceSelector', (value) => `in namespaces ${value}`],
  ['serviceAccounts', (value) => `of service accounts ${value}`],
  ['services', (value) => `services ${value}`],
  ['net', (value) => value],
  ['nets', (value) => value],
  ['notTag', (value) => `not tag ${value}`],
  ['notSelector', (value) => `not (${value})`],
  ['notNet', (value) => `not ${value}`],
  ['notNets', (value) => `not ${value}`],
  ['ports', (value) => `port ${value}`],
  ['notPorts', (value) => `not port ${value}`],
];

function sideText(word: string, side: unknown): string {
  if (!isMap(side)) return '';
  const known = SIDE.filter(([field]) => isGiven(side[field])).map(([field, text]) => text(valueText(side[field])));
  const others = Object.keys(side).filter((field) => isGiven(side[field]) && !SIDE.some(([name]) => name === field)).map((field) => `${field} ${valueText(side[field])}`);
  const parts = [...known, ...others];
  return parts.length === 0 ? '' : `${word} ${parts.join(' ')}`;
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0);
}

function valueText(value: unknown): string {
  return Array.isArray(value) ? value.map((each) => plainText(each)).join(', ') : plainText(value);
}
