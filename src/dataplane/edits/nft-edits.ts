import type { NftChain, NftMap, NftSet, NftTable, RenderedRule } from '../desired.js';
import type { SavedNftTable } from './saved-nft.js';
import type { EditLine } from './table-edits.js';

const NOTHING: SavedNftTable = { chains: new Map(), sets: new Map(), maps: new Map() };

/**
 * The edits that make a table of nftables what it should be, as one input of `nft -f`, which does all of it or nothing. A chain of which a
 * rule differs is emptied and filled again, which nobody sees half. What nobody wants goes.
 * @param kernel what is there; undefined where the table is not
 */
export function nftEdits(kernel: SavedNftTable | undefined, { family, name, chains, sets, maps }: NftTable): readonly EditLine[] {
  const table = `${family} ${name}`;
  const there = kernel ?? NOTHING;
  const changed = [...chains].filter(([chain, { rules, hook }]) => !sameRules(there.chains.get(chain), rules, hook));
  const stale = [...there.chains.keys()].filter((chain) => !chains.has(chain));
  const lines = [
    ...(kernel === undefined ? [`add table ${table}`] : []),
    ...changed.flatMap(([chain, { hook }]) => madeChain(table, chain, there, hook)),
    ...[...sets].flatMap(([set, wanted]) => setLines(`${table} ${set}`, wanted, there.sets.get(set))),
    ...[...maps].flatMap(([map, { type }]) => (there.maps.has(map) ? [] : [`add map ${table} ${map} { type ${type}; }`])),
    ...stale.map((chain) => `flush chain ${table} ${chain}`),
  ].map((text): EditLine => ({ text }));
  const rules = changed.flatMap(([chain, wanted]) => ruleLines(table, chain, wanted, there));
  const after = [
    ...[...maps].flatMap(([map, wanted]) => mapLines(`${table} ${map}`, wanted, there.maps.get(map)?.elements ?? new Map())),
    ...[...there.maps.keys()].filter((map) => !maps.has(map)).map((map) => `delete map ${table} ${map}`),
    ...stale.map((chain) => `delete chain ${table} ${chain}`),
    ...[...there.sets.keys()].filter((set) => !sets.has(set)).map((set) => `delete set ${table} ${set}`),
  ].map((text): EditLine => ({ text }));
  return [...lines, ...rules, ...after];
}

/** What is in the kernel once that was done. */
export function savedAfter({ chains, sets, maps }: NftTable): SavedNftTable {
  return {
    chains: new Map([...chains].map(([name, { hook, rules }]) => [name, { hook: hook !== undefined, ids: rules.map(({ id }) => id) }])),
    sets: new Map([...sets].map(([name, { type, flags = '', elements }]) => [name, { type, flags, elements }])),
    maps,
  };
}

function sameRules(there: { readonly hook: boolean; readonly ids: readonly string[] } | undefined, rules: readonly RenderedRule[], hook: string | undefined): boolean {
  return there !== undefined && there.hook === (hook !== undefined) && there.ids.length === rules.length && rules.every(({ id }, at) => there.ids[at] === id);
}

function madeChain(table: string, chain: string, { chains }: SavedNftTable, hook: string | undefined): readonly string[] {
  return chains.has(chain) ? [] : [`add chain ${table} ${chain}${hook === undefined ? '' : ` { ${hook} }`}`];
}

function ruleLines(table: string, chain: string, { rules }: NftChain, { chains }: SavedNftTable): readonly EditLine[] {
  const empty = (chains.get(chain)?.ids.length ?? 0) === 0 ? [] : [{ text: `flush chain ${table} ${chain}` }];
  return [...empty, ...rules.map((rule): EditLine => ({ text: `add rule ${table} ${chain} ${rule.text}`, chain, rule }))];
}

function setLines(set: string, { type, flags, elements }: NftSet, there: { readonly type: string; readonly flags: string; readonly elements: ReadonlySet<string> } | undefined): readonly string[] {
  if (there?.elements === elements) return [];
  const isOther = there !== undefined && (there.type !== type || there.flags !== (flags ?? ''));
  const made = there === undefined || isOther ? [...(isOther ? [`delete set ${set}`] : []), `add set ${set} { type ${type};${flags === undefined ? '' : ` flags ${flags};`} }`] : [];
  const before = isOther ? new Set<string>() : (there?.elements ?? new Set<string>());
  const gone = [...before].filter((element) => !elements.has(element));
  const come = [...elements].filter((element) => !before.has(element));
  return [...made, ...(gone.length === 0 ? [] : [`delete element ${set} { ${gone.join(', ')} }`]), ...(come.length === 0 ? [] : [`add element ${set} { ${come.join(', ')} }`])];
}

function mapLines(map: string, { elements }: NftMap, there: ReadonlyMap<string, string>): readonly string[] {
  const gone = [...there].filter(([key, verdict]) => elements.get(key) !== verdict).map(([key]) => key);
  const come = [...elements].filter(([key, verdict]) => there.get(key) !== verdict).map(([key, verdict]) => `${key} : ${verdict}`);
  return [...(gone.length === 0 ? [] : [`delete element ${map} { ${gone.join(', ')} }`]), ...(come.length === 0 ? [] : [`add element ${map} { ${come.join(', ')} }`])];
}
