import { listed } from '../text/listed.js';
import type { Data } from '../base/data.js';
import type { ClassicKind, Verb } from '../resources/kind.js';

/** What an identity lacks: the sentence of the classic tool, which names the first (reference/classic 4.3), and all that is to be given. */
export interface MissingIdentifiers {
  readonly message: string;
  readonly hint: string;
}

/**
 * What is missing in the identity of a classic resource, or undefined. `written` says how an identifier is given, with a
 * value where only that one will do: `--scope node`. Of what `isKnown` says so, nothing is said.
 */
export function missingIdentifiers(kind: ClassicKind, metadata: Data, verb: Verb, written: (identifier: string, value?: string) => string, isKnown: (identifier: string) => boolean = () => false): MissingIdentifiers | undefined {
  const missing = kind.missingIdentifiers(metadata, verb).filter((identifier) => !isKnown(identifier));
  if (missing.length === 0) return undefined;
  return { message: `insufficient identifiers, missing '${missing[0] as string}'`, hint: `give ${listed(instructions(missing, written))}` };
}

/** A scope decides whether there is a node to give. */
function instructions(missing: readonly string[], written: (identifier: string, value?: string) => string): readonly string[] {
  if (!missing.includes('scope')) return missing.map((identifier) => written(identifier));
  const others = missing.filter((identifier) => identifier !== 'scope' && identifier !== 'node').map((identifier) => written(identifier));
  if (!missing.includes('node')) return [...others, written('scope', 'node')];
  return [...others, `${written('scope', 'global')}, or ${written('scope', 'node')} with ${written('node')}`];
}
