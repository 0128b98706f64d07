import { InvalidRequest } from '../base/errors.js';
import type { AnyDocument, ClassicKind } from '../resources/kind.js';
import { escapedName } from '../resources/v1/classic-kind.js';
import type { Identifiers } from './named.js';

const IDENTITY_FIELDS = ['scope', 'node', 'orchestrator', 'workload', 'name', 'peerIP', 'cidr'];

/**
 * `policy/a`, `bgpPeer/node/n1/10.0.0.1`, `NetworkPolicy/default/a`: the kind and what identifies the resource, which
 * the command line takes. Slashes inside a part that is not the last are escaped.
 */
export function nameOf({ document }: { readonly document: AnyDocument }): string {
  if (document.apiVersion === 'v1') {
    const { metadata } = document;
    const parts = IDENTITY_FIELDS.map((field) => metadata[field]).filter((part) => part !== undefined && part !== '').map(String);
    return [document.kind, ...parts.slice(0, -1).map(escapedName), ...parts.slice(-1)].join('/');
  }
  const { namespace, name } = document.metadata as { namespace?: string; name: string };
  return [document.kind, ...(namespace === undefined ? [] : [namespace]), name].join('/');
}

/** What a reference says behind its kind. */
export interface Parts {
  readonly name: string;
  readonly identifiers: Identifiers;
}

/** The parts of a reference to a stored kind: `NAMESPACE/NAME` where the kind has namespaces. */
export function storedParts(namespaced: boolean, text: string): Parts {
  const slash = namespaced ? text.indexOf('/') : -1;
  return slash < 0 ? { name: text, identifiers: {} } : { name: text.slice(slash + 1), identifiers: { namespace: text.slice(0, slash) } };
}

/** The parts of a reference to a classic kind: a name alone, or all identifiers, the name last. Throws InvalidRequest for some of them; `word` is the whole reference. */
export function classicParts(kind: ClassicKind, text: string, word: string): Parts {
  const parts = text.split('/');
  const fields = IDENTITY_FIELDS.filter((field) => kind.identity.includes(field) && !(field === 'node' && kind.identity.includes('scope') && parts[0] === 'global'));
  const before = fields.slice(0, -1);
  if (before.length === 0 || parts.length === 1) return { name: text, identifiers: {} };
  if (parts.length < fields.length) throw new InvalidRequest(`${word} does not say which ${kind.kind} is meant`, `write ${kind.kind}/${fields.map((field) => field.toUpperCase()).join('/')}`);
  const identifiers = Object.fromEntries(before.map((field, index) => [field, unescaped(parts[index] as string)]));
  return { name: parts.slice(before.length).join('/'), identifiers };
}

function unescaped(part: string): string {
  return part.replaceAll(/%2f/gi, '/').replaceAll('%25', '%');
}
