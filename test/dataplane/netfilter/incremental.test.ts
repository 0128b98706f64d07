import { expect } from 'chai';
import { describe, it } from 'mocha';
import { groupedBy } from '../../../src/base/grouped-by.js';
import { TABLES, type Netfilter } from '../../../src/dataplane/desired.js';
import type { Link, ObjectsByKind } from '../../../src/dataplane/input.js';
import { resolveSettings } from '../../../src/dataplane/settings/settings.js';
import type { StoredObject } from '../../../src/resources/kind.js';
import { HOSTS, randomNetwork } from '../../support/policy/random-network.js';
import { Random } from '../../support/policy/random.js';
import { plannedIds, plannedSets, plannerOf } from './recorded-tables.js';

const RUNS = 12;
const STEPS = 20;
const NODE = 'node-a';

const LINKS: readonly Link[] = Object.entries(HOSTS[NODE]!.interfaces).map(([name, addresses], at) => ({ name, index: at + 1, isUp: true, mtu: 1500, addresses: addresses.map((text) => `${text}/64`.replace(/^(\d.*)\/64$/, '$1/24')) }));

function keyOf({ kind, metadata: { name, namespace = '' } }: StoredObject): string {
  return `${kind} ${namespace} ${name}`;
}

function inKinds(objects: Iterable<StoredObject>): ObjectsByKind {
  return groupedBy(objects, ({ kind }) => kind);
}

/** All ids and members: what is equal in them is equal. */
function said(plan: Netfilter): unknown {
  return { tables: ([4, 6] as const).flatMap((family) => TABLES.map((table) => plannedIds(plan, family, table))), sets: plannedSets(plan) };
}

describe('a plan that rests on the one before', () => {
  const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);

  it(`is what a plan from scratch is, after every one of ${RUNS * STEPS} changes (SEED=${seed})`, () => {
    for (let at = seed; at < seed + RUNS; at++) {
      const random = new Random(at);
      const store = new Map(randomNetwork(random).map((object) => [keyOf(object), object]));
      const { settings } = resolveSettings(NODE, [], inKinds(store.values()));
      const planner = plannerOf(settings, LINKS);
      planner.plan(inKinds(store.values()), LINKS);
      for (let step = 0; step < STEPS; step++) {
        for (const object of random.some(randomNetwork(random).filter(({ kind }) => kind !== 'FelixConfiguration'), 3, 1)) store.set(keyOf(object), object);
        for (const key of random.some([...store.keys()].filter((each) => !each.startsWith('FelixConfiguration')), 2)) if (random.chance(0.5)) store.delete(key);
        const objects = inKinds(store.values());
        const links = random.chance(0.8) ? LINKS : LINKS.slice(0, 1);
        const [kept, fresh] = [planner.plan(objects, links), plannerOf(settings, links).plan(objects, links)];
        expect(said(kept), `SEED=${at}, step ${step}`).to.deep.equal(said(fresh));
      }
    }
  });

  it('has the identical tables, chains and sets for what did not change', () => {
    const random = new Random(7);
    const objects = randomNetwork(random);
    const { settings } = resolveSettings(NODE, [], inKinds(objects));
    const planner = plannerOf(settings, LINKS);
    const before = planner.plan(inKinds(objects), LINKS);
    const same = planner.plan(inKinds(objects), LINKS);
    expect(same.sets).to.equal(before.sets);
    for (const family of [4, 6] as const) for (const table of TABLES) expect(same.tables[family]![table]).to.equal(before.tables[family]![table]);
    const written = objects.map((object) => (object.kind.endsWith('NetworkPolicy') ? structuredClone(object) : object));
    const after = planner.plan(inKinds(written), LINKS);
    for (const family of [4, 6] as const) for (const table of TABLES) for (const [name, rules] of after.tables[family]![table].chains) expect(rules, name).to.equal(before.tables[family]![table].chains.get(name));
    for (const [name, set] of after.sets) expect(set, name).to.equal(before.sets.get(name));
  });
});
