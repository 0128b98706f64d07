import { InvalidRequest } from '../base/errors.js';
import { missingIdentifiers } from '../objects/missing-identifiers.js';
import type { Identifiers, Named } from '../objects/named.js';
import { classicMetadata } from '../objects/selection.js';
import { classicIdentityTarget, storedTarget, type Target } from '../objects/target.js';
import type { ClassicKind, StoredKind } from '../resources/kind.js';
import { API_VERSION } from '../resources/v3/document.js';

/** The resources that `delete KIND NAME...` names. Throws InvalidRequest where the identity of one is not complete. */
export function namedTargets(named: readonly Named[]): readonly Target[] {
  return named.map(({ kind, name, identifiers }) => (kind.dialect === 'v3' ? storedNamed(kind, name, identifiers) : classicNamed(kind, name, identifiers)));
}

function classicNamed(kind: ClassicKind, name: string | undefined, identifiers: Identifiers): Target {
  const metadata = classicMetadata(kind, name, identifiers);
  const missing = missingIdentifiers(kind, metadata, 'delete', (identifier, value) => asGiven(kind, identifier, value));
  if (missing !== undefined) throw new InvalidRequest(missing.message, missing.hint);
  return classicIdentityTarget(kind, metadata);
}

/** How an identifier is given on the command line. */
function asGiven(kind: ClassicKind, identifier: string, value?: string): string {
  if (identifier === kind.nameField || kind.kind === 'node') return 'the NAME after the kind';
  return value === undefined ? `--${identifier}` : `--${identifier} ${value}`;
}

function storedNamed(kind: StoredKind, name: string | undefined, { namespace }: Identifiers): Target {
  if (name === undefined) throw new InvalidRequest(`no name of a ${kind.kind} is given`);
  const metadata = { name, ...(kind.namespaced ? { namespace: namespace ?? 'default' } : {}) };
  return storedTarget(kind, { kind: kind.kind, apiVersion: API_VERSION, metadata, spec: {} });
}
