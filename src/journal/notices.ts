/** What the journal says while something is written. */
export type JournalNotice =
  /** The user of etcd may not write there: the change was made all the same. */
  | { readonly code: 'journal.denied' }
  /** A record could not be written: the change was made all the same. */
  | { readonly code: 'journal.left-out'; readonly revision: string; readonly reason: string }
  /** The values before a change are more than a record holds. */
  | { readonly code: 'journal.values-omitted'; readonly keys: number }
  /** The oldest records went, since the journal had become too large. */
  | { readonly code: 'journal.pruned'; readonly records: number; readonly until: string };
