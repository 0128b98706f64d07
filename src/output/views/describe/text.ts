import type { Description, Descriptions } from '../../../describe/describe.js';
import type { Relation } from '../../../describe/relation.js';
import { goYaml } from '../../../go/yaml.js';
import type { History, PastEvent } from '../../../history/history.js';
import { nameOf } from '../../../objects/reference.js';
import type { Dialect } from '../../../resources/kind.js';
import { safe } from '../../../text/safe.js';
import { authorText } from '../journal/journal.js';
import { changedFields, factText, isFact, relatedName } from './data.js';

/** Of a longer list only the first are shown; -o json has all. */
const MOST = 50;

/** What `describe` prints: for each resource its document, what it has to do with, and its last changes. */
export function describeText({ revision, described }: Descriptions, dialect: Dialect): string {
  return described.map((each) => descriptionText(each, revision, dialect)).join('\n');
}

function descriptionText({ view, refersTo, referredToBy, history }: Description, revision: string, dialect: Dialect): string {
  const lines = [
    `${safe(nameOf(view))}   (at revision ${revision})`,
    ...goYaml(view.document).trimEnd().split('\n').map((line) => `  ${line}`),
    ...section('Refers to', refersTo, dialect),
    ...section('Referred to by', referredToBy, dialect),
    'Changes:',
    ...historyLines(history),
  ];
  return `${lines.join('\n')}\n`;
}

function section(title: string, relations: readonly Relation[], dialect: Dialect): readonly string[] {
  if (relations.length === 0) return [`${title}: nothing`];
  return [`${title}:`, ...relations.flatMap((relation) => relationLines(relation, dialect))];
}

function relationLines({ title, items }: Relation, dialect: Dialect): readonly string[] {
  const shown = items.slice(0, MOST).map((item) => {
    if (isFact(item)) return `    ${safe(factText(item, dialect))}`;
    const note = [item.note, item.object === undefined ? 'does not exist' : undefined].filter((each) => each !== undefined).join('; ');
    return `    ${safe(relatedName(item, dialect))}${note === '' ? '' : `   (${safe(note)})`}`;
  });
  return [`  ${title} (${items.length}):`, ...shown, ...(items.length > MOST ? [`    and ${items.length - MOST} more: -o json shows all`] : [])];
}

const BEFORE = {
  nothing: [],
  more: ['  there may be earlier ones: see history'],
  compacted: ['  what was before is not known: etcd compacted it, or this is a file, which has the last state only'],
} as const satisfies Record<History['before'], readonly string[]>;

function historyLines(history: Pick<History, 'events' | 'before'> | undefined): readonly string[] {
  if (history === undefined) return ['  none: Calico shows it, and nobody stored it'];
  return [...history.events.map(changeLine), ...BEFORE[history.before]];
}

function changeLine(event: PastEvent): string {
  const fields = changedFields(event);
  return `  revision ${event.revision}: ${event.event}${fields.length === 0 ? '' : ` ${safe(fields.join(', '))}`}${event.by === undefined ? '' : `   (${authorText(event.by)})`}`;
}
