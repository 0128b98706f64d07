import { isMap, type Data } from '../../base/data.js';
import { isRevision } from '../../datastore/store.js';
import { matchesIdentity, storedKindOf, viewObject } from '../../objects/view.js';
import { nameInKey, prefixOf } from '../../resources/keys.js';
import type { Kind } from '../../resources/kind.js';
import { kindOfDocument, storedKindOfKey } from '../../resources/registry.js';
import { decodeStored, isCorrupt } from '../../resources/stored-value.js';

/**
 * Whether a step of a plan says what apply could have decided: a resource that can be read, written under its own key and
 * under the name that is shown, or one that is deleted, and only while everything is at the revision that the plan rests on.
 * A digest tells who edits a plan that it does not fit any more; whoever makes a new one still gets no further than this.
 * @param restsOn the revisions of the plan, by key
 */
export function isSoundStep(step: unknown, restsOn: Data): boolean {
  if (!isMap(step) || !isMap(step['resource']) || !isMap(step['resource']['metadata'])) return false;
  const { resource, key, result, operations = [] } = step;
  const kind = kindOfDocument(String(resource['apiVersion']), String(resource['kind']));
  if (kind === undefined || typeof key !== 'string' || nameInKey(storedKindOf(kind), key) === undefined || !key.startsWith(prefixOf(storedKindOf(kind)))) return false;
  if (restsOn[key] === undefined || !Array.isArray(operations) || !operations.every((each) => isOperation(each, restsOn))) return false;
  const [puts, deletes] = ['put', 'delete'].map((action) => (operations as readonly Data[]).filter((each) => each['action'] === action)) as [Data[], Data[]];
  if (result === 'deleted') return operations.length === 0 && isName(step['stored']);
  if (result === 'unchanged' || result === 'skipped') return operations.length === 0;
  if ((result !== 'created' && result !== 'replaced') || puts.length !== 1) return false;
  // The other key is that of an older version, which the new one replaces.
  if (deletes.length > (result === 'replaced' && restsOn[key] === '0' ? 1 : 0) || !deletes.every((each) => String(each['key']).startsWith(prefixOf(storedKindOf(kind))))) return false;
  return puts.every((put) => put['key'] === key && isWritten(kind, key, String(put['value']), resource['metadata'] as Data));
}

/** Whether a value is the resource that is named, and one that we may write. */
function isWritten(kind: Kind, key: string, value: string, named: Data): boolean {
  const stored = storedKindOf(kind);
  const object = decodeStored(stored, { key, value, modRevision: '0' });
  if (isCorrupt(object)) return false;
  const { name } = object.metadata;
  if (![name, ...(stored.legacyNames?.(name) ?? [])].includes(nameInKey(stored, key)?.name ?? '')) return false;
  if (kind.dialect === 'v1') {
    const view = viewObject(kind, object, 'rows');
    return kind.missingIdentifiers(named, 'apply').length === 0 && kind.readOnly?.(view.row.metadata, 'apply') === undefined && matchesIdentity(kind, view, named);
  }
  return kind.readOnly?.(object, 'apply') === undefined && named['name'] === name && (!kind.namespaced || named['namespace'] === object.metadata.namespace);
}

function isName(stored: unknown): boolean {
  return isMap(stored) && typeof stored['name'] === 'string' && stored['name'] !== '' && ['string', 'undefined'].includes(typeof stored['namespace']);
}

function isOperation(operation: unknown, restsOn: Data): boolean {
  if (!isMap(operation)) return false;
  const { action, key, expect, value } = operation;
  return ['put', 'delete', 'check'].includes(String(action)) && isResourceKey(key) && isRevision(expect) && restsOn[key] === expect && (action !== 'put' || typeof value === 'string');
}

function isResourceKey(key: unknown): key is string {
  return typeof key === 'string' && storedKindOfKey(key) !== undefined;
}
