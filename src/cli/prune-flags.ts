import { Flags } from '@oclif/core';
import { InvalidRequest } from '../base/errors.js';
import { pruneScope, type PruneScope } from '../changes/prune/scope.js';
import type { Target } from '../objects/target.js';
import type { Dialect } from '../resources/kind.js';
import { filterOf } from './filter.js';
import { kindOf } from './named.js';

/** What of the store is compared with the files. */
export const pruneFlags = {
  prune: Flags.boolean({ description: 'what is stored and in no file goes: within the kinds and namespaces of the files', helpGroup: 'PRUNE' }),
  'prune-kind': Flags.string({ helpValue: 'KIND', description: 'kind of which something may go, in place of those in the files', multiple: true, multipleNonGreedy: true, helpGroup: 'PRUNE' }),
  selector: Flags.string({ helpValue: 'SELECTOR', description: 'only what this selector matches may go; also -l, unless the value is a log level', helpGroup: 'PRUNE' }),
  'prune-namespace': Flags.string({ helpValue: 'NAMESPACE', description: 'namespace in which something may go, in place of those in the files', multiple: true, multipleNonGreedy: true, helpGroup: 'PRUNE' }),
};

/** What the flags above come to. */
export interface PruneFlags {
  readonly prune: boolean;
  readonly 'prune-kind'?: readonly string[] | undefined;
  readonly 'prune-namespace'?: readonly string[] | undefined;
  readonly selector?: string | undefined;
}

/** What is to be pruned; undefined where nothing is. Throws InvalidRequest for flags without --prune, and for unknown kinds. */
export async function pruneScopeOf(targets: readonly Target[], flags: PruneFlags, dialect: Dialect): Promise<PruneScope | undefined> {
  const { prune, 'prune-kind': words, 'prune-namespace': namespaces } = flags;
  if (prune) return pruneScope(targets, { kinds: words?.map((word) => kindOf(word, dialect)), namespaces, filter: await filterOf(flags, dialect, []) });
  const alone = (['prune-kind', 'prune-namespace', 'selector'] as const).find((flag) => flags[flag] !== undefined);
  if (alone !== undefined) throw new InvalidRequest(`--${alone} says what --prune deletes, and there is no --prune`);
  return undefined;
}

/** What to know of kinds in the files of which nothing goes. */
export function leftOutHints({ leftOut }: PruneScope): readonly string[] {
  return leftOut.map(({ kind }) => `nothing of kind ${kind} is pruned unless it is named: --prune-kind ${kind}`);
}
