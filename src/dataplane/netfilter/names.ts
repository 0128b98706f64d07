import { createHash } from 'node:crypto';

/** How long the name of a chain of iptables may be. */
const LONGEST_NAME = 28;
/** Marks a name that is a hash. */
const SHORTENED = '_';

/** How names of chains are made: iptables has room for 28 characters, nftables for all that we need (reference/netfilter 1). */
export type Naming = (prefix: string, name: string) => string;

const known = new Map<string, string>();
const MOST_KNOWN = 100_000;

/** The name of a chain of iptables; what is too long is shortened to a hash of it. */
export function shortName(prefix: string, name: string): string {
  const whole = prefix + name;
  if (whole.length < LONGEST_NAME || (whole.length === LONGEST_NAME && !name.startsWith(SHORTENED))) return whole;
  let short = known.get(whole);
  if (short === undefined) {
    short = prefix + SHORTENED + createHash('sha256').update(name).digest('base64url').slice(0, LONGEST_NAME - 1 - prefix.length);
    if (known.size >= MOST_KNOWN) known.clear();
    known.set(whole, short);
  }
  return short;
}

/** The name of a chain of nftables. */
export function wholeName(prefix: string, name: string): string {
  return prefix + name;
}

/** What the names of chains begin with. */
export const PREFIX = {
  fromWorkload: 'cali-fw-', toWorkload: 'cali-tw-',
  fromHost: 'cali-fh-', toHost: 'cali-th-', fromHostForwarded: 'cali-fhfw-', toHostForwarded: 'cali-thfw-',
  policyIn: 'cali-pi-', policyOut: 'cali-po-', profileIn: 'cali-pri-', profileOut: 'cali-pro-',
  groupIn: 'cali-gi-', groupOut: 'cali-go-',
  endpointMark: 'cali-sm-', arp: 'cali-arp-',
} as const;

/** What stands for the interface of the host endpoint of all interfaces. */
export const ANY_INTERFACE = 'any-interface-at-all';

const SHORT_KIND: Readonly<Record<string, string>> = {
  GlobalNetworkPolicy: 'gnp', NetworkPolicy: 'np',
  StagedGlobalNetworkPolicy: 'sgnp', StagedNetworkPolicy: 'snp', StagedKubernetesNetworkPolicy: 'sknp',
};

/** The short word for a kind of policies, as names of chains and log prefixes have it. */
export function shortKind(kind: string): string {
  return SHORT_KIND[kind] ?? kind.toLowerCase();
}

/** What the names of the chains of a policy end with. */
export function policyChainName(kind: string, name: string, namespace: string | undefined): string {
  return [shortKind(kind), ...(namespace === undefined ? [] : [namespace]), name].join('/');
}
