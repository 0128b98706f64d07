import { isMap } from '../../base/data.js';

/** A table of nftables in the kernel: ids of rules by chain, elements of sets, verdicts of maps. */
export interface SavedNftTable {
  readonly chains: ReadonlyMap<string, { readonly hook: boolean; readonly ids: readonly string[] }>;
  readonly sets: ReadonlyMap<string, { readonly type: string; readonly flags: string; readonly elements: ReadonlySet<string> }>;
  readonly maps: ReadonlyMap<string, { readonly elements: ReadonlyMap<string, string> }>;
}

const ID = /^cali:([\w-]+)/;

/** Reads what `nft -j list table` printed. */
export function readSavedNft(json: string): SavedNftTable {
  const { nftables } = JSON.parse(json) as { readonly nftables: readonly Readonly<Record<string, unknown>>[] };
  const chains = new Map<string, { hook: boolean; ids: string[] }>();
  const sets = new Map<string, SavedNftTable['sets'] extends ReadonlyMap<string, infer T> ? T : never>();
  const maps = new Map<string, { elements: ReadonlyMap<string, string> }>();
  for (const { chain, rule, set, map } of nftables) {
    if (isMap(chain)) chains.set(text(chain['name']), { hook: 'hook' in chain, ids: [] });
    if (isMap(rule)) chains.get(text(rule['chain']))?.ids.push(ID.exec(text(rule['comment']))?.[1] ?? '');
    if (isMap(set)) sets.set(text(set['name']), { type: typeText(set['type']), flags: list(set['flags']).map(text).join(','), elements: new Set(list(set['elem']).map(elementText)) });
    if (isMap(map)) maps.set(text(map['name']), { elements: new Map(list(map['elem']).filter(Array.isArray).map(([key, verdict]) => [`"${text(key)}"`, verdictText(verdict)])) });
  }
  return { chains, sets, maps };
}

/** An address, a network, a range, or several of these together, as nft prints and reads it. */
function elementText(element: unknown): string {
  if (!isMap(element)) return text(element);
  const { elem, prefix, range, concat } = element;
  if (isMap(elem)) return elementText(elem['val']);
  if (isMap(prefix)) return `${text(prefix['addr'])}/${text(prefix['len'])}`;
  if (Array.isArray(range)) return range.map(elementText).join('-');
  return list(concat).map(elementText).join(' . ');
}

function verdictText(verdict: unknown): string {
  if (!isMap(verdict)) return text(verdict);
  const [kind = '', argument] = Object.entries(verdict)[0] ?? [];
  return isMap(argument) ? `${kind} ${text(argument['target'])}` : kind;
}

function typeText(type: unknown): string {
  return Array.isArray(type) ? type.map(text).join(' . ') : text(type);
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : value === undefined ? [] : [value];
}

function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
