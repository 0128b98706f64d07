import type { Flow } from '../../../src/policy/flow.js';
import type { PacketNetwork } from './network.js';

/** What a stream is about: packets that must never arrive, packets of which each must, and packets that are answered, of a connection that was there before. */
export type StreamKind = 'denied' | 'allowed' | 'established';

export interface Stream {
  readonly kind: StreamKind;
  readonly flow: Flow;
}

/** What became of a stream: of packets and answers, how many were sent and how many arrived. All but the first is counted by the kernel. */
export interface Streamed extends Stream {
  readonly sent: number;
  readonly arrived: number;
  readonly answersSent: number;
  readonly answersArrived: number;
}

const TABLE = 'inet streams';
/** On its way are packets for less than that. */
const ARRIVE_MS = 300;
const HOSTS = ['node-a', 'node-b'];

/** Packets of UDP that are sent all the time, and counted where they arrive. */
export class Streams {
  private constructor(
    private readonly network: PacketNetwork,
    private readonly streams: readonly Stream[],
  ) {}

  /** Begins to send. */
  static async start(network: PacketNetwork, streams: readonly Stream[]): Promise<Streams> {
    const started = new Streams(network, streams);
    await Promise.all(started.places().map((place) => started.count(place)));
    streams.forEach(({ kind, flow }, id) => network.stream(id, kind === 'denied' ? String(id) : kind === 'allowed' ? 'count' : 'echo', flow));
    return started;
  }

  /** Ends them. */
  async stop(): Promise<readonly Streamed[]> {
    const sent = await this.network.halt();
    await new Promise((resolve) => setTimeout(resolve, ARRIVE_MS));
    const counts = new Map((await Promise.all(this.places().map((place) => this.read(place)))).flat());
    await Promise.all(this.places().map((place) => this.network.run(place, 'nft', 'delete', 'table', ...TABLE.split(' '))));
    return this.streams.map((stream, id) => ({ ...stream, sent: sent.get(id) ?? 0, arrived: counts.get(`${id} there`) ?? 0, answersSent: counts.get(`${id} answered`) ?? 0, answersArrived: counts.get(`${id} back`) ?? 0 }));
  }

  private places(): readonly string[] {
    return [...new Set(this.streams.flatMap(({ flow: { src, dst } }) => [this.network.placeOf(src), this.network.placeOf(dst)]))];
  }

  /** Counts at a place what arrives, on a host behind all that may drop it, and what is answered, on a host before all of that. */
  private async count(place: string): Promise<void> {
    const rules = (wanted: 'arrivals' | 'answers'): string => this.streams.flatMap(({ flow: { src, dst, sport, dport } }, id) => {
      const family = src.includes(':') ? 'ip6' : 'ip';
      const counter = (comment: string): string => `counter comment "${id} ${comment}"`;
      const there = `${family} saddr ${src} ${family} daddr ${dst} udp sport ${sport} udp dport ${dport}`;
      const back = `${family} saddr ${dst} ${family} daddr ${src} udp sport ${dport} udp dport ${sport}`;
      const [isSource, isTarget] = [src, dst].map((address) => this.network.placeOf(address) === place);
      if (wanted === 'answers') return isTarget === true ? [`${back} ${counter('answered')}`] : [];
      return [...(isTarget === true ? [`${there} ${counter('there')}`] : []), ...(isSource === true ? [`${back} ${counter('back')}`] : [])];
    }).join('; ');
    const [arrivals, answers] = HOSTS.includes(place) ? ['input priority 400', 'output priority -400'] : ['prerouting priority -400', 'postrouting priority 400'];
    const chains = [`chain arrivals { type filter hook ${arrivals}; ${rules('arrivals')}; }`, `chain answers { type filter hook ${answers}; ${rules('answers')}; }`];
    const { code, stderr } = await this.network.run(place, 'nft', `table ${TABLE} { ${chains.join('; ')}; }`);
    if (code !== 0) throw new Error(stderr);
  }

  private async read(place: string): Promise<readonly (readonly [string, number])[]> {
    const { stdout } = await this.network.run(place, 'nft', '-j', 'list', 'table', ...TABLE.split(' '));
    const { nftables } = JSON.parse(stdout) as { nftables: { rule?: { comment: string; expr: { counter?: { packets: number } }[] } }[] };
    return nftables.flatMap(({ rule }) => (rule === undefined ? [] : [[rule.comment, rule.expr.find(({ counter }) => counter !== undefined)?.counter?.packets ?? 0] as const]));
  }
}
