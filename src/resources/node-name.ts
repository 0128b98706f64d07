import { storedNodeName } from './v1/names.js';

/** What a node may be called when it is started: a name (reference/classic 1.1) that begins with a letter or digit. */
const NODE_NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,127}$/;

/** What is wrong with a name, and what to do about it. */
export interface NameProblem {
  readonly message: string;
  readonly hint: string;
}

/** Why a text cannot be the name of a host on which a node is started, or undefined. */
export function hostNameProblem(name: string): NameProblem | undefined {
  if (NODE_NAME.test(name)) return undefined;
  return { message: `${JSON.stringify(name)} is not a node name`, hint: 'letters, digits, and inside the name also ".", "-" and "_"; at most 128 characters' };
}

/**
 * Why a text is not the name of a node as Calico stores it, or undefined. Names that would have to be changed first
 * (capitals, "_") are refused too: what is named must be what is meant.
 */
export function nodeNameProblem(name: string): NameProblem | undefined {
  const problem = hostNameProblem(name);
  if (problem !== undefined) return problem;
  const stored = storedNodeName(name);
  return stored === name ? undefined : { message: `${JSON.stringify(name)} is not the name of a node as Calico stores it`, hint: stored === '' ? 'lower-case letters, digits, "." and "-"' : `write ${stored}` };
}
