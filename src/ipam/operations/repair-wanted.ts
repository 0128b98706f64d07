import type { Store } from '../../datastore/store.js';
import type { Cidr } from '../../net/address.js';
import type { FindingCode } from '../check/finding.js';
import { repairBlock, repairHandles, type HandleRepair } from './repair.js';
import { repairFindings, type FindingRepair } from './repair-findings.js';
import { repairKeys } from './repair-keys.js';

/** What is to be repaired. */
export interface RepairRequest {
  readonly blocks: readonly Cidr[];
  readonly handles: readonly string[];
  readonly keys: readonly string[];
  readonly codes: readonly FindingCode[];
}

/** What was repaired, or why not, as soon as it is known. */
export type Repaired =
  /** `kept` says why the block is left as it is, where it is. */
  | { readonly of: 'block'; readonly cidr: Cidr; readonly done: readonly string[]; readonly kept: string | undefined }
  | { readonly of: 'handles'; readonly repairs: ReadonlyMap<string, HandleRepair> }
  /** What was done with each key. */
  | { readonly of: 'keys'; readonly done: readonly { readonly key: string; readonly what: string }[] }
  | { readonly of: 'finding'; readonly code: FindingCode; readonly result: FindingRepair };

/** Repairs what is wanted, step by step. Throws CalicoError where that cannot be. */
export async function* repairWanted(store: Store, { blocks, handles, keys, codes }: RepairRequest, now: () => Date): AsyncGenerator<Repaired> {
  for (const cidr of blocks) {
    const { done, kept } = await repairBlock(store, cidr);
    yield { of: 'block', cidr, done, kept };
  }
  if (handles.length > 0) yield { of: 'handles', repairs: await repairHandles(store, handles) };
  const done = await repairKeys(store, keys, now);
  yield { of: 'keys', done: done.map((what, index) => ({ key: keys[index]!, what })) };
  for (const code of codes) yield { of: 'finding', code, result: await repairFindings(store, code, now) };
}
