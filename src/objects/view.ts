import type { AnyDocument, ClassicDocument, ClassicKind, Kind, StoredKind, StoredObject } from '../resources/kind.js';
import { classicRow, classicView, isMeant } from '../resources/v1/view.js';
import { nameOf } from './reference.js';

/** What is to be shown: whole documents, or rows of a table, with or without a mark on those that do not say it all. */
export type Shows = 'documents' | 'rows' | 'marked rows';

/** A stored resource as a dialect shows it. */
export interface View {
  /** What YAML, JSON and templates show: the classic document where v1 can say it all, else the v3 object. The row, where only rows are shown. */
  readonly document: AnyDocument;
  /** What tables show: in the classic dialect always the classic view, as near as it gets. */
  readonly row: AnyDocument;
  readonly object: StoredObject;
  /** In marked classic rows: the object as v3 names it, where it has more to it than the classic language can say. */
  readonly mark?: string;
  /** Place in a listing: compared bytewise, or undefined where the order is that of the keys. */
  readonly sortKey: string | undefined;
}

/** The stored kind behind a kind of either dialect. */
export function storedKindOf(kind: Kind): StoredKind {
  return kind.dialect === 'v1' ? kind.stored : kind;
}

/** Shows a stored object as `kind`. */
export function viewObject(kind: Kind, object: StoredObject, shows: Shows): View {
  if (kind.dialect === 'v3') {
    const shown = presentable(object);
    return { document: shown, row: shown, object, sortKey: undefined };
  }
  if (shows !== 'documents') {
    const { row, more } = shows === 'rows' ? { row: kind.fromStored(object), more: false } : classicRow(kind, object);
    return { document: row, row, object, sortKey: kind.sortKey(row.metadata), ...(more ? { mark: nameOf({ document: object }) } : {}) };
  }
  const { document, exact } = classicView(kind, object);
  return { document: exact ? document : presentable(object), row: document, object, sortKey: kind.sortKey(document.metadata) };
}

/** Whether a resource is what was asked for, by classic metadata; a missing part matches anything. */
export function matchesIdentity(kind: ClassicKind, view: View, wanted: Record<string, unknown>): boolean {
  return isMeant(kind, wanted, view.object, (view.row as ClassicDocument).metadata);
}

/** The object as Calico's own tool prints it: rules without the empty source and destination that are stored (reference/storage 2.1). */
export function presentable(object: StoredObject): StoredObject {
  const { ingress, egress } = object.spec;
  if (!hasRules(ingress) && !hasRules(egress)) return object;
  const shown = { ...(hasRules(ingress) && { ingress: ingress.map(withoutEmptyEntities) }), ...(hasRules(egress) && { egress: egress.map(withoutEmptyEntities) }) };
  return { ...object, spec: { ...object.spec, ...shown } };
}

function hasRules(rules: unknown): rules is readonly Record<string, unknown>[] {
  return Array.isArray(rules) && rules.length > 0;
}

function withoutEmptyEntities(rule: Record<string, unknown>): Record<string, unknown> {
  const shown = { ...rule };
  for (const side of ['source', 'destination']) {
    const entity = shown[side];
    if (typeof entity === 'object' && entity !== null && Object.keys(entity).length === 0) delete shown[side];
  }
  return shown;
}
