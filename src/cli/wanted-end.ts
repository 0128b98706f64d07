import type { WantedEnd, WantedResource } from '../insight/wanted-end.js';
import { parseIp } from '../net/address.js';
import { selectionsOf } from '../objects/selection.js';
import type { Dialect } from '../resources/kind.js';
import { kindOfDocument, kindOfWord } from '../resources/registry.js';
import { readNamed } from './named.js';

/** Reads what a word of the command line means as an end of a flow. Throws InvalidRequest for a reference that says too little. */
export function readWantedEnd(word: string, dialect: Dialect): WantedEnd {
  if (word === 'internet') return { word, by: 'internet' };
  const ip = parseIp(word);
  if (ip !== undefined) return { word, by: 'address', ip };
  const [first = '', rest = '', ...more] = word.split('/');
  return ['host', 'node', 'Node'].includes(first) && rest !== '' && more.length === 0 ? { word, by: 'host', name: rest } : readWantedResource(word, dialect);
}

/** Reads a word as the name of a resource: KIND/NAME, or any of its names. Throws InvalidRequest for a reference that says too little. */
export function readWantedResource(word: string, dialect: Dialect): WantedResource {
  const slash = word.indexOf('/');
  const first = word.slice(0, Math.max(slash, 0));
  const rest = word.slice(slash + 1);
  if (!isKind(first, dialect)) return { word, by: 'name' };
  const [selection] = selectionsOf(readNamed([word], dialect, {}, 'get'), !rest.includes('/'));
  return { word, by: 'reference', selection: selection! };
}

function isKind(word: string, dialect: Dialect): boolean {
  return (kindOfWord(word, dialect) ?? kindOfDocument('v1', word) ?? kindOfDocument('projectcalico.org/v3', word)) !== undefined;
}
