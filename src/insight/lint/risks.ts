import { groupedBy } from '../../base/grouped-by.js';
import { readTarget } from '../../changes/read-document.js';
import type { Model } from '../../policy/model.js';
import type { Policy, Profile } from '../../policy/policy.js';
import type { StoredObject } from '../../resources/kind.js';
import { Problems, type Problem } from '../../resources/problem.js';
import { API_VERSION } from '../../resources/v3/document.js';
import type { Finding } from './finding.js';

const CODE = 'breaks-felix';
const KINDS: readonly string[] = ['GlobalNetworkPolicy', 'NetworkPolicy', 'Profile', 'FelixConfiguration'];

/** What Felix or the kernel of its host cannot live with, as the check of manifests knows it (reference/node 12). */
export function riskFindings({ parts: { policies, profiles } }: Model, resources: readonly StoredObject[]): readonly Finding[] {
  const owners = new Map<StoredObject | undefined, Policy | Profile>([...policies.policies, ...profiles.values()].map((owner) => [owner.object, owner]));
  return resources.filter(({ kind }) => KINDS.includes(kind)).flatMap((at) => {
    const risks = groupedBy(risksOf(at), ({ message }) => message);
    return [...risks].map(([message, problems]): Finding => ({ code: CODE, at, rules: problems.flatMap((problem) => ruleAt(owners.get(at), problem)), message, hint: problems[0]!.hint ?? '' }));
  });
}

function risksOf({ kind, metadata, spec }: StoredObject): readonly Problem[] {
  const problems = new Problems();
  readTarget({ apiVersion: API_VERSION, kind, raw: { apiVersion: API_VERSION, kind, metadata, spec } }, problems, { verb: 'validate', uuid: () => '' });
  return problems.list.filter(({ code }) => code === CODE);
}

function ruleAt(owner: Policy | Profile | undefined, { path: [, direction, index] }: Problem): ReturnType<Policy['rules']> {
  if (owner === undefined || (direction !== 'ingress' && direction !== 'egress')) return [];
  return owner.rules(direction).slice(Number(index), Number(index) + 1);
}
