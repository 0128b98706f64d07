import type { Step, Verdict } from '../../../policy/evaluate.js';

/** A verdict as data (docs/policy.md). Rules are counted from 0. */
export function verdictData({ verdict, by, steps }: Verdict): object {
  return { verdict, by, ...(steps.length > 0 && { steps: steps.map(stepData) }) };
}

/** One question as data. */
export function stepData({ hook, dir, ep, node, do: done, by, visits, trace }: Step): object {
  return {
    hook,
    ...(dir !== undefined && { dir }),
    ...(ep !== undefined && { ep }),
    ...(node !== undefined && { node }),
    do: done,
    by,
    ...(dir !== undefined && { visited: visits.length }),
    ...(trace !== undefined && { trace }),
    ...(visits.length > 0 && { visits: visits.map(({ rule }) => rule.id) }),
  };
}
