import { ExitCode } from '../exit-codes.js';
import type { Refused } from './plan.js';
import type { Target } from './target.js';

const PAST: Readonly<Record<string, string>> = { create: 'created', apply: 'applied', replace: 'replaced', delete: 'deleted', validate: 'validated' };

/** `Successfully created 3 'policy' resource(s)`, word for word as the peer says it (v1-resources.md 3.7). */
export function successLine(verb: string, targets: readonly Target[]): string {
  return `Successfully ${pastOf(verb)} ${targets.length}${kindWord(targets)} resource(s)`;
}

/** `created` for `create`. */
export function pastOf(verb: string): string {
  return PAST[verb] ?? verb;
}

function kindWord(targets: readonly Target[]): string {
  const kinds = new Set(targets.map((target) => target.kind.kind));
  return kinds.size === 1 ? ` '${[...kinds][0] as string}'` : '';
}

/** One line for each resource that could not be written, with the place of its document. */
export function refusalLines(verb: string, refused: readonly Refused[]): readonly string[] {
  return refused.map(({ target, message }) => failureLine(verb, target, message));
}

/** `Failed to create 'policy' resource: resource already exists: Policy(name=a) (policies.yaml:12)` */
export function failureLine(verb: string, target: Target, message: string): string {
  return `Failed to ${verb} '${target.kind.kind}' resource: ${message}${target.place === undefined ? '' : ` (${target.place})`}`;
}

/** The exit code of refusals: the world is not as assumed, or nobody may do this. */
export function refusalExitCode(refused: readonly Refused[]): ExitCode {
  return refused.every((each) => each.reason === 'forbidden') ? ExitCode.failed : ExitCode.conflict;
}
