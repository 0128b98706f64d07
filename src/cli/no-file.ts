import { InvalidRequest } from '../base/errors.js';

/** Refuses --store where the journal is asked for. Throws InvalidRequest. */
export function refuseFile(store: string | undefined): void {
  if (store !== undefined) throw new InvalidRequest('--store: a file does not hold the journal', 'leave it out');
}
