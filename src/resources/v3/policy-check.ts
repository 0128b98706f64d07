import type { AsRead } from '../fields/field.js';
import type { ReadObject } from '../kind.js';
import type { Path, Problems } from '../problem.js';
import { isUncertain } from '../uncertain.js';
import type { PolicyScope, PolicySpec } from './policy.js';
import type { ReadRule } from './rules.js';

const MOST_HTTP_ITEMS = 20;
const LONGEST_HTTP_PATH = 1024;

/** Rules over the whole spec of a policy, after its defaults (reference/storage 3.4, 3.5). */
export function checkPolicy({ spec }: ReadObject<PolicySpec>, problems: Problems, scope: PolicyScope): void {
  for (const direction of ['ingress', 'egress'] as const) {
    for (const [index, rule] of (spec[direction] ?? []).entries()) {
      const path = ['spec', direction, index];
      checkServices(rule, direction, scope, path, problems);
      checkHttp(rule, direction, path, problems);
    }
  }
  if (scope === 'global') checkForwarding(spec, problems);
}

/** Services choose the far end of a connection: the source of ingress, the destination of egress. */
function checkServices(rule: ReadRule, direction: 'ingress' | 'egress', scope: PolicyScope, path: Path, problems: Problems): void {
  const [far, near] = direction === 'ingress' ? (['source', 'destination'] as const) : (['destination', 'source'] as const);
  if (rule[near]?.services !== undefined) {
    problems.add('rule', [...path, near, 'services'], `services are not allowed in the ${near} of an ${direction} rule`, { hint: `put them into the ${far}` });
  }
  const services = rule[far]?.services;
  if (scope === 'global' && services !== undefined && services.namespace === undefined && !isUncertain(problems, [...path, far, 'services', 'namespace'])) {
    problems.add('rule', [...path, far, 'services'], 'services in a global policy need a namespace', { hint: 'add the namespace of the service' });
  }
}

function checkHttp(rule: ReadRule, direction: 'ingress' | 'egress', path: Path, problems: Problems): void {
  if (rule.http === undefined) return;
  const at = [...path, 'http'];
  if (direction === 'egress') problems.add('rule', at, 'http is not allowed in an egress rule');
  for (const name of ['methods', 'paths'] as const) {
    const count = rule.http[name]?.length ?? 0;
    if (count > MOST_HTTP_ITEMS) problems.add('value', [...at, name], `at most ${MOST_HTTP_ITEMS} ${name} are allowed, not ${count}`);
  }
  for (const [index, { exact, prefix }] of (rule.http.paths ?? []).entries()) {
    const length = (exact ?? prefix ?? '').length;
    if (length > LONGEST_HTTP_PATH) problems.add('value', [...at, 'paths', index], `a path has at most ${LONGEST_HTTP_PATH} characters, this one has ${length}`);
  }
}

function checkForwarding(spec: AsRead<PolicySpec>, problems: Problems): void {
  const { doNotTrack, preDNAT, applyOnForward, egress, types } = spec;
  if (doNotTrack && preDNAT) problems.add('rule', ['spec', 'preDNAT'], 'preDNAT and doNotTrack cannot both be true');
  if ((doNotTrack || preDNAT) && !applyOnForward && !isUncertain(problems, ['spec', 'applyOnForward'])) {
    const name = preDNAT ? 'preDNAT' : 'doNotTrack';
    problems.add('rule', ['spec', name], `${name} needs applyOnForward`, { hint: 'add applyOnForward: true' });
  }
  if (!preDNAT) return;
  if (egress !== undefined) problems.add('rule', ['spec', 'egress'], 'a preDNAT policy cannot have egress rules');
  else if (types?.includes('Egress')) problems.add('rule', ['spec', 'types'], 'a preDNAT policy cannot have the type Egress');
}
