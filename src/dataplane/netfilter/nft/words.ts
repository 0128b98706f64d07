/** Words of nft that it takes for its own where the name of an interface may stand (tried with nft 1.0.6). */
const WORDS = new Set(('accept add ah all and bridge cgroup chain comment comp constant counter cpu create ct day dccp delete describe device devices drop dup dynamic element eq esp exthdr ' +
  'fib flags flow flush fwd ge goto gt hbh hook hour ibrname icmp icmpv6 iif iifgroup iifname iiftype import include index inet insert interval ipsec jhash jump le limit list log lshift lt ' +
  'map mark masquerade meta meter mh monitor ne netdev nftrace numgen oif oifname or osf policy position priority queue quota random redirect reject rename replace return rshift rt rtclassid ' +
  'rule ruleset secmark set sctp size skgid skuid socket symhash synproxy table tcp th time timeout tproxy type typeof udp udplite update vmap xor continue exists missing').split(' '));

/** The name of an interface for nft; `+` at the end stands for any end, as in iptables. What nft would not read as a name is put in quotes. */
export function interfaceText(name: string): string {
  const text = name.replace(/\+$/, '*');
  return /^[a-zA-Z][\w.-]*\*?$/.test(text) && !WORDS.has(text) ? text : `"${text}"`;
}
