import { packetOf, type Flow } from './flow.js';
import { ask, type Hook } from './hooks.js';
import type { Model } from './model.js';
import type { Packet } from './packet.js';
import { hopsOf, type Hop } from './path.js';
import { isNeighbourDiscovery, questionsOf } from './route.js';
import type { Answer } from './walk.js';

/** One question asked about a packet, and the answer. */
export interface Step extends Answer {
  readonly hook: Hook;
  /** Seen from the endpoint. */
  readonly dir?: 'ingress' | 'egress';
  /** The endpoint's id; instead, the node where there is none. */
  readonly ep?: string;
  readonly node?: string;
}

/** What becomes of a flow. */
export interface Verdict {
  readonly verdict: 'allow' | 'deny';
  /** What denied, or the last that expressly allowed; `no-endpoint` where nothing was asked, `no-policy` where nothing expressly allowed. */
  readonly by: string;
  /** The questions in the order of the packet, up to the first deny. */
  readonly steps: readonly Step[];
  /** What was asked about, as conditions see it (`foundIn`). */
  readonly packet: Packet;
}

/** Decides one flow, as Calico 3.32.1 does with its iptables dataplane. Throws InvalidRequest where the flow cannot be read. */
export function evaluate(model: Model, flow: Flow): Verdict {
  const packet = packetOf(model, flow);
  const steps: Step[] = [];
  for (const hop of hopsOf(model, flow, packet)) {
    cross(model, hop, packet, steps);
    const last = steps.at(-1);
    if (last?.do === 'deny') return { verdict: 'deny', by: last.by, steps, packet };
  }
  return { verdict: 'allow', by: steps.findLast((step) => step.do === 'allow')?.by ?? (steps.length === 0 ? 'no-endpoint' : 'no-policy'), steps, packet };
}

/** Asks what is to be asked on one host, until something denies. */
function cross(model: Model, hop: Hop, packet: Packet, steps: Step[]): void {
  const { node } = hop;
  const isKnown = packet.state === 'established' || packet.state === 'related';
  let isAccepted = false;
  for (const question of questionsOf(model, hop)) {
    if (question.kind === 'unless-neighbour-discovery') {
      if (isNeighbourDiscovery(packet)) return;
    } else if (question.kind === 'unknown-interface') {
      return void steps.push({ hook: 'workload', node, do: 'deny', by: 'unknown-interface', visits: [] });
    } else if (question.kind === 'endpoint-to-host') {
      if (model.parts.settings(node).dropsWorkloadToHost) return void steps.push({ hook: 'workload-to-host', node, do: 'deny', by: 'endpoint-to-host-action', visits: [] });
    } else {
      const { hook, accepts, unlessAccepted } = question;
      // Connections that are known are past the hook before address translation.
      if ((unlessAccepted && isAccepted) || (isKnown && hook.hook === 'preDNAT')) continue;
      const answer = ask(model, hook, packet);
      steps.push({ hook: hook.hook, dir: hook.direction, ep: hook.endpoint.id, ...answer });
      if (answer.do === 'deny' || answer.by === 'conntrack') return;
      isAccepted ||= accepts && answer.rule !== undefined && answer.do === 'allow';
    }
  }
}
