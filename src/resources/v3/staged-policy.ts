import { field, type Of } from '../fields/field.js';
import { objectOf } from '../fields/object.js';
import { oneOf } from '../fields/scalars.js';
import type { ReadObject, StoredKind, StoredObject } from '../kind.js';
import type { Problems } from '../problem.js';
import { isWrong } from '../uncertain.js';
import { fillInPolicy, GLOBAL_POLICY_SCHEMA, policyFields, type PolicyScope } from './policy.js';
import { checkPolicy } from './policy-check.js';

/** What is to become of a policy once it is enforced, before the other fields (reference/storage 3.6). */
export const stagedAction = field('stagedAction', oneOf('a staged action', ['Set', 'Delete', 'Learn', 'Ignore']));

/** What Calico writes where no action is given. */
export const DEFAULT_STAGED_ACTION = 'Set';

/** The spec of a staged policy: that of the enforced one, after the action. */
export function stagedPolicySpec(kind: string, scope: PolicyScope) {
  return objectOf(`the spec of a ${kind}`, [stagedAction, ...policyFields(scope)], scope === 'global' ? { json: GLOBAL_POLICY_SCHEMA } : {});
}

/** The spec of a staged policy. */
export type StagedPolicySpec = Of<ReturnType<typeof stagedPolicySpec>>;

/** What every staged policy says. */
type Staged = Pick<StagedPolicySpec, 'stagedAction'>;

/** The defaults of staged policies: those of enforced ones and the action; the deletion of a policy has no types (reference/storage 2.3). */
export function fillInStagedPolicy(kind: StoredKind<StagedPolicySpec>, object: StoredObject<StagedPolicySpec>): void {
  object.spec = { stagedAction: DEFAULT_STAGED_ACTION, ...object.spec };
  fillInPolicy(kind, object);
  if (isDeletion(object)) delete object.spec.types;
}

/** Rules over the whole spec of a staged policy: a deletion says nothing else, anything else is a policy (reference/storage 3.6). */
export function checkStagedPolicy(object: ReadObject<StagedPolicySpec>, problems: Problems, scope: PolicyScope): void {
  if (isDeletion(object)) checkDeletion(object, problems, ['tier']);
  else if (!isWrong(problems, ['spec', 'stagedAction'])) checkPolicy(object, problems, scope);
}

/** Whether a staged policy stands for the deletion of the enforced one. */
export function isDeletion({ spec }: StoredObject<Staged>): boolean {
  return spec.stagedAction === 'Delete';
}

/** Reports every field that the deletion of a policy does not have. */
export function checkDeletion(object: StoredObject<Staged>, problems: Problems, allowed: readonly string[]): void {
  for (const name of Object.keys(object.spec)) {
    if (name === stagedAction.name || allowed.includes(name)) continue;
    problems.add('rule', ['spec', name], `${name} cannot be given with the stagedAction Delete, which only names the policy to delete`, { hint: `remove ${name}` });
  }
}
