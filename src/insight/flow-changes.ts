import type { Notify } from '../base/notice.js';
import type { InsightNotice } from './notices.js';
import { addressClasses, type AddressClass } from '../policy/address-classes.js';
import { changedBlocks, type ChangedBlock, type ChangedWay } from '../policy/changes.js';
import { HookAnswers } from '../policy/hook-answers.js';
import { endpointHook } from '../policy/hooks.js';
import type { Model } from '../policy/model.js';
import { join, NO_PACKETS, overlap, without, type PacketSet } from '../policy/packet-set.js';
import type { Route } from '../policy/routes.js';
import { ascending, fewRows, type Row, type RowExample, type Where } from './changed-rows.js';
import { ClassMembers } from './class-members.js';
import type { Directory } from './directory.js';
import { EndNamer, groupKey, sizeOf, type EndGroup, type NamedExample } from './ends.js';
import { betterExample } from './examples.js';
import { toldPackets, type ToldPackets } from './packet-groups.js';

/** Flows whose verdict is another one, from everybody of one group to everybody of another. */
export interface FlowChange {
  readonly from: EndGroup;
  readonly to: EndGroup;
  readonly versions: readonly (4 | 6)[];
  /** Where it is so only between ends on one host, or on different ones. */
  readonly where: Where | undefined;
  /** Whether it is not so between a host and what is on it. */
  readonly exceptOwnHost: boolean;
  readonly packets: ToldPackets;
  readonly before: 'allow' | 'deny';
  readonly after: 'allow' | 'deny';
  /** What denies now; or what, in the place where it was denied, lets it pass now. */
  readonly by: string;
  readonly example: NamedExample;
}

/** Which flows fare otherwise in the second model, in as few rows as there are; those that are about most ends come first. */
export function flowChanges(before: Model, after: Model, directory: Directory, notify?: Notify<InsightNotice>): readonly FlowChange[] {
  const namer = new EndNamer([after, before], directory);
  const found = new Map<string, FlowChange>();
  for (const version of [4, 6] as const) {
    for (const change of changesOf(before, after, version, namer, notify)) {
      const { from, to, where, exceptOwnHost, packets, by } = change;
      const key = JSON.stringify([groupKey(from), groupKey(to), where, exceptOwnHost, packets, change.after, by]);
      const known = found.get(key);
      found.set(key, known === undefined ? change : { ...known, versions: [...known.versions, ...change.versions] });
    }
  }
  const weight = ({ from, to }: FlowChange): number => sizeOf(from) * sizeOf(to);
  return [...found.values()].sort((left, right) => weight(right) - weight(left));
}

function* changesOf(before: Model, after: Model, version: 4 | 6, namer: EndNamer, notify: Notify<InsightNotice> | undefined): Generator<FlowChange> {
  const classes = addressClasses([before, after], version);
  const byReason = rowsByReason(before, after, version, classes, notify);
  if (byReason.size === 0) return;
  const members = new ClassMembers([after, before], classes, version);
  const groups = new Map<string, EndGroup>();
  const groupOf = (own: readonly number[]): EndGroup => at(groups, own.join(), () => namer.of(own.map((each) => classes[each]!), members));
  const identity = (number: number): string | undefined => members.identity(classes[number]!);
  const better = betterExample([after, before]);
  const of = [...byReason.values()].reduce((sum, { length }) => sum + length, 0);
  let count = 0;
  for (const [reason, rows] of byReason) {
    notify?.({ code: 'insight.progress', did: 'merged', count, of });
    count += rows.length;
    const verdict = reason.startsWith('allow') ? 'allow' : 'deny';
    for (const row of fewRows(rows, better)) {
      const { from, to, packets, where, own, example } = withoutItself(row, identity);
      if (from.length === 0 || to.length === 0) continue;
      yield {
        from: groupOf(from), to: groupOf(to), versions: [version], where, exceptOwnHost: own === 'not', packets: toldPackets(version, packets),
        before: verdict === 'allow' ? 'deny' : 'allow', after: verdict, by: reason.slice(verdict.length + 1),
        example: namer.example(example),
      };
    }
  }
}

/** What changes, by the verdict and what decides now: a row for each block of classes. */
function rowsByReason(before: Model, after: Model, version: 4 | 6, classes: readonly AddressClass[], notify: Notify<InsightNotice> | undefined): ReadonlyMap<string, readonly Row[]> {
  const numbers = new Map(classes.map((each, number) => [each, number]));
  const numbersOf = (of: readonly AddressClass[]): readonly number[] => ascending(of.map((each) => numbers.get(each)!));
  const byReason = new Map<string, Row[]>();
  const deciders = new Deciders(after);
  const tell = (done?: number, of?: number): void => (done === undefined || of === undefined ? undefined : notify?.({ code: 'insight.progress', did: 'changed', count: done, of }));
  for (const block of changedBlocks(before, after, version, classes, tell)) {
    const ends = { from: numbersOf(block.from), to: numbersOf(block.to) };
    for (const [reason, piece] of piecesOf(block, [before, after], deciders, version)) at(byReason, reason, () => []).push({ ...ends, ...piece });
  }
  return byReason;
}

