import { changedEntry, type Changed } from '../objects/changed.js';
import { decodeStored, isCorrupt } from '../resources/stored-value.js';
import { WriteStep, type Step } from './step.js';

/** What a step changes, in the words of its manifest's dialect. */
export function changedBy(step: Step): Changed {
  const put = step.operations.find(({ action }) => action === 'put');
  if (!(step instanceof WriteStep) || put?.action !== 'put') return { differences: [] };
  const { target: { kind, stored }, replaces } = step;
  // Read back, so that both sides have the form of what is read.
  const after = { ...put, modRevision: '0' };
  if (isCorrupt(decodeStored(stored, after))) return { differences: [] };
  return changedEntry(kind, replaces === undefined || isCorrupt(decodeStored(stored, replaces)) ? undefined : replaces, after);
}
