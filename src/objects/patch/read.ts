import type { Problems } from '../../resources/problem.js';
import { readJsonPatch } from './json.js';
import { readMergePatch } from './merge.js';
import type { Patch, PatchType } from './patch.js';

/** Reads a patch from parsed JSON or YAML. What is wrong with it goes to `problems`, with its place in the patch; then there is none. */
export function readPatch(type: PatchType, value: unknown, problems: Problems): Patch | undefined {
  return type === 'json' ? readJsonPatch(value, problems) : readMergePatch(type, value, problems);
}
