/** How far a question about a whole network has come. */
export interface InsightNotice {
  readonly code: 'insight.progress';
  readonly did: 'examined' | 'compared' | 'tested' | 'changed' | 'merged';
  readonly count: number;
  /** Of how many, where that is known. */
  readonly of?: number;
}
