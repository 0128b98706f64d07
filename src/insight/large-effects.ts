import { formatIp } from '../net/address.js';
import { addressClasses, type AddressClass } from '../policy/address-classes.js';
import { changedBlocks } from '../policy/changes.js';
import { HookAnswers } from '../policy/hook-answers.js';
import { endpointHook } from '../policy/hooks.js';
import type { Endpoint } from '../policy/known-objects.js';
import { DIRECTIONS, type Model } from '../policy/model.js';
import { allPackets } from '../policy/packet-set.js';
import type { Direction } from '../policy/rule.js';
import { HookSignatures } from '../policy/signatures.js';
import { ClassMembers } from './class-members.js';
import type { Directory } from './directory.js';
import { EndNamer } from './ends.js';

/** Workloads whose own policies let nothing pass any more, though they did. */
export interface CutOff {
  /** What a person would call them. */
  readonly name: string;
  readonly endpoints: readonly Endpoint[];
  /** Seen from the workload: `ingress` of those that nobody reaches. */
  readonly direction: Direction;
}

/** What a change of a network does that somebody should know before it is made. */
export interface LargeEffects {
  /** Of all pairs of a sender and a receiver the share between which some packet fares otherwise; undefined where there was no time to find out. */
  readonly changedShare: number | undefined;
  readonly cutOff: readonly CutOff[];
  /** Whether there was time for all of it; otherwise more may be cut off than is named. */
  readonly isComplete: boolean;
}

/** How long it may take. */
export interface EffectLimits {
  /** After so long it gives up; it looks at the clock between steps, the longest of which is to find the classes of addresses. */
  readonly milliseconds: number;
  readonly now?: () => number;
}

class OutOfTime extends Error {}

/** Finds the large effects of a change; of models that `compileAll` made, to be fast. Addresses that nobody has count as one sender and receiver for each class of them. */
export function largeEffects(before: Model, after: Model, directory: Directory, { milliseconds, now = () => performance.now() }: EffectLimits): LargeEffects {
  const end = now() + milliseconds;
  const tick = (): void => {
    if (now() > end) throw new OutOfTime();
  };
  const cutOff: CutOff[] = [];
  let changedShare: number | undefined;
  try {
    const classes = ([4, 6] as const).map((version) => {
      tick();
      return { version, all: addressClasses([before, after], version) };
    });
    for (const each of closedGroups(before, after, classes, tick)) cutOff.push({ ...each, name: '' });
    changedShare = shareOf(before, after, classes, tick);
  } catch (error) {
    if (!(error instanceof OutOfTime)) throw error;
  }
  const namer = cutOff.length === 0 ? undefined : new EndNamer([after, before], directory);
  return { changedShare, cutOff: cutOff.map((each) => ({ ...each, name: namer!.ofWorkloads(each.endpoints) })), isComplete: changedShare !== undefined };
}

interface Classes {
  readonly version: 4 | 6;
  readonly all: readonly AddressClass[];
}

/** The workloads that are closed now and were not, for each direction. */
function* closedGroups(before: Model, after: Model, classes: readonly Classes[], tick: () => void): Generator<Omit<CutOff, 'name'>> {
  const signatures = new HookSignatures();
  const [open, closed] = [new Openness(before, classes, tick), new Openness(after, classes, tick)];
  for (const direction of DIRECTIONS) {
    const changed = new Map<string, (readonly [was: Endpoint, is: Endpoint])[]>();
    for (const is of after.parts.endpoints) {
      const was = before.endpoint(is.id);
      if (was?.kind !== 'workload') continue;
      const [old, now] = [signatures.of(before, endpointHook(before, 'workload', direction, was)), signatures.of(after, endpointHook(after, 'workload', direction, is))];
      if (old === now) continue;
      const key = `${old} ${now} ${String(versionsOf(was))} ${String(versionsOf(is))}`;
      const known = changed.get(key);
      if (known === undefined) changed.set(key, [[was, is]]);
      else known.push([was, is]);
    }
    const endpoints = [...changed.values()].filter(([pair]) => !closed.isOpen(pair![1], direction) && open.isOpen(pair![0], direction)).flatMap((pairs) => pairs.map(([, is]) => is));
    if (endpoints.length > 0) yield { direction, endpoints };
  }
}

function versionsOf({ nets }: Endpoint): readonly (4 | 6)[] {
  return ([4, 6] as const).filter((version) => nets.some(({ address }) => address.version === version));
}

/** Whether the policies of workloads let anything pass at all. */
class Openness {
  private readonly answers: HookAnswers;

  constructor(
    private readonly model: Model,
    private readonly classes: readonly Classes[],
    private readonly tick: () => void,
  ) {
    this.answers = new HookAnswers(model);
  }

  isOpen(endpoint: Endpoint, direction: Direction): boolean {
    const hook = endpointHook(this.model, 'workload', direction, endpoint);
    return versionsOf(endpoint).some((version) => {
      const own = this.model.addressOf(endpoint.nets.find(({ address }) => address.version === version)!.address);
      return this.classes.find((each) => each.version === version)!.all.some(({ representatives: [ip] }) => {
        this.tick();
        const far = this.model.address(formatIp(ip!));
        const ends = direction === 'ingress' ? { version, source: far, destination: own } : { version, source: own, destination: far };
        return this.answers.ask(hook, ends, allPackets(version)).some((part) => part.do !== 'deny');
      });
    });
  }
}

function shareOf(before: Model, after: Model, classes: readonly Classes[], tick: () => void): number {
  let [changed, possible] = [0, 0];
  for (const { version, all } of classes) {
    const members = new ClassMembers([after, before], all, version);
    const sizes = new Map(all.map((each) => [each, sizeOf(members, each)]));
    const total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
    possible += total * total;
    for (const block of changedBlocks(before, after, version, all, tick)) {
      const [senders, receivers] = [block.from, block.to].map((each) => each.reduce((sum, one) => sum + sizes.get(one)!, 0));
      changed += senders! * receivers!;
    }
  }
  return possible === 0 ? 0 : changed / possible;
}

function sizeOf(members: ClassMembers, each: AddressClass): number {
  const found = members.of(each);
  return found.kind === 'workloads' ? found.endpoints.length : found.kind === 'hosts' ? found.hosts.length : 1;
}
