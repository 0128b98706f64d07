import { NAME_SCHEMAS, subdomainProblem } from './names.js';

/** Names of policies made from Kubernetes and OpenStack begin so; any number of dots may follow. */
const FOREIGN = /^(knp|ossg)\./;
const RESERVED = /^(knp|ossg)\.default\../;

const PART = NAME_SCHEMAS.dnsLabel.pattern.slice(1, -1);
const ONE_DOT = `${PART}(\\.${PART})?`;

/** What JSON Schema can say of these names. */
export const POLICY_NAME_SCHEMAS = {
  global: { pattern: `^${ONE_DOT}$`, maxLength: 253 },
  namespaced: { pattern: `^(${ONE_DOT}|(knp|ossg)\\.default(\\.${PART})+)$`, maxLength: 253 },
} as const;

/** What is wrong with the name of a global policy, or undefined: it has at most one dot (reference/storage 1.4). */
export function globalPolicyNameProblem(name: string): string | undefined {
  const problem = subdomainProblem(name);
  if (problem !== undefined || name.split('.').length <= 2) return problem;
  return `"${name}" is not the name of a policy: one dot at most is allowed, after the name of a tier`;
}

/** What is wrong with the name of a policy of a namespace, or undefined: as for global ones, or `knp.default.` and any name. */
export function policyNameProblem(name: string): string | undefined {
  return RESERVED.test(name) ? subdomainProblem(name) : globalPolicyNameProblem(name);
}

/** Whether a policy of a namespace was made of one of Kubernetes, which alone may change it (reference/storage 2.5). */
export function isKubernetesPolicyName(name: string): boolean {
  return name.startsWith('knp.default.');
}

/** The names under which Calico before 3.30 stored a policy of the default tier (reference/storage 1.5). */
export function legacyPolicyNames(name: string): readonly string[] {
  return FOREIGN.test(name) ? [] : [`default.${name}`];
}
