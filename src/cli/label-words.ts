import { InvalidRequest } from '../base/errors.js';
import type { LabelChange } from '../changes/label.js';

/** The words behind `label`: what names resources, and what becomes of their labels. */
export interface LabelWords {
  readonly names: readonly string[];
  readonly change: LabelChange;
}

/** How the words are meant. */
export interface LabelOptions {
  readonly remove: boolean;
  readonly overwrite: boolean;
  /** How many words at most name resources: 0 with -f, 1 (the kind) where a selector or --all chooses. */
  readonly mostNames?: number | undefined;
}

/**
 * Takes the words of `label KIND NAME... KEY=VALUE...` apart. `KEY-` takes a label away; with --remove the last word is the key,
 * or all behind those that may be names. Throws InvalidRequest for what is no label.
 */
export function readLabelWords(words: readonly string[], options: LabelOptions): LabelWords {
  const { remove, overwrite, mostNames = words.length } = options;
  const count = remove ? Math.min(mostNames, Math.max(words.length - 1, 0)) : Math.min(mostNames, firstLabel(words));
  const [names, labels] = [words.slice(0, count), words.slice(count)];
  if (remove) return { names, change: { set: new Map(), remove: labels.map(removed), overwrite } };
  if (labels.length === 0) throw noLabel(names, mostNames);
  const set = new Map<string, string>();
  const gone: string[] = [];
  for (const label of labels) {
    if (label.endsWith('-') && !label.includes('=')) gone.push(removed(label.slice(0, -1)));
    else {
      const [key = '', value, ...more] = label.split('=');
      if (key === '' || value === undefined || more.length > 0) throw new InvalidRequest(`invalid label ${label}`, 'write KEY=VALUE, or KEY- to take it away');
      if (set.has(key) && set.get(key) !== value) throw new InvalidRequest(`${key} is given two values: ${set.get(key) as string} and ${value}`);
      set.set(key, value);
    }
  }
  const both = gone.find((key) => set.has(key));
  if (both !== undefined) throw new InvalidRequest(`${both} is both set and taken away`);
  return { names, change: { set, remove: [...new Set(gone)], overwrite } };
}

function firstLabel(words: readonly string[]): number {
  const at = words.findIndex((word) => word.includes('=') || word.endsWith('-'));
  return at === -1 ? words.length : at;
}

function removed(key: string): string {
  if (key === '' || key.includes('=')) throw new InvalidRequest(`invalid label ${key}`, 'to take a label away, write its key alone');
  return key;
}

/** Where the last word may have been meant for a label, it is named. */
function noLabel(names: readonly string[], mostNames: number): InvalidRequest {
  const last = names.length > 2 || (names.length === mostNames && mostNames === 0) ? names.at(-1) : undefined;
  return new InvalidRequest(last === undefined ? 'no label is given' : `invalid label ${last}`, 'write for example: label node host1 rack=12, or label node host1 rack --remove');
}
