import type { Data } from '../../base/data.js';
import { ConversionError, type ClassicDocument, type ClassicKind, type PlaceOf } from '../kind.js';
import { pathText, Problems, type Path, type Problem } from '../problem.js';
import { readStoredDocument } from '../v3/document.js';
import { maps } from './rule-conversion.js';

/**
 * Says what Calico 3 makes of a right document: an error where it cannot be stored, or where the clients of Calico 3.32
 * refuse what is stored for it, and a warning where they take it and Felix cannot live with it. A document without its
 * identifiers cannot be stored yet and is not looked at.
 */
export function addRefusals(kind: ClassicKind, document: ClassicDocument, problems: Problems): void {
  if (kind.missingIdentifiers(document.metadata, 'validate').length > 0) return;
  try {
    const found = new Problems();
    readStoredDocument(kind.stored, kind.convert(document), found);
    if (found.list.length === 0) return;
    for (const direction of ['ingress', 'egress']) {
      for (const [index, rule] of maps(document.spec[direction]).entries()) addRuleRefusals(rule, ['spec', direction, index], problems);
    }
    for (const problem of found.list) addRefusal(kind, document, problem, problems);
  } catch (error) {
    if (!(error instanceof ConversionError)) throw error;
    problems.add('conversion', error.path, error.message);
  }
}

/** What helps, by the part of a document of which v3 thinks otherwise. */
const HINTS: Readonly<Record<string, string>> = {
  'metadata.tags': 'Calico 3 turns a tag into a label: rename it, here and in the rules that name it',
  'metadata.labels': 'rename the label, or give it another value, here and in the selectors that name it',
  'metadata.annotations': 'rename the annotation',
};

function addRefusal(kind: ClassicKind, document: ClassicDocument, problem: Problem, problems: Problems): void {
  const { severity, path, message } = problem;
  const place = placeOf(kind, path, document);
  if (isReported(place, problems)) return;
  const extra = { hint: problem.hint?.replace(/\b(ICMPv6|ICMP|TCP|UDP)\b/g, (name) => name.toLowerCase()) ?? HINTS[pathText(place.slice(0, 2))], onKey: problem.onKey === true && place.at(-1) === path.at(-1) };
  // Never grave: scripts around the classic tool read both its streams together.
  if (severity === 'warning') problems.warn(problem.code, place, message, extra);
  else problems.add('refused-by-v3', place, `${message}; Calico 3.32 refuses this${kind.refusalMeans === undefined ? '' : `, and ${kind.refusalMeans}`}`, extra);
}

const ENDLESS = 'Calico 3.32 refuses this, and its Felix would restart again and again on every host that uses the rule';
const ICMP_NAMES: readonly unknown[] = ['icmp', 'icmpv6'];

/** The rules on ICMP in the words of the classic language (reference/storage 3.4, reference/node 12). */
function addRuleRefusals({ protocol, notProtocol, icmp, ipVersion }: Data, path: Path, problems: Problems): void {
  if (icmp !== undefined && !ICMP_NAMES.includes(protocol)) {
    const hint = protocol === undefined ? 'add "protocol: icmp" to the rule, or icmpv6' : protocol === 58 ? 'write protocol: icmpv6' : 'write protocol: icmp, or leave icmp out';
    problems.add('refused-by-v3', [...path, 'icmp'], `icmp needs the protocol icmp or icmpv6, by name: ${ENDLESS}`, { hint });
  }
  for (const [name, version] of [['icmp', 4], ['icmpv6', 6]] as const) {
    if ((protocol !== name && notProtocol !== name) || ipVersion === undefined || ipVersion === version) continue;
    const hint = `write ipVersion: ${version}, or ${name === 'icmp' ? 'icmpv6' : 'icmp'} for the protocol`;
    problems.add('refused-by-v3', [...path, 'ipVersion'], `the protocol ${name} belongs to IPv${version}, not to the rule's ipVersion; Calico 3.32 refuses this`, { hint });
  }
}

/** Where the document says what the object says at a path. */
function placeOf(kind: ClassicKind, path: Path, document: ClassicDocument): Path {
  const place = kind.places?.[path.slice(0, 2).join('.') as PlaceOf];
  const rest = path.slice(2);
  return existing(place === undefined ? path : typeof place === 'function' ? place(rest, document) : [...place, ...rest], document);
}

/** The path as far as the document has it. */
function existing(path: Path, document: ClassicDocument): Path {
  let at: unknown = document;
  const length = path.findIndex((step) => {
    at = (at as Record<string | number, unknown> | undefined)?.[step];
    return at === undefined;
  });
  return length < 0 ? path : path.slice(0, length);
}

/** Whether something at a place, or around it, is wrong already. */
function isReported(place: Path, problems: Problems): boolean {
  return problems.list.some(({ severity, path }) => severity === 'error' && path.every((step, index) => place[index] === step));
}
