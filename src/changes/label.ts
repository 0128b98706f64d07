import { isMap, type Data } from '../base/data.js';
import type { Diagnostic } from '../base/errors.js';
import type { AnyDocument } from '../resources/kind.js';
import { pathText, type Problem } from '../resources/problem.js';
import type { Target } from '../objects/target.js';
import { NotAmended, type Amendment } from './amend.js';

/** What is to become of labels. */
export interface LabelChange {
  /** Values by key. */
  readonly set: ReadonlyMap<string, string>;
  readonly remove: readonly string[];
  /** Whether a label may get another value than it has. */
  readonly overwrite: boolean;
}

/** What was done to one label of a resource. */
export interface LabelDeed {
  readonly did: 'set' | 'updated' | 'removed';
  readonly key: string;
}

/** How a resource is called in messages: as it was named. */
export type CallTarget = (target: Target) => string;

/** A change of labels; what it did to each resource is in `deeds`, as of the last try. */
export class Labelling implements Amendment {
  readonly deeds = new Map<Target, readonly LabelDeed[]>();

  constructor(
    private readonly change: LabelChange,
    private readonly called: CallTarget,
  ) {}

  amend(document: AnyDocument, target: Target): Data {
    this.deeds.delete(target);
    const section = sectionOf(document, target);
    const before = (document as unknown as Data)[section.name];
    const holder = isMap(before) ? before : {};
    const given = holder[section.field];
    const labels = new Map(isMap(given) ? Object.entries(given) : []);
    this.refuseFieldLabels(labels, target);
    this.deeds.set(target, this.changed(labels, this.called(target)));
    return { ...document, [section.name]: { ...holder, [section.field]: Object.fromEntries(labels) } };
  }

  /** There is no text of the user's to point at. */
  locate({ code, severity, path, shownPath = path, message, hint, grave }: Problem, { identity }: Target): Diagnostic {
    return { code, severity, file: identity, path: pathText(shownPath), message, ...(hint === undefined ? {} : { hint }), ...(grave === true ? { grave } : {}) };
  }

  /** Throws NotAmended where a label is to change that Calico makes of a field: it would stay as it is. */
  private refuseFieldLabels(labels: ReadonlyMap<string, unknown>, { stored: { fieldLabels = {} } }: Target): void {
    const { set, remove } = this.change;
    const refused = Object.entries(fieldLabels).filter(([key]) => remove.includes(key) || (set.has(key) && labels.get(key) !== set.get(key)));
    if (refused.length > 0) throw new NotAmended('forbidden', refused.map(([key, field]) => `${key} follows from ${field}`).join(', '));
  }

  /** Changes labels and tells what was done. Throws NotAmended with a line for each that cannot be. */
  private changed(labels: Map<string, unknown>, name: string): readonly LabelDeed[] {
    const { set, remove, overwrite } = this.change;
    const there = [...set].filter(([key, value]) => labels.has(key) && labels.get(key) !== value && !overwrite).map(([key]) => `failed to update label of ${name}, key ${key} is already present. please use '--overwrite' to set a new value`);
    const missing = remove.filter((key) => !labels.has(key)).map((key) => `cannot remove label of ${name}, key ${key} does not exist`);
    if (there.length + missing.length > 0) throw new NotAmended(there.length > 0 ? 'exists' : 'missing', [...there, ...missing].join('\n'));
    const deeds: LabelDeed[] = [...set.keys()].map((key) => ({ did: labels.has(key) ? 'updated' : 'set', key }));
    for (const [key, value] of set) labels.set(key, value);
    for (const key of remove) labels.delete(key);
    return [...deeds, ...remove.map((key) => ({ did: 'removed', key }) as const)];
  }
}

/** Where a document has its labels: those of a classic profile are given to endpoints, also where it is shown as v3. */
function sectionOf({ apiVersion }: AnyDocument, { kind }: Target): { readonly name: string; readonly field: string } {
  const applied = apiVersion !== 'v1' && kind.dialect === 'v1' && kind.places?.['spec.labelsToApply'] !== undefined;
  return applied ? { name: 'spec', field: 'labelsToApply' } : { name: 'metadata', field: 'labels' };
}
