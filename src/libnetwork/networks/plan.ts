import type { EngineNetwork, NetworkSpec } from '../engine-network.js';
import { sameSpec, type HostNetwork, type KeptNetworks, type SharedNetwork } from './record.js';

/** What brings the networks of an engine and those of all hosts together. */
export type Step =
  /** Somebody made it here: all hosts are to have it. */
  | { readonly do: 'publish'; readonly network: EngineNetwork }
  /** It is here as everywhere, and that is not written down yet. */
  | { readonly do: 'note'; readonly network: EngineNetwork; readonly shared: SharedNetwork }
  /** Another host made it; or the engine had it and has lost it, which looks the same as when it is about to remove it. */
  | { readonly do: 'create'; readonly spec: NetworkSpec; readonly wasHere: boolean }
  /** Another host removed it, or made it anew and otherwise. */
  | { readonly do: 'remove'; readonly network: EngineNetwork; readonly own: HostNetwork }
  /** The host had it, and it is gone here and everywhere. */
  | { readonly do: 'forget'; readonly own: HostNetwork }
  /** It is not the one that the other hosts have. */
  | { readonly do: 'tell'; readonly name: string; readonly problem: string };

/**
 * Plans what a host does with its networks (reference/libnetwork 4.2). What the host has written down tells a network that is new here
 * from one that was removed elsewhere while nobody looked.
 * @param leaving ids of networks that the engine is about to remove
 */
export function planNetworks(engine: readonly EngineNetwork[], { shared, own, unreadable }: KeptNetworks, leaving: ReadonlySet<string>): readonly Step[] {
  const names = new Set([...engine.map(({ spec }) => spec.name), ...shared.keys(), ...own.keys(), ...unreadable]);
  return [...names].sort().flatMap((name): readonly Step[] => {
    if (unreadable.has(name)) return [{ do: 'tell', name, problem: 'what the datastore says of it cannot be read' }];
    const here = engine.filter(({ spec }) => spec.name === name);
    if (here.some(({ id }) => leaving.has(id))) return [];
    return planOne(name, here, shared.get(name), own.get(name));
  });
}

function planOne(name: string, here: readonly EngineNetwork[], shared: SharedNetwork | undefined, own: HostNetwork | undefined): readonly Step[] {
  const network = here.find(({ id }) => id === own?.id) ?? [...here].sort((a, b) => (a.created < b.created ? -1 : 1))[0];
  const doubles: readonly Step[] = here.length > 1 ? [{ do: 'tell', name, problem: `this engine has ${here.length} networks of this name: only ${network!.id.slice(0, 12)} is that of all hosts` }] : [];
  const isOwn = network !== undefined && own?.id === network.id;
  // One that is written down without an id was being made here for the other hosts when this ended.
  const isMadeHere = isOwn || own?.id === '';
  if (network === undefined) return shared !== undefined ? [{ do: 'create', spec: shared.spec, wasHere: (own?.id ?? '') !== '' }] : own !== undefined ? [{ do: 'forget', own }] : [];
  if (shared === undefined) return [own !== undefined && isMadeHere ? { do: 'remove', network, own } : { do: 'publish', network }, ...doubles];
  if (sameSpec(network.spec, shared.spec)) return isOwn ? doubles : [{ do: 'note', network, shared }, ...doubles];
  if (isOwn) return [{ do: 'remove', network, own }];
  return [{ do: 'tell', name, problem: 'the other hosts have a network of this name with other subnets, families or labels: remove this one, and theirs comes in its place' }];
}
