import { UsageError } from '../errors.js';
import type { Identifiers } from '../get/identifiers.js';
import type { Named } from '../get/reference.js';
import { classicMetadata } from '../get/request.js';
import type { ClassicKind, StoredKind } from '../resources/kind.js';
import { API_VERSION } from '../resources/v3/document.js';
import { classicIdentityTarget, storedTarget, type Target } from './target.js';

/** The resources that `delete KIND NAME...` names. Throws UsageError where the identity of one is not complete. */
export function namedTargets(named: readonly Named[]): readonly Target[] {
  return named.map(({ kind, name, identifiers }) => (kind.dialect === 'v3' ? storedNamed(kind, name, identifiers) : classicNamed(kind, name, identifiers)));
}

function classicNamed(kind: ClassicKind, name: string | undefined, identifiers: Identifiers): Target {
  const metadata = classicMetadata(kind, name, identifiers);
  const missing = kind.missingIdentifier(metadata, 'delete');
  if (missing !== undefined) throw new UsageError(`insufficient identifiers, missing '${missing}'`, missingHint(kind, missing));
  return classicIdentityTarget(kind, metadata);
}

function missingHint(kind: ClassicKind, missing: string): string {
  if (kind.kind === 'bgpPeer' && missing === 'node') return 'give --scope global, or --scope node with --node';
  return missing === kind.nameField || kind.kind === 'node' ? 'give the NAME after the kind' : `give --${missing}`;
}

function storedNamed(kind: StoredKind, name: string | undefined, { namespace }: Identifiers): Target {
  if (name === undefined) throw new UsageError(`no name of a ${kind.kind} is given`);
  const metadata = { name, ...(kind.namespaced ? { namespace: namespace ?? 'default' } : {}) };
  return storedTarget(kind, { kind: kind.kind, apiVersion: API_VERSION, metadata, spec: {} });
}
