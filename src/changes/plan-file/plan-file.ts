import { createHash } from 'node:crypto';
import { isMap, type Data } from '../../base/data.js';
import { isRevision, type Operation } from '../../datastore/store.js';
import { goJsonIndented } from '../../go/indented-json.js';
import type { Step } from '../step.js';
import { isSoundStep } from './sound-step.js';

/** What becomes of one resource. */
export interface PlannedStep {
  /** Kind and identity, in the words of the manifest. */
  readonly resource: { readonly apiVersion: string; readonly kind: string; readonly metadata: Data };
  readonly result: Step['result'];
  readonly key: string;
  /** The name of what is deleted, which its key need not say. */
  readonly stored?: { readonly name: string; readonly namespace?: string };
  /** What is written, with the revision that each key must still have; absent where nothing is, and for what is deleted. */
  readonly operations?: readonly Operation[];
}

/** What apply is to do, decided and written down. It holds what is to be stored, and nothing of how the store is reached. */
export interface PlanFile {
  readonly format: 'calicoctl plan';
  readonly version: 1;
  /** RFC 3339. */
  readonly created: string;
  /** The clusterGUID; null where the store had none yet. */
  readonly cluster: string | null;
  /** As of which it was decided. */
  readonly revision: string;
  readonly steps: readonly PlannedStep[];
  /** Keys that it rests on, with the revisions that they had; "0" where there was nothing. */
  readonly restsOn: Readonly<Record<string, string>>;
  /** Prefixes below which there was no other key than those above. */
  readonly complete: readonly string[];
}

/** The text of a plan file: JSON, with a digest of the rest at its end. */
export function planText(plan: PlanFile): string {
  const text = goJsonIndented({ ...plan, digest: '' });
  return `${text.replace(/"digest": ""\n\}$/, `"digest": "${digestOf(text)}"\n}`)}\n`;
}

/** Reads a plan file; for text that is none, or was changed after it was written, the reason. */
export function parsePlan(text: string): PlanFile | { readonly problem: string } {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return { problem: 'it is no JSON' };
  }
  if (!isMap(raw) || raw['format'] !== 'calicoctl plan') return { problem: 'it was not written by apply --plan-out' };
  if (raw['version'] !== 1) return { problem: 'a newer calicoctl wrote it' };
  const { digest, ...plan } = raw;
  if (digest !== digestOf(goJsonIndented({ ...plan, digest: '' }))) return { problem: 'it was changed after it was written' };
  return isPlan(plan) ? plan : { problem: 'it says what apply could not have decided' };
}

function digestOf(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

function isPlan(plan: Data): plan is Data & PlanFile {
  const { cluster, revision, steps, restsOn, complete } = plan;
  if (!(cluster === null || typeof cluster === 'string') || !Array.isArray(steps) || !Array.isArray(complete) || !isMap(restsOn)) return false;
  if (!isRevision(revision) || !Object.values(restsOn).every(isRevision) || !complete.every((prefix) => typeof prefix === 'string')) return false;
  return new Set(steps.map((step: unknown) => isMap(step) && step['key'])).size === steps.length && steps.every((step) => isSoundStep(step, restsOn));
}
