/** After each page: how many resources of a selection were found. */
export interface GetNotice {
  readonly code: 'get.progress';
  readonly found: number;
}
