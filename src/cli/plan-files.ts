import { Flags } from '@oclif/core';
import { CalicoError, InvalidRequest } from '../base/errors.js';
import { parsePlan, planText, type PlanFile } from '../changes/plan-file/plan-file.js';

/** Deciding now, and writing later. */
export const planFlags = {
  'plan-out': Flags.string({ helpValue: 'FILE', description: 'write nothing to the datastore, but to this new file what would be done and on which revisions it rests', helpGroup: 'PLAN' }),
  plan: Flags.string({ helpValue: 'FILE', description: 'do exactly what this file says, or nothing where the cluster is not as it was', helpGroup: 'PLAN', exclusive: ['filename', 'plan-out', 'prune'] }),
};

const OWNER_ONLY = 0o600;

/** Writes a plan into a file that is not there yet, which only its owner may read. Throws CalicoError. */
export async function writePlan(path: string, plan: PlanFile): Promise<void> {
  if (path === '') throw new InvalidRequest('--plan-out is empty', 'name a file');
  const { writeFile } = await import('node:fs/promises');
  try {
    await writeFile(path, planText(plan), { flag: 'wx', mode: OWNER_ONLY, flush: true });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw new CalicoError('exists', `${path} exists already: a plan is written into a new file`, { hint: 'choose another name, or remove it' });
    throw new CalicoError('failed', `the plan cannot be written: ${message}`);
  }
}

/** Reads a plan. Throws CalicoError where there is none that can be believed. */
export async function readPlan(path: string, readText: (path: string) => Promise<string>): Promise<PlanFile> {
  const plan = parsePlan(await readText(path));
  if ('problem' in plan) throw new CalicoError('invalid-document', `${path} is no plan that can be carried out: ${plan.problem}`, { hint: 'make a new one: apply -f ... --plan-out FILE' });
  return plan;
}
