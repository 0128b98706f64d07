import { DatastoreError } from '../base/errors.js';
import type { FoundSettings } from './keys.js';

/** The variable that turns the journal on or off, whatever else says how etcd is reached. */
export const JOURNAL_VARIABLE = 'CALICOCTL_JOURNAL';

/** Whether changes are written into the journal: as the variable says, else as the settings do, else not. Throws DatastoreError, stage `configuration`. */
export function journalOf(found: FoundSettings, env: Readonly<Record<string, string | undefined>> = {}): boolean {
  const variable = env[JOURNAL_VARIABLE] ?? '';
  const setting = variable.trim() === '' ? found.journal : { text: variable, origin: JOURNAL_VARIABLE };
  if (setting === undefined) return false;
  switch (setting.text.trim().toLowerCase()) {
    case 'true':
    case 'on':
      return true;
    case 'false':
    case 'off':
      return false;
    default:
      throw new DatastoreError('configuration', `${setting.origin} is ${JSON.stringify(setting.text)}`, 'write on (true) or off (false)');
  }
}
