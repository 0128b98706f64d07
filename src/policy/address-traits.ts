import { NetworkIndex } from './network-index.js';
import type { Model } from './model.js';
import type { Address } from './packet.js';

/** What rules can know of an address, as numbers that are equal for equal things: the objects there, and the named networks that it is in. */
export interface Traits {
  readonly objects: number;
  readonly nets: number;
}

const OF_MODELS = new WeakMap<Model, AddressTraits>();

/** The traits of addresses in a model. */
export function addressTraits(model: Model): AddressTraits {
  let traits = OF_MODELS.get(model);
  if (traits === undefined) OF_MODELS.set(model, (traits = new AddressTraits(model)));
  return traits;
}

export class AddressTraits {
  private readonly known = new WeakMap<Address, Traits>();
  /** An address of each trait. */
  readonly samples: Readonly<Record<keyof Traits, Address[]>> = { objects: [], nets: [] };
  private readonly numbers = { objects: new Map<string, number>(), nets: new Map<string, number>() };
  private readonly nets: { 4?: NetworkIndex<number>; 6?: NetworkIndex<number> } = {};

  /** @param model use `addressTraits`, which makes one for each model */
  constructor(private readonly model: Model) {}

  of(address: Address): Traits {
    let traits = this.known.get(address);
    if (traits === undefined) {
      const { objects, ip } = address;
      const nets = (this.nets[ip.version] ??= this.namedNets(ip.version));
      traits = { objects: this.number('objects', objects.map(objectText).sort().join(' '), address), nets: this.number('nets', `${ip.version} ${nets.find(ip).sort().join()}`, address) };
      this.known.set(address, traits);
    }
    return traits;
  }

  private number(part: keyof Traits, text: string, address: Address): number {
    let number = this.numbers[part].get(text);
    if (number === undefined) {
      this.numbers[part].set(text, (number = this.samples[part].length));
      this.samples[part].push(address);
    }
    return number;
  }

  private namedNets(version: 4 | 6): NetworkIndex<number> {
    const index = new NetworkIndex<number>();
    this.model.namedNets(version).forEach((net, at) => index.add(net, at));
    return index;
  }
}

function objectText({ group, ports }: Address['objects'][number]): string {
  return ports.length === 0 ? String(group) : `${group}:${ports.map(({ name, protocol, port }) => `${name}/${protocol}/${port}`).sort().join(',')}`;
}
