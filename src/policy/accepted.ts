import { isMap, type Data } from '../base/data.js';
import type { StoredObject } from '../resources/kind.js';
import { Problems } from '../resources/problem.js';
import { readStoredDocument } from '../resources/v3/document.js';
import { profile } from '../resources/v3/profile.js';
import { selectorFailure } from '../selector/problem.js';

/** Whether Felix sees the labels of a stored profile: not where Calico's clients would refuse it today (reference/policy 1). */
export function givesLabels(object: StoredObject): boolean {
  const problems = new Problems();
  return readStoredDocument(profile, structuredClone(object), problems, undefined, new Problems()) !== undefined && !problems.failed;
}

/** Whether Felix takes a stored policy or profile at all: not where a selector in it cannot be read (reference/policy 2). */
export function hasReadableSelectors({ spec }: StoredObject): boolean {
  if (![spec['selector'], spec['namespaceSelector'], spec['serviceAccountSelector']].every(isReadable)) return false;
  return [spec['ingress'], spec['egress']].flatMap((rules) => (Array.isArray(rules) ? rules.filter(isMap) : [])).every(({ source, destination }) => [source, destination].filter(isMap).every(isReadableSide));
}

/** The actions in the rules of a stored policy that there are not; such a rule matches nothing (reference/policy 5). */
export function unknownActions({ spec }: StoredObject): readonly string[] {
  return [spec['ingress'], spec['egress']].flatMap((rules) => (Array.isArray(rules) ? rules.filter(isMap) : [])).flatMap(({ action }) => (typeof action === 'string' && !isAction(action) ? [action] : []));
}

const ACTIONS: ReadonlySet<string> = new Set(['', 'allow', 'deny', 'log', 'pass', 'next-tier']);

/** Whether a stored word is an action; older releases called Pass next-tier, and no word allows. */
export function isAction(word: string): boolean {
  return ACTIONS.has(word.toLowerCase());
}

function isReadableSide({ selector, notSelector, namespaceSelector, serviceAccounts }: Data): boolean {
  return [selector, notSelector, namespaceSelector, isMap(serviceAccounts) ? serviceAccounts['selector'] : undefined].every(isReadable);
}

function isReadable(selector: unknown): boolean {
  if (selector === undefined || selector === null || selector === '') return true;
  return typeof selector === 'string' && selectorFailure(selector, 'v3') === undefined;
}
