import type { Manifest } from '../build/manifest.js';
import { manualName } from '../manual/manual-page.js';
import { explainPath, type Explained } from '../../src/objects/explain.js';
import { CLASSIC_KINDS, STORED_KINDS } from '../../src/resources/registry.js';
import { code, escaped, heading } from './html.js';
import { kindPath } from './kind-pages.js';
import { manualPath } from './manual-pages.js';
import type { SitePage } from './page.js';

/** A place in the site, and the words for it. */
interface Place {
  readonly address: string;
  readonly text: string;
}

const PATH = 'fields-and-flags.html';

/** Every field of every kind and every flag of every command, by name, with the places where each is told. */
export function indexPage(manifest: Manifest): SitePage {
  const title = 'Fields and flags, A to Z';
  const sections = [heading(2, 'fields', 'Fields'), listOf(fieldPlaces()), heading(2, 'flags', 'Flags'), listOf(flagPlaces(manifest))];
  return { path: PATH, title, body: `<h1>${title}</h1>\n${sections.join('')}` };
}

/** The fields of specs and statuses by their own name; those that all documents have are left out. */
function fieldPlaces(): ReadonlyMap<string, readonly Place[]> {
  const places = new Map<string, Place[]>();
  for (const kind of [...CLASSIC_KINDS, ...STORED_KINDS]) {
    const add = ({ path, fields = [] }: Explained): void => {
      const name = path.split('.').at(-1) as string;
      if (path.includes('.') && (kind.dialect === 'v1' || !path.startsWith('metadata.'))) append(places, name, { address: `${kindPath(kind)}#${encodeURIComponent(path)}`, text: `${kind.kind}.${path}` });
      fields.forEach(add);
    };
    add(explainPath(kind, [], Infinity));
  }
  return places;
}

function flagPlaces({ commands }: Manifest): ReadonlyMap<string, readonly Place[]> {
  const places = new Map<string, Place[]>();
  for (const { id, flags } of Object.values(commands)) {
    const command = id.replaceAll(':', ' ');
    for (const { name, char, hidden } of Object.values(flags)) if (hidden !== true) append(places, `--${name}${char === undefined ? '' : `, -${char}`}`, { address: manualPath({ name: manualName(command), section: 1 }), text: command });
  }
  return places;
}

function append(places: Map<string, Place[]>, name: string, place: Place): void {
  places.set(name, [...(places.get(name) ?? []), place]);
}

function listOf(places: ReadonlyMap<string, readonly Place[]>): string {
  const ordered = Array.from(places).sort(([a], [b]) => compare(a.toLowerCase(), b.toLowerCase()) || compare(a, b));
  return `<dl>\n${ordered.map(([name, all]) => `<dt>${code(name)}</dt>\n<dd>${all.map(({ address, text }) => `<a href="${address}">${escaped(text)}</a>`).join(', ')}</dd>\n`).join('')}</dl>\n`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
