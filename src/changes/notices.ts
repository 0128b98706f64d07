/** What changes to many resources say. */
export type ChangeNotice =
  /** Before the first of several transactions: how many resources they hold. */
  | { readonly code: 'changes.transactions'; readonly transactions: number; readonly resources: number }
  /** After each transaction: of so many resources so many are written or deleted. */
  | { readonly code: 'changes.progress'; readonly did: 'written' | 'deleted'; readonly count: number; readonly of: number };
