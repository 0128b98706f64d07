import { basename } from 'node:path';
import type { Fate, FileChange } from '../../../cni/install/changes.js';
import type { InstallOutcome } from '../../../cni/install/install.js';
import type { InstallPlan } from '../../../cni/install/plan.js';
import { safe } from '../../../text/safe.js';

/** What became of a file, and what would. */
const WORDS: Readonly<Record<Fate, readonly [done: string, would: string]>> = {
  write: ['written', 'write'], replace: ['replaced', 'replace'], keep: ['unchanged', 'keep'], 'set aside': ['written', 'write'], remove: ['removed', 'remove'], leave: ['left', 'leave'],
};

/** A line for each file; with `changed` only for those that are not as they were. */
export function changeLines(changes: readonly FileChange[], dryRun: boolean, changed = false): readonly string[] {
  const shown = changes.filter(({ fate }) => !changed || (fate !== 'keep' && fate !== 'leave'));
  const width = Math.max(...shown.map(({ fate }) => WORDS[fate][dryRun ? 1 : 0].length));
  return shown.map((change) => safe(`${WORDS[change.fate][dryRun ? 1 : 0].padEnd(width)}  ${change.path}${remark(change, dryRun)}`));
}

function remark({ fate, setAside }: FileChange, dryRun: boolean): string {
  if (fate === 'leave') return ' (somebody changed it since it was installed)';
  return setAside === undefined ? '' : ` (what was there ${dryRun ? 'becomes' : 'is now'} ${basename(setAside)})`;
}

/** The config as it is written, with nothing that is secret. */
export function configLines({ config }: InstallPlan, secrets: readonly (string | undefined)[]): readonly string[] {
  const hide = (text: string): string => secrets.reduce<string>((hidden, secret = '') => (secret === '' ? hidden : hidden.replaceAll(secret, '********')), text);
  const hidden = JSON.stringify(config.json, (_key, value: unknown) => (typeof value === 'string' ? hide(value) : value), 2);
  return ['', `${config.path}:`, ...hidden.split('\n')].map(safe);
}

/** What may not be as it is meant. */
export function remarkLines({ remarks }: Pick<InstallPlan, 'remarks'>, { before }: Pick<InstallOutcome, 'before'>): readonly string[] {
  const first = before.length === 0 ? [] : [`a container runtime takes ${before.join(', ')} before this network: it uses the first config by its name`];
  return [...remarks, ...first].map(safe);
}

/** What was there before, and comes not back by itself. */
export function removalLines(setAside: readonly string[]): readonly string[] {
  return setAside.map((path) => safe(`kept     ${path}: what was there before`));
}
