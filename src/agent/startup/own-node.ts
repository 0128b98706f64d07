import { asNumberOf, HIGHEST_AS_NUMBER } from '../../net/as-number.js';
import { isMap, type Data } from '../../base/data.js';
import { CalicoError } from '../../base/errors.js';
import type { Sources } from '../../changes/initialize.js';
import type { Store } from '../../datastore/store.js';
import { prefixOf } from '../../resources/keys.js';
import { decodeStored, isCorrupt } from '../../resources/stored-value.js';
import { node, type NodeSpec } from '../../resources/v3/node.js';
import type { AsStored } from '../../resources/fields/field.js';
import { FAMILIES, findAddresses, isSameAddress, NoAddress, storedAddresses, withoutDetected, type AddressContext, type Addresses } from './addresses.js';
import { initialize } from './defaults.js';
import { Overtaken } from '../repeat.js';
import type { Found } from '../../changes/stored-object.js';
import { create, read, replace } from './objects.js';

/** What is needed to write the Node of this host. */
export interface NodeContext extends AddressContext {
  readonly store: Store;
  readonly sources: Sources;
  readonly name: string;
}

/**
 * Writes the Node of this host with what follows from the variables (reference/node-agent 3, 5); one that says all of it is left
 * alone. Throws CalicoError where the node cannot start, and Overtaken where somebody else changed it meanwhile.
 */
export async function writeOwnNode(context: NodeContext): Promise<void> {
  const found = await read(context.store, node, context.name);
  const withAddresses = context.env['CALICO_NETWORKING_BACKEND'] === 'none' ? undefined : await addressed(context, found);
  const withAs = withAddresses === undefined ? undefined : withAsNumber(context, withAddresses);
  const spec = withReference(context.env['CALICO_K8S_NODE_REF'] ?? '', withAs ?? found?.object.spec);
  if (spec !== undefined) await write(context, found, spec);
}

/** Looks for the addresses again, and writes them where they are others. Throws as writeOwnNode does; a node that is gone is not made anew. */
export async function writeAddresses(context: NodeContext): Promise<void> {
  const found = await read(context.store, node, context.name);
  if (found === undefined) return;
  await write(context, found, await addressed(context, found));
}

/** The spec with the addresses of today. Where there are none, what is left of those that were stored is written first. */
async function addressed(context: NodeContext, found: Found<NodeSpec> | undefined): Promise<AsStored<NodeSpec>> {
  const spec = found?.object.spec ?? {};
  const before = storedAddresses(spec);
  try {
    const after = await findAddresses(context, before);
    const isChanged = JSON.stringify(after) !== JSON.stringify(before);
    if (isChanged && context.env['DISABLE_NODE_IP_CHECK'] !== 'true') await checkConflicts(context, before, after);
    return saying(spec, after);
  } catch (error) {
    if (error instanceof NoAddress && error.leaves !== undefined && found !== undefined) await replace(context.store, node, found, saying(spec, error.leaves));
    throw error;
  }
}

/** The spec with these addresses; a `bgp` that says nothing is left out. */
function saying(spec: AsStored<NodeSpec>, { interfaces, ...addresses }: Addresses): AsStored<NodeSpec> {
  const bgp = withoutUndefined({ ...(isMap(spec.bgp) ? spec.bgp : {}), ...addresses });
  return withoutUndefined({ ...spec, bgp: Object.keys(bgp).length > 0 ? bgp : undefined, interfaces: interfaces.length > 0 ? interfaces : undefined });
}

function withoutUndefined(data: Data): Data {
  return Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined));
}

/** Says that the own addresses are others now. Throws NoAddress where another node has one of them (reference/node-agent 3.1). */
async function checkConflicts(context: NodeContext, before: Addresses, after: Addresses): Promise<void> {
  const { log, name } = context;
  for (const { version, field } of FAMILIES) {
    if (before[field] === undefined || after[field] === undefined || isSameAddress(before[field], after[field])) continue;
    log.warning(`the IPv${version} address of this node is ${after[field]} now and was ${before[field]}: if it did not move, another host has the same node name, ${name}`);
  }
  const taken = new Map<'ipv4Address' | 'ipv6Address', string>();
  for (const [other, theirs] of await otherNodes(context)) {
    for (const { version, field } of FAMILIES) {
      if (!isSameAddress(theirs[field], after[field])) continue;
      log.warning(`Calico node '${other}' is already using the IPv${version} address ${after[field]?.split('/')[0]}.`);
      taken.set(field, `the IPv${version} address of this node is that of another one, ${other}`);
    }
  }
  if (taken.size > 0) throw new NoAddress([...taken.values()].join('; '), withoutDetected(context, after, [...taken.keys()]));
}

async function otherNodes({ store, name, log }: NodeContext): Promise<(readonly [name: string, addresses: Addresses])[]> {
  const others: (readonly [string, Addresses])[] = [];
  for await (const { entries } of store.list(prefixOf(node))) {
    for (const entry of entries) {
      const object = decodeStored(node, entry);
      if (isCorrupt(object)) log.warning(`${entry.key} cannot be read, so that nobody knows its addresses: ${object.reason}`);
      else if (object.metadata.name !== name) others.push([object.metadata.name, storedAddresses(object.spec)]);
    }
  }
  return others;
}

function withAsNumber({ env, log }: NodeContext, spec: AsStored<NodeSpec>): AsStored<NodeSpec> {
  const text = env['AS'] ?? '';
  if (text === '') return spec;
  const asNumber = asNumberOf(text);
  if (asNumber === undefined || asNumber > HIGHEST_AS_NUMBER) throw new CalicoError('invalid-request', `AS=${text} is not an AS number`);
  log.info(`the AS number ${asNumber} is given by AS`);
  return { ...spec, bgp: { ...(isMap(spec.bgp) ? spec.bgp : {}), asNumber } };
}

function withReference(nodeName: string, spec: AsStored<NodeSpec> | undefined): AsStored<NodeSpec> | undefined {
  return nodeName === '' ? spec : { ...spec, orchRefs: [{ nodeName, orchestrator: 'k8s' }] };
}

/** The first Node of a datastore is written behind what every datastore starts with. */
async function write(context: NodeContext, found: Found<NodeSpec> | undefined, spec: AsStored<NodeSpec>): Promise<void> {
  const { store, name, sources } = context;
  if (found !== undefined) return replace(store, node, found, spec);
  checkName(name);
  await initialize(store, sources);
  if (!(await create(store, node, name, spec, sources))) throw new Overtaken(`Node(${name}) was created meanwhile`);
}

function checkName(name: string): void {
  const problem = node.nameProblem(name);
  if (problem !== undefined) throw new CalicoError('invalid-request', `the node cannot be called so: ${problem}`);
}
