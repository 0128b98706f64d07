import type { Store } from '../../datastore/store.js';
import type { Target } from '../../objects/target.js';
import { prefixOf } from '../../resources/keys.js';
import { kindOfDocument } from '../../resources/registry.js';
import { ipPool } from '../../resources/v3/ip-pool.js';
import { timestamp, type Sources } from '../initialize.js';
import type { Pruned } from '../prune/apply.js';
import type { Step } from '../step.js';
import { clusterOf, revisionsOf } from './present.js';
import type { PlanFile, PlannedStep } from './plan-file.js';

/**
 * Writes down what a dry run of apply came to, and what that rests on: each key it is about, what these refer to, and all
 * pools where pools are written, since they must not overlap.
 */
export async function planFileOf(store: Store, { write, deletion, found = [] }: Pruned, sources: Sources): Promise<PlanFile> {
  const { plan, revision } = write;
  const restsOn = new Map<string, string>();
  const steps: PlannedStep[] = [];
  const unchanged: string[] = [];
  for (const step of plan.steps) {
    for (const { key, expect } of [...step.operations, ...step.reliesOn]) restsOn.set(key, expect);
    if (step.operations.length === 0) unchanged.push(step.key);
    steps.push(plannedStep(step));
  }
  const leaving = new Set(deletion?.deleted);
  for (const { target, entry: { key, modRevision } } of found) {
    if (!leaving.has(target)) continue;
    const { name, namespace } = target.object.metadata;
    restsOn.set(key, modRevision);
    steps.push({ resource: resourceOf(target), result: 'deleted', key, stored: { name, ...(namespace === undefined ? {} : { namespace }) } });
  }
  const complete = plan.steps.some(({ target, operations }) => target.stored === ipPool && operations.length > 0) ? [prefixOf(ipPool)] : [];
  for (const [key, at] of await revisionsOf(store, unchanged, complete, revision)) restsOn.set(key, at);
  return { format: 'calicoctl plan', version: 1, created: timestamp(sources.now()), cluster: await clusterOf(store, revision), revision, steps, restsOn: Object.fromEntries(restsOn), complete };
}

function plannedStep({ target, result, key, operations, reliesOn }: Step): PlannedStep {
  return { resource: resourceOf(target), result, key, ...(operations.length === 0 ? {} : { operations: [...operations, ...reliesOn] }) };
}

/** What identifies a resource, in the words of its manifest. */
function resourceOf({ document: { apiVersion, kind, metadata } }: Target): PlannedStep['resource'] {
  const found = kindOfDocument(apiVersion, kind);
  const fields = found?.dialect === 'v1' ? found.identity : ['namespace', 'name'];
  const all: Readonly<Record<string, unknown>> = metadata;
  return { apiVersion, kind, metadata: Object.fromEntries(fields.filter((field) => all[field] !== undefined).map((field) => [field, all[field]])) };
}
