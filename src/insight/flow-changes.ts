import { groupedBy } from '../base/grouped-by.js';
import { addressClasses, type AddressClass } from '../policy/address-classes.js';
import type { Block } from '../policy/changed-blocks.js';
import { changedBlocks, type ChangedBlock } from '../policy/changes.js';
import type { Flow } from '../policy/flow.js';
import { HookAnswers } from '../policy/hook-answers.js';
import { endpointHook } from '../policy/hooks.js';
import type { Model } from '../policy/model.js';
import { join, type PacketSet } from '../policy/packet-set.js';
import type { Route } from '../policy/routes.js';
import { ClassMembers } from './class-members.js';
import type { Directory } from './directory.js';
import { EndNamer, sizeOf, type EndGroup } from './ends.js';
import { examplePacket, packetsKey, toldPackets, type ToldPackets } from './packet-groups.js';

/** Flows whose verdict is another one, from everybody of one group to everybody of another. */
export interface FlowChange {
  readonly from: EndGroup;
  readonly to: EndGroup;
  readonly versions: readonly (4 | 6)[];
  readonly packets: ToldPackets;
  readonly before: 'allow' | 'deny';
  readonly after: 'allow' | 'deny';
  /** What denies now; or what, in the place where it was denied, lets it pass now. */
  readonly by: string;
  readonly example: { readonly flow: Flow; readonly from: string; readonly to: string };
}

/** Packets that change in the same way from each of some classes to each of others. */
interface Row {
  readonly from: readonly number[];
  readonly to: readonly number[];
  readonly packets: PacketSet;
  /** A way, and those of the packets that change on it. */
  readonly example: { readonly route: Route; readonly packets: PacketSet };
}

/** Which flows fare otherwise in the second model, in as few rows as there are; those that are about most ends come first. */
export function flowChanges(before: Model, after: Model, directory: Directory): readonly FlowChange[] {
  const namer = new EndNamer([after, before], directory);
  const found = new Map<string, FlowChange>();
  for (const version of [4, 6] as const) {
    for (const change of changesOf(before, after, version, namer)) {
      const key = JSON.stringify([change.from.name, change.to.name, change.packets, change.before, change.by]);
      const known = found.get(key);
      found.set(key, known === undefined ? change : { ...known, versions: [...known.versions, ...change.versions] });
    }
  }
  const weight = ({ from, to }: FlowChange): number => sizeOf(from) * sizeOf(to);
  return [...found.values()].sort((left, right) => weight(right) - weight(left));
}

function* changesOf(before: Model, after: Model, version: 4 | 6, namer: EndNamer): Generator<FlowChange> {
  const classes = addressClasses([before, after], version);
  const numbers = new Map(classes.map((each, at) => [each, at]));
  const byReason = new Map<string, Map<Block['from'], Map<Block['to'], Row>>>();
  const deciders = new Deciders(after);
  const numbersOf = (of: readonly AddressClass[]): readonly number[] => ascending(of.map((each) => numbers.get(each)!));
  for (const change of changedBlocks(before, after, version, classes)) {
    for (const { by, packets } of deciders.of(change, version)) {
      const rows = at(at(byReason, `${change.after.verdict} ${by}`, () => new Map<Block['from'], Map<Block['to'], Row>>()), change.from, () => new Map<Block['to'], Row>());
      const known = rows.get(change.to);
      rows.set(change.to, known === undefined ? { from: numbersOf(change.from), to: numbersOf(change.to), packets, example: { route: change.route, packets } } : { ...known, packets: join(known.packets, packets) });
    }
  }
  if (byReason.size === 0) return;
  const members = new ClassMembers([after, before], classes, version);
  const groups = new Map<string, EndGroup>();
  const groupOf = (own: readonly number[]): EndGroup => at(groups, own.join(), () => namer.of(own.map((each) => classes[each]!), members));
  for (const [reason, rows] of byReason) {
    const verdict = reason.startsWith('allow') ? 'allow' : 'deny';
    for (const { from, to, packets, example: { route, packets: some } } of fewRows([...rows.values()].flatMap((each) => [...each.values()]))) {
      yield {
        from: groupOf(from), to: groupOf(to), versions: [version], packets: toldPackets(version, packets),
        before: verdict === 'allow' ? 'deny' : 'allow', after: verdict, by: reason.slice(verdict.length + 1),
        example: { flow: { ...route, ...examplePacket(some) }, from: namer.nameOfAddress(route.src), to: namer.nameOfAddress(route.dst) },
      };
    }
  }
}

/** Tells what decides now. Of what was denied before and is allowed now, that is what the hook that denied it says now: other hooks allowed it before. */
class Deciders {
  private readonly answers: HookAnswers;

  constructor(private readonly after: Model) {
    this.answers = new HookAnswers(after);
  }

  of({ hook, after, packets, route }: ChangedBlock, version: 4 | 6): readonly { readonly by: string; readonly packets: PacketSet }[] {
    const endpoint = after.verdict === 'deny' || hook === undefined ? undefined : this.after.endpoint(hook.endpoint.id);
    if (endpoint === undefined) return [{ by: after.by, packets }];
    const now = endpointHook(this.after, hook!.hook, hook!.direction, endpoint);
    const said = this.answers.ask(now, { version, source: this.after.address(route.src), destination: this.after.address(route.dst) }, packets);
    // One that still denies is no longer on the way.
    return said.some((part) => part.do === 'deny') ? [{ by: after.by, packets }] : said;
  }
}

/** The same in few rows: those that differ on one side only become one, as long as there are any; by senders or by receivers first, whichever makes fewer. */
function fewRows(rows: readonly Row[]): readonly Row[] {
  const [bySender, byReceiver] = ([['from', 'to'], ['to', 'from']] as const).map(([first, second]) => {
    let merged = rows;
    let before: number;
    do {
      before = merged.length;
      merged = mergedBy(second, mergedBy(first, merged));
    } while (merged.length < before);
    return withAllPackets(merged);
  });
  return bySender!.length <= byReceiver!.length ? bySender! : byReceiver!;
}

/** Those with the same packets and the same classes on a side as one. */
function mergedBy(side: 'from' | 'to', rows: readonly Row[]): readonly Row[] {
  const other = side === 'from' ? 'to' : 'from';
  const equal = groupedBy(rows, (row) => `${packetsKey(row.packets)}|${row[side].join()}`);
  return [...equal.values()].map((same) => (same.length === 1 ? same[0]! : { ...same[0]!, [other]: ascending(same.flatMap((row) => row[other])) }));
}

/** Between the same ends, packets of several kinds are one row. */
function withAllPackets(rows: readonly Row[]): readonly Row[] {
  const equal = groupedBy(rows, ({ from, to }) => `${from.join()}|${to.join()}`);
  return [...equal.values()].map((same) => same.reduce((row, { packets }) => ({ ...row, packets: join(row.packets, packets) })));
}

function ascending(numbers: number[]): readonly number[] {
  return numbers.sort((left, right) => left - right);
}

function at<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}
