import { EVENT_ID, getScalarValue, SCALAR_STYLE } from 'js-yaml';
import type { Event } from 'js-yaml';
import type { Path } from '../resources/problem.js';
import type { DocumentEvents } from './events.js';
import { isSecretName } from '../text/secret-names.js';
import { plainKey } from './schema.js';

type ScalarEvent = Extract<Event, { type: typeof EVENT_ID.SCALAR }>;

/** Where a value of a document starts, and what is in it. Offsets point into the text of the events; -1 is nowhere. */
interface Place {
  readonly start: number;
  /** Where a scalar ends; nowhere for anything else. */
  readonly end: number;
  /** A scalar without quotes and tag. */
  readonly plain: boolean;
  readonly entries: ReadonlyMap<string, Entry>;
  readonly items: readonly Place[];
  /** What `<<` merges into this map: maps, or lists of maps. */
  readonly merged: readonly Place[];
  /** What a `*name` stands for. */
  readonly target: Place | undefined;
}

interface Collection extends Place {
  readonly entries: Map<string, Entry>;
  readonly items: Place[];
  readonly merged: Place[];
}

interface Entry {
  readonly key: number;
  readonly keyEnd: number;
  readonly place: Place;
}

/** A key that a map has already: the offsets of both. */
export interface RepeatedKey {
  readonly name: string;
  /** It stands below a name whose value is never shown. */
  readonly secret: boolean;
  readonly first: number;
  readonly second: number;
}

/** The places of one document's values. */
export interface Places {
  readonly root: Place;
  readonly repeated: readonly RepeatedKey[];
  /** Where maps and lists stand in the place of a key. */
  readonly nameless: readonly number[];
  /** What `*name` may have carried away from below a secret name, or to it: never shown, wherever it stands. Empty without such names. */
  readonly secrets: ReadonlySet<string>;
}

interface Key {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly plain: boolean;
}

interface Frame {
  readonly place: Collection;
  readonly kind: 'document' | 'list' | 'map';
  /** It stands below a name whose value is never shown. */
  readonly secret: boolean;
  key: Key | undefined;
}

const NOWHERE = -1;
/** Scalars are many, and all without contents. */
const NO_ENTRIES: ReadonlyMap<string, Entry> = new Map();
const NO_PLACES: readonly Place[] = [];
/** Maps may be merged into themselves. */
const MERGE_DEPTH = 16;

/** Builds the places of one document from its parse events. */
export function placesOf(document: DocumentEvents): Places {
  const builder = new PlacesBuilder(document.text);
  for (const event of document.events) builder.take(event);
  return builder;
}

/** A place in the text of the events. `end` is there where it is a key or a scalar: the one that was asked for. */
export interface FoundPlace {
  readonly start: number;
  readonly end?: number;
  readonly plain?: boolean;
}

/** What a path leads to, or the nearest thing above it that is there. With `onKey`, the path's last key. */
export function findPlace(places: Places, path: Path, onKey: boolean): FoundPlace {
  let place = places.root;
  let found: FoundPlace = { start: Math.max(place.start, 0) };
  for (const [index, step] of path.entries()) {
    const entry = typeof step === 'number' ? itemAt(place, step) : entryOf(place, step, 0);
    if (!entry) break;
    const isLast = index === path.length - 1;
    const { start, end, plain } = entry.place;
    if (onKey && isLast && entry.key !== NOWHERE) found = { start: entry.key, end: entry.keyEnd, plain: false };
    else if (start !== NOWHERE) found = isLast && end !== NOWHERE ? { start, end, plain } : { start };
    else if (entry.key !== NOWHERE) found = { start: entry.key };
    place = entry.place;
  }
  return found;
}

function itemAt(place: Place, index: number): Entry | undefined {
  const item = (place.target ?? place).items[index];
  return item && { key: item.start, keyEnd: NOWHERE, place: item };
}

function entryOf(place: Place, name: string, depth: number): Entry | undefined {
  const { entries, merged } = place.target ?? place;
  const exact = entries.get(name) ?? entries.get([...entries.keys()].find((key) => key.toLowerCase() === name.toLowerCase()) ?? name);
  if (exact || depth > MERGE_DEPTH) return exact;
  for (const source of merged) {
    const { items } = source.target ?? source;
    for (const map of items.length > 0 ? items : [source]) {
      const inherited = entryOf(map, name, depth + 1);
      if (inherited) return inherited;
    }
  }
  return undefined;
}

class PlacesBuilder implements Places {
  root: Place = leaf(NOWHERE);
  readonly repeated: RepeatedKey[] = [];
  readonly nameless: number[] = [];
  private readonly frames: Frame[] = [];
  private readonly belowSecrets = new Set<string>();
  private aliased = false;
  private readonly anchors = new Map<string, Place>();
  /** What scalars with an anchor say, by its name: as text, and as YAML reads it. */
  private readonly anchored = new Map<string, readonly string[]>();

  constructor(private readonly text: string) {}

