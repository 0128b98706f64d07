import { formatCidr } from '../net/address.js';
import type { KnownObject } from './known-objects.js';
import { NetworkIndex } from './network-index.js';
import type { Model } from './model.js';
import type { Address } from './packet.js';
import type { Whereabouts } from './whereabouts.js';

/** What rules can know of an address, as numbers that are equal for equal things: the objects there, and the named networks that it is in. */
export interface Traits {
  readonly objects: number;
  readonly nets: number;
}

const OF_MODELS = new WeakMap<Model, AddressTraits>();
const OF_WHEREABOUTS = new WeakMap<Whereabouts, AddressTraits[]>();

/** The traits of addresses in a model; the same ones for models where the same is, if they name the same networks. */
export function addressTraits(model: Model): AddressTraits {
  let traits = OF_MODELS.get(model);
  if (traits === undefined) {
    const { whereabouts } = model.parts;
    const shared = OF_WHEREABOUTS.get(whereabouts) ?? [];
    traits = shared.find((each) => each.isOf(model)) ?? new AddressTraits(model);
    if (!shared.includes(traits)) OF_WHEREABOUTS.set(whereabouts, [...shared, traits]);
    OF_MODELS.set(model, traits);
  }
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

  /** Whether another model names the same networks. */
  isOf(other: Model): boolean {
    return ([4, 6] as const).every((version) => {
      const [own, named] = [this.model.namedNets(version), other.namedNets(version)];
      return own.length === named.length && own.every((net, at) => net === named[at] || formatCidr(net) === formatCidr(named[at]!));
    });
  }

  of(address: Address): Traits {
    let traits = this.known.get(address);
    if (traits === undefined) {
      const { objects, ip } = address;
      const nets = (this.nets[ip.version] ??= this.namedNets(ip.version));
      const there = objects.length === 1 ? objectText(objects[0]!) : [...new Set(objects.map(objectText))].sort().join(' ');
      traits = { objects: this.number('objects', there, address), nets: this.number('nets', `${ip.version} ${nets.find(ip).sort().join()}`, address) };
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

const TEXTS = new WeakMap<KnownObject, string>();

/** What rules can know of an object: equal in all models that have their groups of labels in common. */
function objectText(object: KnownObject): string {
  let text = TEXTS.get(object);
  if (text === undefined) {
    const { group, ports } = object;
    TEXTS.set(object, (text = ports.length === 0 ? String(group) : `${group}:${ports.map(({ name, protocol, port }) => `${name}/${protocol}/${port}`).sort().join(',')}`));
  }
  return text;
}
