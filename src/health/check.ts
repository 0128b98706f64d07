/** The steps of `datastore check`, in the order in which they are taken: what fails first explains what fails after it. */
export const CHECK_STEPS = [
  'settings', 'name', 'tcp', 'tls', 'authentication', 'version', 'members', 'alarms', 'space', 'latency', 'history', 'permissions', 'data', 'cluster', 'objects',
] as const;
export type CheckStep = (typeof CHECK_STEPS)[number];

/** What a step found. A warning does not keep Calico from working today; a problem does. */
export interface Check {
  readonly step: CheckStep;
  readonly state: 'ok' | 'warning' | 'problem' | 'skipped';
  /** The endpoint, member or prefix it is about, where there may be several. */
  readonly subject?: string;
  readonly message: string;
  readonly remedy?: string | undefined;
}

/** Whether it is something to act on. */
export function isFinding({ state }: Check): boolean {
  return state === 'warning' || state === 'problem';
}

/** A step that went well. */
export function fine(step: CheckStep, message: string, subject?: string): Check {
  return { step, state: 'ok', message, ...(subject !== undefined && { subject }) };
}

/** Days until a moment, rounded down; negative when it is past. */
export function daysUntil(moment: Date, now: Date): number {
  return Math.floor((moment.getTime() - now.getTime()) / 86_400_000);
}
