/**
 * What two names that look alike do not have in common. `ingress` is two slips away from `egress`, and `podSelector`
 * from `notSelector`: whoever follows such a hint has turned a rule into its opposite.
 */

/** Words each of which means the contrary of, or something other than, every other of its group. */
const GROUPS: readonly (readonly string[])[] = [
  ['ingress', 'egress'], ['import', 'export'], ['inbound', 'outbound'], ['in', 'out'], ['incoming', 'outgoing'], ['from', 'to'],
  ['source', 'destination'], ['src', 'dst', 'dest'], ['local', 'remote', 'peer', 'global'], ['allow', 'deny', 'pass', 'log', 'accept', 'drop', 'reject', 'return'],
  ['min', 'max'], ['minimum', 'maximum'], ['first', 'last'], ['low', 'high'], ['start', 'stop', 'end'], ['pre', 'post'], ['before', 'after'], ['next', 'previous'],
  ['enable', 'disable'], ['enabled', 'disabled'], ['always', 'never'], ['on', 'off'], ['true', 'false'], ['yes', 'no'], ['add', 'remove'], ['set', 'unset'],
  ['create', 'delete', 'replace', 'apply'], ['lock', 'unlock'], ['include', 'exclude'], ['read', 'write'], ['client', 'server'], ['exact', 'prefix', 'suffix'],
  ['host', 'workload', 'pod', 'node', 'namespace', 'service', 'port'], ['tcp', 'udp', 'sctp', 'icmp'], ['ipip', 'vxlan'], ['key', 'cert', 'ca'], ['send', 'receive'],
  ['warning', 'info', 'debug', 'error', 'fatal', 'trace'], ['auto', 'manual'], ['equal', 'unequal'],
];

const NEGATION = /^(?:!|not|non(?=[A-Z_-])|no(?=[A-Z_-])|dont(?=[A-Z_-]))/;
const NEGATING_WORDS: ReadonlySet<string> = new Set(['not', 'no', 'non', 'never', 'without', 'except']);

/** Whether a name says what is not: `notSelector`, `doNotTrack`, `!net`. */
function isNegated(name: string): boolean {
  return NEGATION.test(name) || wordsOf(name).some((word) => NEGATING_WORDS.has(word));
}

/** Whether two names differ in what they mean: one is negated, their digits differ, or they hold words of contrary meaning. */
export function opposite(left: string, right: string): boolean {
  if (isNegated(left) !== isNegated(right) || digitsOf(left) !== digitsOf(right)) return true;
  const [ours, theirs] = [wordsOf(left), wordsOf(right)];
  return GROUPS.some((group) => {
    const [mine, other] = [ours, theirs].map((words) => group.filter((word) => words.includes(word)));
    return mine!.length > 0 && other!.length > 0 && !mine!.some((word) => other!.includes(word));
  });
}

/** The digits of a name: `4` of `ipv4Address`. */
export function digitsOf(name: string): string {
  return name.replace(/\D/g, '');
}

/** The words of a name, in lower case: `notSelector` and `not-selector` are not and selector. */
export function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== '');
}
