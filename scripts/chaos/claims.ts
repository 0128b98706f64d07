import { parseCidr } from '../../src/net/address.js';
import { blockKey } from '../../src/ipam/records/keys.js';
import type { StoredObject } from '../../src/resources/kind.js';
import type { ClientParts } from './clients.js';
import type { CommandClaim } from './ledger.js';
import { NAMES, nextOrder, NODES, orderToken, policyKey } from './names.js';

export type Verb = 'create' | 'apply' | 'replace' | 'delete';
export type Said = CommandClaim['said'];

/**
 * Chooses what is to be done to which policies, has it done, and writes down what is said of it.
 * @param act does it to these objects and returns what it says of each name
 */
export async function changing({ book, random }: ClientParts, act: (verb: Verb, objects: readonly StoredObject[]) => Promise<ReadonlyMap<string, Said>>): Promise<void> {
  const verb = random.pick(['create', 'create', 'apply', 'replace', 'delete'] as const);
  const names = random.several(NAMES, random.between(1, 5));
  const order = nextOrder();
  const since = book.newest;
  const work = {};
  book.given.all++;
  book.busy.set(work, names);
  const objects = names.map((name): StoredObject => ({ kind: 'GlobalNetworkPolicy', apiVersion: 'projectcalico.org/v3', metadata: { name }, spec: { order } }));
  const said = await act(verb, objects).finally(() => book.busy.delete(work));
  for (const [name, word] of said) book.commands.push({ command: `${verb} ${names.join(' ')} (${order})`, key: policyKey(name), token: verb === 'delete' ? undefined : orderToken(order), said: word, since });
}

/** Assigns and releases addresses; what could not be done, and what is not known, is an answer. */
export interface AddressWork {
  /** Returns the CIDRs of the blocks that the addresses are in. */
  assign(node: string, count: number, handle: string): Promise<readonly string[] | 'not written' | 'unknown'>;
  release(handle: string): Promise<'released' | 'not written' | 'unknown'>;
}

/** Has one or two addresses assigned under a handle of their own, mostly has them released later, and writes down what is said of both. */
export async function usingAddresses({ book, random }: ClientParts, work: AddressWork): Promise<void> {
  const handle = `h-${nextOrder()}`;
  const handleKey = `/calico/ipam/v2/handle/${handle}`;
  const since = book.newest;
  const claim = (said: Said, key: string): void => void book.commands.push({ command: `ipam assign ${handle}`, key, token: `"${handle}"`, said, since });
  book.given.all++;
  const assigned = await work.assign(random.pick(NODES), random.between(1, 3), handle);
  if (assigned === 'unknown') return;
  if (assigned === 'not written') return claim('not written', handleKey);
  for (const cidr of new Set(assigned)) claim('written', blockKey(parseCidr(cidr)!));
  if (random.chance(0.2)) return;
  const before = book.newest;
  book.given.all++;
  if ((await work.release(handle)) === 'released') book.commands.push({ command: `ipam release ${handle}`, key: handleKey, token: undefined, said: 'deleted', since: before });
}
