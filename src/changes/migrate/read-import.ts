import { isMap, type Data } from '../../base/data.js';
import { CalicoError, ListedError, type Diagnostic } from '../../base/errors.js';
import type { Blocking } from '../../manifest/documents.js';
import { goJson } from '../../go/json.js';
import { parseJson } from '../../go/read-json.js';
import type { Target } from '../../objects/target.js';
import { readTargets } from '../read-targets.js';
import { canonicalRecord, kindOfKey } from './ipam.js';
import { PART } from './kinds.js';

/** What an export says: everything in it was found right. */
export interface Import {
  readonly targets: readonly Target[];
  readonly warnings: readonly Diagnostic[];
  /** What of ClusterInformation goes on in the new datastore. */
  readonly cluster: { readonly clusterGUID?: string; readonly calicoVersion?: string };
  /** Keys of address management with the text that is stored. */
  readonly records: ReadonlyMap<string, string>;
}

/** How a file is read. */
export interface ImportOptions {
  readonly uuid: () => string;
  readonly blocking: Blocking;
}

/**
 * Reads what `datastore migrate export` printed.
 * @param name what the file is called in messages
 * @throws ManifestError for resources that are wrong, CalicoError for anything else that no export holds
 */
export async function readImport(name: string, bytes: Buffer, { uuid, blocking }: ImportOptions): Promise<Import> {
  const parts = bytes.toString('utf8').split(/^===\r?\n/m);
  const [resources, cluster, ipam] = parts;
  if (parts.length !== 3 || resources === undefined || cluster === undefined || ipam === undefined) {
    throw new CalicoError('invalid-document', `${name} is not what \`datastore migrate export\` prints: it has ${parts.length} ${parts.length === 1 ? 'part' : 'parts'}, not three with a line ${PART.trim()} between them`);
  }
  const { targets, warnings } = await readTargets(['-'], { verb: 'apply', skipEmpty: true, stdin: streamOf(resources), stdinName: name, uuid, blocking });
  return { targets, warnings, cluster: clusterOf(name, objectOf(name, 'ClusterInformation', cluster)), records: recordsOf(name, objectOf(name, 'address management', ipam)) };
}

async function* streamOf(text: string): AsyncGenerator<Buffer> {
  yield await Promise.resolve(Buffer.from(text));
}

function objectOf(name: string, part: string, text: string): Data {
  try {
    const value = parseJson(text);
    if (isMap(value)) return value;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new CalicoError('invalid-document', `${name}: the part with ${part} is no JSON object`);
}

function clusterOf(name: string, { kind, spec }: Data): Import['cluster'] {
  if (kind !== 'ClusterInformation' || !isMap(spec)) throw new CalicoError('invalid-document', `${name}: the second part is no ClusterInformation`);
  const { clusterGUID, calicoVersion } = spec;
  return { ...(typeof clusterGUID === 'string' && { clusterGUID }), ...(typeof calicoVersion === 'string' && { calicoVersion }) };
}

/** The fields of the third part: lists of records, and one that stands alone. */
const FIELDS: Readonly<Record<string, string>> = { block_affinities: 'affinity', blocks: 'block', handles: 'handle', config: 'config' };

function recordsOf(name: string, ipam: Data): ReadonlyMap<string, string> {
  const records = new Map<string, string>();
  const problems: string[] = [];
  for (const [field, value] of Object.entries(ipam)) {
    const kind = Object.hasOwn(FIELDS, field) ? FIELDS[field] : undefined;
    const list: readonly unknown[] | undefined = value === null ? [] : field === 'config' ? [value] : Array.isArray(value) ? value : undefined;
    if (kind === undefined || list === undefined) problems.push(`${name}: ${field} is no list of address management`);
    else for (const [index, record] of list.entries()) addRecord(record, kind, `${name}: ${field}[${index}]`, { records, problems });
  }
  if (problems.length > 0) throw new ListedError('invalid-document', problems);
  return records;
}

function addRecord(record: unknown, kind: string, place: string, { records, problems }: { readonly records: Map<string, string>; readonly problems: string[] }): void {
  const key = isMap(record) ? record['Key'] : undefined;
  const found = typeof key === 'string' ? kindOfKey(key) : undefined;
  if (!isMap(record) || typeof key !== 'string' || found === undefined || found !== kind) problems.push(`${place} is no ${kind}: its Key is ${goJson(key ?? null)}`);
  else if ((record['TTL'] ?? 0) !== 0) problems.push(`${place}: a TTL is not kept`);
  else if (records.has(key)) problems.push(`${place}: ${key} is given twice`);
  else {
    const text = canonicalRecord(found, goJson(record['Value'] ?? null));
    if (typeof text === 'string') records.set(key, text);
    else problems.push(`${place} cannot be read: ${text.problem}`);
  }
}
