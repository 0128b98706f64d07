import { existsSync } from 'node:fs';

/** What files are called that --store takes, and contexts are not. */
const FILE_NAME = /\.(json|ya?ml|backup|bak|gz)$/i;

/** What is compared with instead of the usual cluster: a file, where there is one of that name or it is called like one, or `-`; else a context. */
export function comparedWith(against: string | undefined): { readonly store?: string; readonly context?: string } {
  if (against === undefined) return {};
  return against === '-' || against.includes('/') || FILE_NAME.test(against) || existsSync(against) ? { store: against } : { context: against };
}
