/** How many keys were read, compared or written so far, of how many where that is known. */
export interface BackupNotice {
  readonly code: 'backup.progress';
  readonly did: 'read' | 'compared' | 'written';
  readonly count: number;
  readonly of?: number;
}
