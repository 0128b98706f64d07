import { existsSync } from 'node:fs';

/** What is compared with instead of the usual cluster: a file, where there is one of that name, or `-`; else a context. */
export function comparedWith(against: string | undefined): { readonly store?: string; readonly context?: string } {
  if (against === undefined) return {};
  return against === '-' || against.includes('/') || existsSync(against) ? { store: against } : { context: against };
}
