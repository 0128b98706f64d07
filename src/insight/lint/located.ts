import type { Target } from '../../objects/target.js';
import type { StoredObject } from '../../resources/kind.js';
import type { Finding } from './finding.js';

/** Where a finding stands in a file. */
export interface FilePlace {
  readonly file: string;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
}

/** A finding with its place in a manifest, where the resource came from one. */
export type LocatedFinding = Finding & { readonly place?: FilePlace };

/** Puts findings in order, those of manifests first, as their documents come; each resource's by its rules. */
export function located(findings: readonly Finding[], targets: readonly Target[]): readonly LocatedFinding[] {
  const places = new Map(targets.map((target, at) => [keyOf(target.object), { target, at }]));
  const order = (object: StoredObject): number => places.get(keyOf(object))?.at ?? Infinity;
  const sorted = [...findings].sort((left, right) => ascending(order(left.at), order(right.at)) || ascending(keyOf(left.at), keyOf(right.at)) || ascending(ruleOrder(left), ruleOrder(right)));
  return sorted.map((finding) => {
    const place = placeOf(finding, places.get(keyOf(finding.at))?.target);
    return place === undefined ? finding : { ...finding, place };
  });
}

function placeOf({ rules: [rule] = [] }: Finding, target: Target | undefined): FilePlace | undefined {
  const path = rule === undefined ? [] : ['spec', rule.direction, rule.index];
  const found = target?.locate?.({ code: '', severity: 'warning', path, message: '' });
  return found === undefined ? undefined : { file: found.file, line: found.line, column: found.column };
}

/** Findings about a whole resource come before those about its rules. */
function ruleOrder({ rules: [rule] = [] }: Finding): number {
  return rule === undefined ? -1 : (rule.direction === 'ingress' ? 0 : 1e9) + rule.index;
}

function keyOf({ kind, metadata: { name, namespace = '' } }: StoredObject): string {
  return `${kind}/${namespace}/${name}`;
}

function ascending<T extends number | string>(left: T, right: T): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
