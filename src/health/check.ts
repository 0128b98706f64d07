/** The steps of `datastore check`, in the order in which they are taken: what fails first explains what fails after it. */
export const CHECK_STEPS = [
  'settings', 'name', 'tcp', 'tls', 'authentication', 'version', 'members', 'alarms', 'space', 'latency', 'history', 'permissions', 'data', 'cluster', 'objects',
] as const;
export type CheckStep = (typeof CHECK_STEPS)[number];

interface Told {
  readonly step: CheckStep;
  /** The endpoint, member or prefix it is about, where there may be several. */
  readonly subject?: string;
  readonly message: string;
}

/** Something to act on. A warning does not keep Calico from working today; a problem does. */
export interface Finding extends Told {
  readonly state: 'warning' | 'problem';
  readonly remedy: string;
}

/** A step that went well, or was not tried. */
export interface Passed extends Told {
  readonly state: 'ok' | 'skipped';
  /** How many keys there are of each kind, where they were counted. */
  readonly counts?: ReadonlyMap<string, number>;
}

/** What a step found. */
export type Check = Finding | Passed;

/** Whether it is something to act on. */
export function isFinding(check: Check): check is Finding {
  return check.state === 'warning' || check.state === 'problem';
}

/** A step that went well. */
export function fine(step: CheckStep, message: string, subject?: string): Passed {
  return { step, state: 'ok', message, ...(subject !== undefined && { subject }) };
}

/** The steps from one on, which cannot be tried because of what failed before them. */
export function* skipped(from: CheckStep): Generator<Check> {
  for (const step of CHECK_STEPS.slice(CHECK_STEPS.indexOf(from))) yield { step, state: 'skipped', message: 'not tried, because of what failed before it' };
}

/** Days until a moment, rounded down; negative when it is past. */
export function daysUntil(moment: Date, now: Date): number {
  return Math.floor((moment.getTime() - now.getTime()) / 86_400_000);
}
