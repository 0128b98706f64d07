export type Side = 'source' | 'destination';

/** A condition of a rule of the kernel, in the words of neither of its two interfaces. */
export type Match =
  | { readonly kind: 'protocol'; readonly not?: boolean; readonly protocol: string }
  | { readonly kind: 'net'; readonly side: Side; readonly not?: boolean; readonly net: string }
  /** An address (with `port`, an address with a port) in the set of an id. */
  | { readonly kind: 'set'; readonly side: Side; readonly not?: boolean; readonly set: string; readonly withPort?: boolean }
  /** Ports of TCP, UDP or SCTP: numbers, and ranges as `from:to`. `single` is written without multiport. */
  | { readonly kind: 'ports'; readonly side: Side; readonly not?: boolean; readonly ports: readonly string[]; readonly protocol: string; readonly single?: boolean }
  | { readonly kind: 'icmp'; readonly not?: boolean; readonly version: 4 | 6; readonly type: number; readonly code?: number | undefined }
  | { readonly kind: 'mark'; readonly not?: boolean; readonly value: number; readonly mask: number }
  /** An interface by name; `cali+` is every one that begins with cali. */
  | { readonly kind: 'interface'; readonly way: 'in' | 'out'; readonly name: string }
  | { readonly kind: 'ct-state'; readonly states: readonly ('RELATED' | 'ESTABLISHED' | 'INVALID')[] }
  | { readonly kind: 'translated'; readonly not?: boolean }
  | { readonly kind: 'local'; readonly side: Side }
  /** The source is no address of the interface that the packet leaves by, but of another one of the host. */
  | { readonly kind: 'local-elsewhere' }
  /** The way back to the source leads not through the interface of the packet. */
  | { readonly kind: 'no-way-back' }
  | { readonly kind: 'limit'; readonly rate: string; readonly burst: number }
  /** A TCP connection begins. */
  | { readonly kind: 'connection-begins' }
  /** An answer to the question who has an address. */
  | { readonly kind: 'arp-reply'; readonly address: string };

export type Action =
  | { readonly kind: 'jump' | 'goto'; readonly chain: string }
  | { readonly kind: 'accept' | 'drop' | 'reject' | 'return' | 'notrack' }
  /** What the settings want of what is not allowed: it is rejected in the table filter at most, and dropped elsewhere. */
  | { readonly kind: 'deny' }
  | { readonly kind: 'set-mark'; readonly value: number; readonly mask: number }
  | { readonly kind: 'clear-mark'; readonly mask: number }
  | { readonly kind: 'log'; readonly prefix: string }
  | { readonly kind: 'masquerade'; readonly ports?: string }
  | { readonly kind: 'snat' | 'dnat'; readonly to: string }
  | { readonly kind: 'dscp'; readonly value: number }
  /** Drops what is over a number of packets per second; of nftables only. */
  | { readonly kind: 'limit-packets'; readonly rate: number; readonly burst: number }
  /** Refuses what is over a number of connections. */
  | { readonly kind: 'limit-connections'; readonly above: number }
  /** Goes to the chain that a map has for the interface; of nftables only. */
  | { readonly kind: 'by-interface'; readonly way: 'in' | 'out'; readonly map: string; readonly to: readonly Branch[] };

/** An interface, and the chain that its packets go to. */
export interface Branch {
  readonly interfaceName: string;
  readonly to: string;
}

/** A rule of a chain; without action it only carries its comments. */
export interface Rule {
  readonly matches: readonly Match[];
  readonly action?: Action;
  readonly comments: readonly string[];
}

/** A chain of ours: the same object as long as nothing of it changes. */
export interface Chain {
  readonly name: string;
  readonly rules: readonly Rule[];
}

/** A rule. */
export function rule(matches: readonly Match[], action: Action | undefined, ...comments: readonly string[]): Rule {
  return { matches, ...(action !== undefined && { action }), comments };
}

/** A chain. */
export function chain(name: string, ...rules: readonly Rule[]): Chain {
  return { name, rules };
}

/** The chains that the rules of a chain lead to. */
export function chainsNamedBy({ rules }: Chain): readonly string[] {
  return rules.flatMap(({ action }) => {
    if (action?.kind === 'jump' || action?.kind === 'goto') return [action.chain];
    return action?.kind === 'by-interface' ? action.to.map(({ to }) => to) : [];
  });
}

export const ACCEPT: Action = { kind: 'accept' };
export const DROP: Action = { kind: 'drop' };
export const RETURN: Action = { kind: 'return' };
export const DENY: Action = { kind: 'deny' };
export const NOTRACK: Action = { kind: 'notrack' };

export function jump(chain: string): Action {
  return { kind: 'jump', chain };
}

export function goTo(chain: string): Action {
  return { kind: 'goto', chain };
}

/** Sets all bits of a mark. */
export function setMark(mark: number): Action {
  return { kind: 'set-mark', value: mark, mask: mark };
}

export function clearMark(mark: number): Action {
  return { kind: 'clear-mark', mask: mark };
}

/** All bits of a mark are set. */
export function marked(mark: number): Match {
  return { kind: 'mark', value: mark, mask: mark };
}

/** No bit of a mark is set. */
export function unmarked(mark: number): Match {
  return { kind: 'mark', value: 0, mask: mark };
}

/** Some bit of a mark is set. */
export function partlyMarked(mark: number): Match {
  return { kind: 'mark', not: true, value: 0, mask: mark };
}

export const ESTABLISHED: Match = { kind: 'ct-state', states: ['RELATED', 'ESTABLISHED'] };
