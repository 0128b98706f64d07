import type { Pace } from '../base/pace.js';
import { prefixOf } from '../resources/keys.js';
import { STORED_KINDS } from '../resources/registry.js';
import { decodeStored, isCorrupt } from '../resources/stored-value.js';
import { tier } from '../resources/v3/tier.js';
import type { Affected } from './effects/draft.js';
import type { Refused } from './plan.js';
import type { Step } from './step.js';
import { v3Identity, type Target } from '../objects/target.js';
import type { Needs, World } from './world.js';

/** Kinds that belong to a tier. */
const TIERED = STORED_KINDS.filter((kind) => kind.spec.fields.some((field) => field.name === 'tier'));

/** Asks for all that has to be known where tiers are to be deleted. */
export function tierNeeds(targets: readonly Target[], needs: Needs): void {
  if (targets.some((target) => target.stored === tier)) for (const kind of TIERED) needs.prefix(prefixOf(kind));
}

/** A tier goes only with all of its policies: those that stay, since nobody named them or they may not go, keep it. Returns the steps that cannot be. */
export async function tiersInUse(steps: readonly Step[], world: World, pace: Pace): Promise<ReadonlyMap<Step, Refused>> {
  const kept = new Map<Step, Refused>();
  const tiers = steps.filter(({ target }) => target.stored === tier);
  if (tiers.length === 0) return kept;
  const staying = await policiesByTier(world, new Set(steps.map(({ key }) => key)), pace);
  for (const step of tiers) {
    const policies = staying.get(step.target.object.metadata.name);
    if (policies !== undefined) kept.set(step, { target: step.target, reason: 'precondition', message: notEmptyText(step.target, policies), keptBy: policies });
  }
  return kept;
}

/** The readable policies of each tier, but for those that go. */
async function policiesByTier(world: World, going: ReadonlySet<string>, pace: Pace): Promise<ReadonlyMap<unknown, readonly Affected[]>> {
  const found = new Map<unknown, Affected[]>();
  for (const kind of TIERED) {
    await pace.each(world.below(prefixOf(kind)), (entry) => {
      const policy = going.has(entry.key) ? undefined : decodeStored(kind, entry);
      if (policy === undefined || isCorrupt(policy)) return;
      const { metadata: { name, namespace }, spec: { tier } } = policy;
      const staying: Affected = { kind, name, namespace };
      const others = found.get(tier);
      if (others === undefined) found.set(tier, [staying]);
      else others.push(staying);
    });
  }
  return found;
}

/** Names in a sentence. */
const MOST_NAMED = 5;

function notEmptyText(target: Target, policies: readonly Affected[]): string {
  const named = policies.slice(0, MOST_NAMED).map(({ kind, name, namespace }) => v3Identity(kind, name, namespace));
  const more = policies.length - MOST_NAMED;
  return `tier ${target.object.metadata.name} is not empty: delete or move its policies first: ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
