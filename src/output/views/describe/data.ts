import type { Description, Descriptions } from '../../../describe/describe.js';
import type { Fact, Related, Relation } from '../../../describe/relation.js';
import { goJsonIndented } from '../../../go/indented-json.js';
import { nameOf } from '../../../objects/reference.js';
import { viewObject } from '../../../objects/view.js';
import type { Dialect } from '../../../resources/kind.js';
import { shownKind } from '../../../resources/registry.js';
import { API_VERSION } from '../../../resources/v3/document.js';

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
    changes: (history?.changes ?? []).map(({ revision, did, fields }) => ({ revision, did, fields })),
    before: history?.before ?? 'nothing',
  };
}

function relationData({ code, items }: Relation, dialect: Dialect): object {
  return { relation: code, items: items.map((item) => ('text' in item ? { text: item.text } : { resource: relatedName(item, dialect), exists: item.object !== undefined, note: item.note ?? '' })) };
}

/** A related resource as `-o name` prints it in the dialect. */
export function relatedName({ kind, name, namespace, object }: Exclude<Related, Fact>, dialect: Dialect): string {
  const shown = shownKind(kind, dialect);
  if (object !== undefined) return nameOf(viewObject(shown, object, 'documents'));
  if (shown.dialect === 'v1') return `${shown.kind}/${name}`;
  return nameOf({ document: { kind: kind.kind, apiVersion: API_VERSION, metadata: { name, ...(namespace === undefined ? {} : { namespace }) }, spec: {} } });
}
