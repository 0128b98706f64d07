import type { ICompare, IKeyValue, IRangeRequest, IRequestOp, ITxnRequest } from 'etcd3';
import { Status } from '../../src/datastore/etcd/failure.js';
import { CallFailure } from '../../src/datastore/etcd/member.js';

/** One change of one key: what it is afterwards, undefined where it was deleted. */
export interface ModelEvent {
  readonly revision: number;
  readonly key: string;
  readonly value: string | undefined;
  readonly author: string;
}

interface Answer {
  readonly header: { readonly revision: string };
}

/** etcd in memory, as far as it concerns keys, transactions and history: every revision can be read, and every change has an author. */
export class ModelEtcd {
  readonly events: ModelEvent[] = [];
  revision = 1;
  #compacted = 0;
  /** The states of each key, in order of their revisions. */
  readonly #states = new Map<string, { readonly revision: number; readonly kv: IKeyValue | undefined }[]>();

  /** Changes keys in one revision; those that are undefined are deleted, where they exist. Returns whether anything changed. */
  change(author: string, changes: Readonly<Record<string, string | undefined>>): boolean {
    const real = Object.entries(changes).filter(([key, value]) => value !== undefined || this.at(key) !== undefined);
    if (real.length === 0) return false;
    this.revision++;
    for (const [key, value] of real) this.#write(author, key, value);
    return true;
  }

  /** A key at a revision. */
  at(key: string, revision = this.revision): IKeyValue | undefined {
    return this.#states.get(key)?.findLast((state) => state.revision <= revision)?.kv;
  }

  compact(): void {
    this.#compacted = this.revision;
  }

  range(request: IRangeRequest): unknown {
    const kvs = this.#range(request);
    return { ...this.#header(), kvs, more: false, count: String(kvs.length) };
  }

  txn(author: string, { compare = [], success = [], failure = [] }: ITxnRequest): unknown {
    const succeeded = compare.every((each) => this.#holds(each));
    const chosen = succeeded ? success : failure;
    const reads = chosen.flatMap((each) => (each.request_range ? [each.request_range] : []));
    for (const each of reads) this.#checkRevision(each);
    const changes = Object.fromEntries(chosen.flatMap(changeOf));
    this.change(author, changes);
    return { ...this.#header(), succeeded, responses: reads.map((each) => ({ response_range: { kvs: this.#range(each), more: false } })) };
  }

  #write(author: string, key: string, value: string | undefined): void {
    const before = this.at(key);
    const states = this.#states.get(key) ?? [];
    this.#states.set(key, states);
    const text = String(this.revision);
    const kv = value === undefined ? undefined : { key: Buffer.from(key), value: Buffer.from(value), create_revision: before?.create_revision ?? text, mod_revision: text, version: String(Number(before?.version ?? 0) + 1), lease: '0' };
    states.push({ revision: this.revision, kv });
    this.events.push({ revision: this.revision, key, value, author });
  }

  #range(request: IRangeRequest): IKeyValue[] {
    this.#checkRevision(request);
    const revision = Number(request.revision ?? 0) || this.revision;
    const [from, to] = [String(request.key), request.range_end === undefined ? undefined : String(request.range_end)];
    const keys = to === undefined ? [from] : [...this.#states.keys()].filter((key) => key >= from && (to === '\0' || key < to)).sort();
    const kvs = keys.flatMap((key) => this.at(key, revision) ?? []);
    return request.keys_only === true ? kvs.map((kv) => ({ ...kv, value: Buffer.alloc(0) })) : kvs;
  }

  #checkRevision(request: IRangeRequest): void {
    const revision = Number(request.revision ?? 0);
    if (revision > this.revision) throw new CallFailure('model', Status.outOfRange, 'etcdserver: mvcc: required revision is a future revision');
    if (revision > 0 && revision < this.#compacted) throw new CallFailure('model', Status.outOfRange, 'etcdserver: mvcc: required revision has been compacted');
  }

  #holds({ key, target, result, create_revision, mod_revision }: ICompare): boolean {
    const kv = this.at(String(key));
    if (result === 'Less') return false;
    return target === 'Create' ? (kv?.create_revision ?? '0') === String(create_revision) : (kv?.mod_revision ?? '0') === String(mod_revision);
  }

  #header(): Answer {
    return { header: { revision: String(this.revision) } };
  }
}

function changeOf({ request_put, request_delete_range }: IRequestOp): [string, string | undefined][] {
  if (request_put) return [[String(request_put.key), String(request_put.value)]];
  return request_delete_range ? [[String(request_delete_range.key), undefined]] : [];
}
