import { UsageError } from '../errors.js';
import { classicMetadata, type IdentityFlags } from '../get/request.js';
import type { ClassicKind, Kind, StoredKind } from '../resources/kind.js';
import { API_VERSION } from '../resources/v3/document.js';
import { storedTarget, type Target } from './target.js';

/** The resources that `delete KIND NAME...` names. Throws UsageError where the identity is not complete. */
export function namedTargets(kind: Kind, names: readonly string[], flags: IdentityFlags): readonly Target[] {
  if (names.includes('')) throw new UsageError('resource name may not be empty');
  if (kind.dialect === 'v3') return storedTargets(kind, names, flags);
  const given = names.length === 0 ? [undefined] : names;
  return given.map((name) => classicNamed(kind, name, flags));
}

function classicNamed(kind: ClassicKind, name: string | undefined, flags: IdentityFlags): Target {
  const metadata = classicMetadata(kind, name, flags);
  const missing = kind.missingIdentifier(metadata, 'delete');
  if (missing !== undefined) throw new UsageError(`insufficient identifiers, missing '${missing}'`, missingHint(kind, missing));
  const [storedName = ''] = kind.storedNames(metadata);
  const namespace = kind.namespaceOf?.(metadata);
  const object = { kind: kind.stored.kind, apiVersion: API_VERSION, metadata: { name: storedName, ...(namespace === undefined ? {} : { namespace }) }, spec: {} } as const;
  return { kind, stored: kind.stored, document: { kind: kind.kind, apiVersion: 'v1', metadata, spec: {} }, object, identity: kind.identityText(metadata) };
}

function missingHint(kind: ClassicKind, missing: string): string {
  if (kind.kind === 'bgpPeer' && missing === 'node') return 'give --scope global, or --scope node with --node';
  return missing === kind.nameField || kind.kind === 'node' ? 'give the NAME after the kind' : `give --${missing}`;
}

function storedTargets(kind: StoredKind, names: readonly string[], flags: IdentityFlags): readonly Target[] {
  if (names.length === 0) throw new UsageError(`no name of a ${kind.kind} is given`);
  if (flags.namespace !== undefined && !kind.namespaced) throw new UsageError(`${kind.kind} is not namespaced`, 'leave out --namespace');
  return names.map((name) => {
    const metadata = { name, ...(kind.namespaced ? { namespace: flags.namespace ?? 'default' } : {}) };
    return storedTarget(kind, { kind: kind.kind, apiVersion: API_VERSION, metadata, spec: {} });
  });
}
