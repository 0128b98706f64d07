/** What the making of a lab says while it goes on. */
export type LabNotice =
  /** What is being done now, of so many steps. */
  | { readonly code: 'lab.step'; readonly doing: 'network' | 'store' | 'hosts' | 'nodes' | 'workloads' | 'ready'; readonly step: number; readonly of: number }
  /** Workloads that the store has and that are not there, since the lab has no host for them. */
  | { readonly code: 'lab.without-host'; readonly workloads: number; readonly nodes: readonly string[] };
