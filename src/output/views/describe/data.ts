import type { Description, Descriptions } from '../../../describe/describe.js';
import type { Fact, Related, Relation } from '../../../describe/relation.js';
import { goJsonIndented } from '../../../go/indented-json.js';
import type { PastEvent } from '../../../history/history.js';
import { nameOf } from '../../../objects/reference.js';
import { viewObject } from '../../../objects/view.js';
import type { Dialect } from '../../../resources/kind.js';
import { shownKind } from '../../../resources/registry.js';
import { pathText } from '../../../resources/problem.js';
import { classicLabelKey } from '../../../resources/v1/names.js';
import { API_VERSION } from '../../../resources/v3/document.js';
import { authorData } from '../journal/journal.js';

/** What `describe -o json` prints: always the same fields, a list also of one. */
export function describeData({ revision, described }: Descriptions, dialect: Dialect): string {
  const list = described.map((each) => descriptionData(each, dialect));
  return `${goJsonIndented({ revision, descriptions: list })}\n`;
}

function descriptionData({ view, refersTo, referredToBy, history }: Description, dialect: Dialect): object {
  return {
    resource: nameOf(view),
    object: view.document,
    refersTo: refersTo.map((relation) => relationData(relation, dialect)),
    referredToBy: referredToBy.map((relation) => relationData(relation, dialect)),
    changes: (history?.events ?? []).map((event) => ({ revision: event.revision, did: event.event, fields: changedFields(event), ...(event.by === undefined ? {} : { by: authorData(event.by) }) })),
    before: history?.before ?? 'nothing',
  };
}

/** The fields that a modification changed, as errors write them. */
export function changedFields({ event, changed }: PastEvent): readonly string[] {
  return event === 'modified' ? [...new Set(changed.differences.map(({ path }) => pathText(path)))] : [];
}

function relationData({ code, items }: Relation, dialect: Dialect): object {
  return { relation: code, items: items.map((item) => (isFact(item) ? { text: factText(item, dialect) } : { resource: relatedName(item, dialect), exists: item.object !== undefined, note: item.note ?? '' })) };
}

export function isFact(item: Related | Fact): item is Fact {
  return !('kind' in item);
}

/** A fact in the words of the dialect: a label may have another key there. */
export function factText(fact: Fact, dialect: Dialect): string {
  return 'text' in fact ? fact.text : `${dialect === 'v1' ? classicLabelKey(fact.label) : fact.label}=${fact.value}`;
}

/** A related resource as `-o name` prints it in the dialect. */
export function relatedName({ kind, name, namespace, object }: Related, dialect: Dialect): string {
  const shown = shownKind(kind, dialect);
  if (object !== undefined) return nameOf(viewObject(shown, object, 'documents'));
  if (shown.dialect === 'v1') return `${shown.kind}/${name}`;
  return nameOf({ document: { kind: kind.kind, apiVersion: API_VERSION, metadata: { name, ...(namespace === undefined ? {} : { namespace }) }, spec: {} } });
}
