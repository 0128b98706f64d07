import { DatastoreError } from '../base/errors.js';
import type { FoundSetting, FoundSettings } from './keys.js';

type Env = Readonly<Record<string, string | undefined>>;

/** Whether changes are looked at before they are written: as CALICOCTL_GUARD says, else as the settings do, else they are. Throws DatastoreError, stage `configuration`. */
export function isGuarded(found: FoundSettings, env: Env = {}): boolean {
  return switchOf(found.guard, 'CALICOCTL_GUARD', env, true);
}

/** Whether changes are written into the journal: as CALICOCTL_JOURNAL says, else as the settings do, else not. Throws DatastoreError, stage `configuration`. */
export function isJournaled(found: FoundSettings, env: Env = {}): boolean {
  return switchOf(found.journal, 'CALICOCTL_JOURNAL', env, false);
}

/** What a setting turns on or off: as the variable says, else as the settings do. */
function switchOf(found: FoundSetting | undefined, variable: string, env: Env, byDefault: boolean): boolean {
  const said = env[variable] ?? '';
  const setting = said.trim() === '' ? found : { text: said, origin: variable };
  if (setting === undefined) return byDefault;
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
