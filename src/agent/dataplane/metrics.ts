/** What is counted while tables and sets are applied; names are those of Felix without `felix_`. */
export interface ApplyMetrics {
  count(name: string, by?: number): void;
}

/** For who does not count. */
export const NO_METRICS: ApplyMetrics = { count: () => undefined };
