/** Protocols that a packet can be sent of without the rights to make one up. */
export const PROBED = ['tcp', 'udp', 'icmp'] as const;
export type Probed = (typeof PROBED)[number];

/** What a probe does where it is started. */
export type ProbeTask =
  /** Listens, unless somebody does, for a packet and answers it. */
  | { readonly do: 'listen'; readonly protocol: 'tcp' | 'udp'; readonly version: 4 | 6; readonly port: number; readonly longestMs: number }
  /** Sends a packet and waits for what comes of it. */
  | { readonly do: 'send'; readonly protocol: 'tcp' | 'udp'; readonly source: string | undefined; readonly sourcePort: number; readonly target: string; readonly port: number; readonly longestMs: number };

/** What a probe tells: of listening that it does or that somebody else does, and that something came; of sending what came of it. */
export type ProbeResult =
  | { readonly listens: 'here' | 'already' }
  | { readonly came: true }
  | { readonly outcome: 'answered' | 'refused' | 'nothing' | 'unreachable'; readonly ms: number; readonly code?: string | undefined };
