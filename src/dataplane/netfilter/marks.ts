/** The bits of a packet's mark that Calico uses (reference/netfilter 2). */
export interface Marks {
  readonly accept: number;
  readonly pass: number;
  readonly drop: number;
  readonly scratch0: number;
  readonly scratch1: number;
  /** What tells host interfaces from each other where kube-proxy works by IPVS. */
  readonly endpoint: number;
  /** Those that are cleared before policies are asked. */
  readonly all: number;
}

/**
 * Gives the bits of the setting `iptablesMarkMask` out, the lowest first.
 * @param withWireguard whether one bit is kept for WireGuard
 */
export function marksOf(mask: number, withWireguard = false): Marks {
  const bits: number[] = [];
  for (let bit = 0; bit < 32; bit++) if ((mask >>> bit) & 1) bits.push((1 << bit) >>> 0);
  const [accept = 0, pass = 0, drop = 0, scratch0 = 0, scratch1 = 0, ...rest] = bits;
  const endpoint = (withWireguard ? rest.slice(1) : rest).reduce((sum, bit) => sum + bit, 0);
  return { accept, pass, drop, scratch0, scratch1, endpoint, all: accept + pass + scratch0 + scratch1 };
}