type Piece = Omit<Row, 'from' | 'to'>;

/** Packets that change for one reason, and on which ways. */
interface Changed {
  readonly packets: PacketSet;
  readonly examples: readonly RowExample[];
}

/** What changes in a block by each reason: what does wherever the ends are, and what does on one host or between two only. */
function* piecesOf({ ways }: ChangedBlock, models: readonly Model[], deciders: Deciders, version: 4 | 6): Generator<readonly [reason: string, piece: Piece]> {
  const { src, dst } = ways[0]!.route;
  const isHost = [src, dst].some((text) => models.some((model) => model.address(text).place?.gate.kind === 'self'));
  const [within, between] = [true, false].map((isWithin) => ways.filter((way) => way.isWithinHost === isWithin));
  const [onOne, onTwo] = [within!, between!].map((some) => changedBy(some, deciders, version));
  for (const reason of new Set([...onOne!.keys(), ...onTwo!.keys()])) {
    const [one, two] = [onOne!.get(reason), onTwo!.get(reason)];
    const [here, away] = [one?.packets ?? NO_PACKETS, two?.packets ?? NO_PACKETS];
    const parts: readonly (Omit<Piece, 'example'> & { readonly of: Changed | undefined })[] =
      within!.length === 0 || between!.length === 0
        ? [{ packets: join(here, away), where: undefined, own: isHost && within!.length > 0 ? 'too' : undefined, of: one ?? two }]
        : [
            { packets: overlap(here, away), where: undefined, own: isHost ? 'too' : undefined, of: one },
            { packets: without(here, away), where: 'one host', own: undefined, of: one },
            { packets: without(away, here), ...(isHost ? { where: undefined, own: 'not' } : { where: 'different hosts', own: undefined }), of: two },
          ];
    for (const { of, ...part } of parts) if (part.packets.length > 0) yield [reason, { ...part, example: exampleAmong(of!.examples, part.packets) }];
  }
}

/** An example that has some of the packets: every part of them is on one of the ways. */
function exampleAmong(examples: readonly RowExample[], packets: PacketSet): RowExample {
  const found = examples.map(({ route, packets: own }) => ({ route, packets: overlap(own, packets) }));
  return found.find((each) => each.packets.length > 0)!;
}

function changedBy(ways: readonly ChangedWay[], deciders: Deciders, version: 4 | 6): ReadonlyMap<string, Changed> {
  const found = new Map<string, Changed>();
  for (const { route, changes } of ways) {
    for (const change of changes) {
      for (const { by, packets } of deciders.of(change, route, version)) {
        const reason = `${change.after.verdict} ${by}`;
        const known = found.get(reason);
        found.set(reason, { packets: known === undefined ? packets : join(known.packets, packets), examples: [...(known?.examples ?? []), { route, packets }] });
      }
    }
  }
  return found;
}

/** Tells what decides now. Of what was denied before and is allowed now, that is what the hook that denied it says now: other hooks allowed it before. */
class Deciders {
  private readonly answers: HookAnswers;

  constructor(private readonly after: Model) {
    this.answers = new HookAnswers(after);
  }

  of({ hook, after, packets }: ChangedWay['changes'][number], route: Route, version: 4 | 6): readonly { readonly by: string; readonly packets: PacketSet }[] {
    const endpoint = after.verdict === 'deny' || hook === undefined ? undefined : this.after.endpoint(hook.endpoint.id);
    if (endpoint === undefined) return [{ by: after.by, packets }];
    const now = endpointHook(this.after, hook!.hook, hook!.direction, endpoint);
    const said = this.answers.ask(now, { version, source: this.after.address(route.src), destination: this.after.address(route.dst) }, packets);
    // One that still denies is no longer on the way.
    return said.some((part) => part.do === 'deny') ? [{ by: after.by, packets }] : said;
  }
}

/** A row without what somebody sends to himself, which no policy sees, where one side is he alone. */
function withoutItself(row: Row, identity: (number: number) => string | undefined): Row {
  const [from, to] = [row.from, row.to].map((side) => new Set(side.map(identity)));
  const others = (side: readonly number[], ends: ReadonlySet<string | undefined>): readonly number[] => (ends.size === 1 && !ends.has(undefined) ? side.filter((number) => !ends.has(identity(number))) : side);
  return { ...row, from: others(row.from, to!), to: others(row.to, from!) };
}

function at<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}
