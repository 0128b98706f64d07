import { nameOfKey } from '../../../backup/key-name.js';
import { plannedKeys, type PlannedKey, type RestorePlan } from '../../../backup/plan.js';
import { goJsonIndented } from '../../../go/indented-json.js';
import { clusterFacts } from '../../../ipam/cluster/facts.js';
import { safe } from '../../../text/safe.js';
import { done, type CommandReport } from '../report.js';

/** Names of keys that are shown for each of created, changed and deleted. */
const SHOWN = 20;

/** How a restore ended, or that it was only tried. */
export type RestoreEnding = 'dry-run' | 'restored' | 'nothing-to-do';

/** What the difference is between file and datastore, and what somebody should know before it is written. */
export function differenceText(plan: RestorePlan): string {
  const { file: { name, header, end }, difference: { same, leased } } = plan;
  const keys = plannedKeys(plan);
  const lines = [
    `${name}: ${end.keys} keys at revision ${header.revision}, made ${header.made}`,
    ...remarks(plan),
    `${counts(keys).map(([action, count]) => `${count} to be ${action}`).join(', ')}, ${same} the same${leased === 0 ? '' : `, ${leased} bound to a lease and left alone`}.`,
    ...counts(keys).flatMap(([action]) => namesOf(keys.filter((each) => each.action === action))),
  ];
  return lines.map(safe).join('\n');
}

/** What a restore came to. */
export function restoreReport(plan: RestorePlan, ending: RestoreEnding, format: string | undefined): CommandReport {
  if (format === 'json') return done(`${goJsonIndented(data(plan, ending))}\n`);
  if (ending === 'dry-run') return done(`${differenceText(plan)}\nNothing was written (dry run).\n`);
  const { file: { name }, difference: { puts, same, cluster: { inFile } } } = plan;
  const total = puts.length + same + (inFile !== undefined && inFile.value === plan.cluster?.value ? 1 : 0);
  if (ending === 'nothing-to-do') return done(`Nothing to do: all ${total} keys are as in ${safe(name)}.\n`);
  const did = counts(plannedKeys(plan)).map(([action, count]) => `${count} ${action}`).join(', ');
  return { stdout: `Restored ${safe(name)}: ${did}, ${same} unchanged.\nCompared afterwards: all ${total} keys are as in the file.\n`, stderr: afterwards(plan), meaning: 'done' };
}

function counts(keys: readonly PlannedKey[]): readonly (readonly [PlannedKey['action'], number])[] {
  return (['created', 'changed', 'deleted'] as const).map((action) => [action, keys.filter((each) => each.action === action).length] as const);
}

function namesOf(keys: readonly PlannedKey[]): readonly string[] {
  const shown = keys.slice(0, SHOWN).map(({ action, key }) => `  ${action}: ${textOf(key)}`);
  return keys.length > SHOWN ? [...shown, `  ... and ${keys.length - SHOWN} more to be ${keys[0]?.action} (-o json names all)`] : shown;
}

function textOf(key: string): string {
  const { kind, name } = nameOfKey(key);
  return kind === 'other key' ? key : `${kind}(${name})`;
}

/** Another cluster, locks, and a restore that was interrupted: what everybody should know. */
export function remarks(plan: RestorePlan): readonly string[] {
  const { file: { header, end }, difference: { cluster: { inStore }, same }, begun, resumes, mode } = plan;
  const guid = header.cluster?.guid ?? '';
  const ours = inStore === undefined || begun !== undefined ? undefined : clusterFacts(inStore);
  return [
    ...(ours !== undefined && ours.guid !== guid ? [safe(`The file is of another cluster: ${guid || 'one without GUID'}; this one is ${ours.guid || 'without GUID'}.`)] : []),
    ...(ours?.locked === true ? [`The datastore is locked${mode === 'merge' ? ', and stays so' : header.cluster?.locked === true ? '' : '; the ClusterInformation of the file unlocks it in the end'}.`] : []),
    ...(header.cluster?.locked === true ? ['The datastore was locked when the backup was made.'] : []),
    ...(begun === undefined ? [] : [safe(resumes ? `The restore of this file that was begun at ${begun.begun} goes on: ${same} of ${end.keys} keys are there.` : `A restore that was begun at ${begun.begun} was not finished.`)]),
  ];
}

/** What is to be done after a restore. */
function afterwards(plan: RestorePlan): readonly string[] {
  const { mode, file: { header } } = plan;
  const touchesIpam = mode === 'merge' && plannedKeys(plan).some(({ key }) => key.startsWith('/calico/ipam/'));
  return [
    ...(touchesIpam ? ['address management was merged: `calicoctl ipam check` says whether it agrees'] : []),
    ...(mode !== 'merge' && header.cluster?.locked === true ? ['the datastore is locked, as it was when the backup was made: `calicoctl datastore migrate unlock`'] : []),
  ];
}

function data(plan: RestorePlan, ending: RestoreEnding): object {
  const { file: { name, header, end }, mode, difference: { same, leased }, resumes } = plan;
  const keys = plannedKeys(plan);
  const named = (wanted: PlannedKey['action']): readonly object[] => keys.filter(({ action }) => action === wanted).map(({ key }) => ({ ...nameOfKey(key), key }));
  return {
    file: { name, made: header.made, revision: header.revision, cluster: header.cluster ?? null, keys: end.keys, sha256: end.sha256 },
    mode,
    dryRun: ending === 'dry-run',
    resumed: resumes,
    created: named('created'), changed: named('changed'), deleted: named('deleted'),
    same, leased,
    compared: ending === 'restored',
  };
}
