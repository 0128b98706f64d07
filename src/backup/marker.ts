import { isMap, type Data } from '../base/data.js';
import { goJson } from '../go/json.js';
import { parseJson } from '../go/read-json.js';

/** What a restore does with a store that is not empty: nothing, make it what the file says, or add and change. */
export type RestoreMode = 'empty' | 'replace' | 'merge';

/** The annotation of ClusterInformation that a restore under way leaves, and takes away as the last thing it does. */
export const MARKER = 'calicoctl/restore';

/** What a restore that is under way, or was interrupted, notes. */
export interface RestoreMarker {
  /** Which file: the digest in its last line. */
  readonly sha256: string;
  readonly mode: RestoreMode;
  /** When it began: RFC 3339, UTC. */
  readonly begun: string;
  /** ClusterInformation as it was, where that is to be left as it was. */
  readonly before?: string;
}

/**
 * The text of ClusterInformation while a restore is under way: locked, so that Felix stops at what it has and the network plugins
 * wait (reference/storage 5.4), with the marker.
 * @param base what it is made from; where that is no object, it is made anew
 */
export function lockedText(base: string | undefined, marker: RestoreMarker): string {
  const object = base === undefined ? undefined : objectOf(base);
  const { kind = 'ClusterInformation', apiVersion = 'projectcalico.org/v3', metadata, spec, ...rest } = object ?? {};
  const said = isMap(metadata) ? metadata : { name: 'default' };
  const annotations = { ...(isMap(said['annotations']) ? said['annotations'] : {}), [MARKER]: JSON.stringify(marker) };
  return goJson({ kind, apiVersion, metadata: { ...said, annotations }, spec: { ...(isMap(spec) ? spec : {}), datastoreReady: false }, ...rest });
}

/** The marker in a stored ClusterInformation; undefined where there is none. */
export function markerIn(value: string | undefined): RestoreMarker | undefined {
  const metadata = value === undefined ? undefined : objectOf(value)?.['metadata'];
  const annotations = isMap(metadata) ? metadata['annotations'] : undefined;
  const text = isMap(annotations) ? annotations[MARKER] : undefined;
  const marker = typeof text === 'string' ? objectOf(text) : undefined;
  return marker && markerOf(marker);
}

function markerOf({ sha256, mode, begun, before }: Data): RestoreMarker | undefined {
  if (typeof sha256 !== 'string' || typeof begun !== 'string' || (mode !== 'empty' && mode !== 'replace' && mode !== 'merge')) return undefined;
  return { sha256, mode, begun, ...(typeof before === 'string' && { before }) };
}

function objectOf(text: string): Data | undefined {
  try {
    const value = parseJson(text);
    return isMap(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
