import { addressClasses } from '../policy/address-classes.js';
import { changes, type Change } from '../policy/changes.js';
import type { Flow } from '../policy/flow.js';
import { HookAnswers } from '../policy/hook-answers.js';
import { endpointHook } from '../policy/hooks.js';
import type { Model } from '../policy/model.js';
import { join, type PacketSet } from '../policy/packet-set.js';
import type { Route } from '../policy/routes.js';
import { ClassMembers } from './class-members.js';
import type { Directory } from './directory.js';
import { EndNamer, sizeOf, type EndGroup } from './ends.js';
import { examplePacket, toldPackets, type ToldPackets } from './packet-groups.js';

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

/** Packets that change between two classes. */
interface Cell {
  readonly packets: PacketSet;
  readonly route: Route;
}

interface Row extends Cell {
  readonly from: readonly number[];
  readonly to: readonly number[];
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
  const byReason = new Map<string, Map<number, Map<number, Cell>>>();
  const deciders = new Deciders(after);
  for (const change of changes(before, after, version, classes)) {
    for (const { by, packets } of deciders.of(change, version)) {
      const cells = at(byReason, `${change.after.verdict} ${by}`, () => new Map<number, Map<number, Cell>>());
      const row = at(cells, numbers.get(change.from)!, () => new Map<number, Cell>());
      const known = row.get(numbers.get(change.to)!);
      row.set(numbers.get(change.to)!, known === undefined ? { packets, route: change.route } : { ...known, packets: join(known.packets, packets) });
    }
  }
  if (byReason.size === 0) return;
  const members = new ClassMembers([after, before], classes, version);
  const groups = new Map<string, EndGroup>();
  const groupOf = (own: readonly number[]): EndGroup => at(groups, own.join(), () => namer.of(own.map((each) => classes[each]!), members));
  for (const [reason, cells] of byReason) {
    const verdict = reason.startsWith('allow') ? 'allow' : 'deny';
    for (const { from, to, packets, route } of rowsOf(cells)) {
      yield {
        from: groupOf(from), to: groupOf(to), versions: [version], packets: toldPackets(version, packets),
        before: verdict === 'allow' ? 'deny' : 'allow', after: verdict, by: reason.slice(verdict.length + 1),
        example: { flow: { ...route, ...examplePacket(packets) }, from: namer.nameOfAddress(route.src), to: namer.nameOfAddress(route.dst) },
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

  of({ hook, after, packets, route }: Change, version: 4 | 6): readonly { readonly by: string; readonly packets: PacketSet }[] {
    const endpoint = after.verdict === 'deny' || hook === undefined ? undefined : this.after.endpoint(hook.endpoint.id);
    if (endpoint === undefined) return [{ by: after.by, packets }];
    const now = endpointHook(this.after, hook!.hook, hook!.direction, endpoint);
    const said = this.answers.ask(now, { version, source: this.after.address(route.src), destination: this.after.address(route.dst) }, packets);
    // One that still denies is no longer on the way.
    return said.some((part) => part.do === 'deny') ? [{ by: after.by, packets }] : said;
  }
}

/** The same cells as rows of many to many, by senders or by receivers, whichever makes fewer. */
function rowsOf(cells: ReadonlyMap<number, ReadonlyMap<number, Cell>>): readonly Row[] {
  const turned = new Map<number, Map<number, Cell>>();
  for (const [from, row] of cells) for (const [to, cell] of row) at(turned, to, () => new Map<number, Cell>()).set(from, cell);
  const [bySender, byReceiver] = [mergedRows(cells), mergedRows(turned)];
  return bySender.length <= byReceiver.length ? bySender : byReceiver.map((row) => ({ ...row, from: row.to, to: row.from }));
}

function mergedRows(cells: ReadonlyMap<number, ReadonlyMap<number, Cell>>): readonly Row[] {
  const rows = new Map<string, Row & { readonly from: number[] }>();
  for (const [from, row] of cells) {
    const byPackets = new Map<string, Cell & { readonly to: number[] }>();
    for (const [to, cell] of row) at(byPackets, textOf(cell.packets), () => ({ ...cell, to: [] as number[] })).to.push(to);
    for (const [packets, each] of byPackets) at(rows, `${packets}|${ascending(each.to).join()}`, () => ({ ...each, from: [] as number[] })).from.push(from);
  }
  // Between the same ends, packets of several kinds are one row.
  const joined = new Map<string, Row>();
  for (const row of rows.values()) {
    const key = `${ascending(row.from).join()}|${row.to.join()}`;
    const known = joined.get(key);
    joined.set(key, known === undefined ? row : { ...known, packets: join(known.packets, row.packets) });
  }
  return [...joined.values()];
}

const TEXTS = new WeakMap<PacketSet, string>();

function textOf(packets: PacketSet): string {
  let text = TEXTS.get(packets);
  if (text === undefined) TEXTS.set(packets, (text = packets.map(({ protocols, first, second }) => `${protocols.join()}/${first.join()}/${second.join()}`).sort().join(' ')));
  return text;
}

function ascending(numbers: number[]): readonly number[] {
  return numbers.sort((left, right) => left - right);
}

function at<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}