  get secrets(): ReadonlySet<string> {
    return this.aliased ? this.belowSecrets : new Set();
  }

  take(event: Event): void {
    switch (event.type) {
      case EVENT_ID.DOCUMENT:
        this.frames.push({ place: collection(NOWHERE), kind: 'document', secret: false, key: undefined });
        break;
      case EVENT_ID.MAPPING:
      case EVENT_ID.SEQUENCE: {
        const place = collection(event.start);
        this.remember(event, place);
        const secret = this.isSecret();
        this.add(place);
        this.frames.push({ place, kind: event.type === EVENT_ID.MAPPING ? 'map' : 'list', secret, key: undefined });
        break;
      }
      case EVENT_ID.SCALAR:
        this.takeScalar(event);
        break;
      case EVENT_ID.ALIAS: {
        const name = this.text.slice(event.anchorStart, event.anchorEnd);
        const target = this.anchors.get(name);
        this.aliased = true;
        if (this.isSecret()) this.keepSecret(this.anchored.get(name));
        this.add(leaf(event.anchorStart - 1, target));
        break;
      }
      case EVENT_ID.POP:
        this.frames.pop();
    }
  }

  private takeScalar(event: ScalarEvent): void {
    const start = this.scalarStart(event);
    const frame = this.frames.at(-1);
    if (frame?.kind !== 'map' || frame.key) {
      const place: Place = { ...leaf(start), end: this.scalarEnd(event), plain: event.style === SCALAR_STYLE.PLAIN && event.tagStart === NOWHERE };
      this.remember(event, place);
      if (event.anchorStart !== NOWHERE) this.anchored.set(this.text.slice(event.anchorStart, event.anchorEnd), this.saidBy(event, place));
      if (this.isSecret()) this.keepSecret(this.saidBy(event, place));
      this.add(place);
      return;
    }
    const text = getScalarValue(this.text, event);
    const plain = event.style === SCALAR_STYLE.PLAIN && event.tagStart === NOWHERE;
    frame.key = { name: plain ? plainKey(text) : text, start, end: this.scalarEnd(event), plain };
  }

  private saidBy(event: ScalarEvent, { plain }: Place): readonly string[] {
    const text = getScalarValue(this.text, event);
    return plain ? [text, plainKey(text)] : [text];
  }

  private keepSecret(said: readonly string[] = []): void {
    for (const each of said) this.belowSecrets.add(each);
  }

  /** Adds a value where the innermost collection wants one. A collection or alias used as a key gets no name: such documents are refused. */
  private add(place: Place): void {
    const frame = this.frames.at(-1);
    if (!frame || frame.kind === 'document') this.root = place;
    else if (frame.kind === 'list') frame.place.items.push(place);
    else if (!frame.key) {
      frame.key = { name: '', start: place.start, end: NOWHERE, plain: false };
      this.nameless.push(place.start);
    } else {
      this.addEntry(frame, frame.key, place);
      frame.key = undefined;
    }
  }

  private addEntry({ place: map, secret }: Frame, key: Key, place: Place): void {
    if (key.plain && key.name === '<<') {
      map.merged.push(place);
      return;
    }
    const before = map.entries.get(key.name);
    if (before) this.repeated.push({ name: key.name, secret, first: before.key, second: key.start });
    // The last one counts, as in the value.
    map.entries.set(key.name, { key: key.start, keyEnd: key.end, place });
  }

  private remember(event: { anchorStart: number; anchorEnd: number }, place: Place): void {
    if (event.anchorStart !== NOWHERE) this.anchors.set(this.text.slice(event.anchorStart, event.anchorEnd), place);
  }

  /** Whether the value that comes next stands below a secret name. */
  private isSecret(): boolean {
    const frame = this.frames.at(-1);
    return frame !== undefined && (frame.secret || (frame.key !== undefined && isSecretName(frame.key.name)));
  }

  private scalarEnd({ valueStart, valueEnd, style }: ScalarEvent): number {
    if (valueStart === NOWHERE) return NOWHERE;
    return style === SCALAR_STYLE.SINGLE_QUOTED || style === SCALAR_STYLE.DOUBLE_QUOTED ? valueEnd + 1 : valueEnd;
  }

  private scalarStart(event: ScalarEvent): number {
    if (event.valueStart === NOWHERE) return NOWHERE;
    if (event.style === SCALAR_STYLE.PLAIN) return event.valueStart;
    if (event.style === SCALAR_STYLE.SINGLE_QUOTED || event.style === SCALAR_STYLE.DOUBLE_QUOTED) return event.valueStart - 1;
    return event.valueStart + (/^[ \r\n]*/.exec(this.text.slice(event.valueStart, event.valueEnd))?.[0].length ?? 0);
  }
}

function leaf(start: number, target?: Place): Place {
  return { start, end: NOWHERE, plain: false, entries: NO_ENTRIES, items: NO_PLACES, merged: NO_PLACES, target };
}

function collection(start: number): Collection {
  return { start, end: NOWHERE, plain: false, entries: new Map(), items: [], merged: [], target: undefined };
}
