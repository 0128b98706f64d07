import type { AddressTraits, Traits } from './address-traits.js';
import type { Address } from './packet.js';

/** What a condition can tell of addresses. */
export interface Teller {
  /** Equal for conditions that tell the same. */
  readonly key: string;
  /** Says it of one; of most addresses that is nothing. */
  readonly tell: (address: Address) => string;
}

/** What a hook's rules can tell of an address on one side: by what is there, and by the networks that it is in. */
export type Tellers = Readonly<Record<keyof Traits, readonly Teller[]>>;

/** Of which traits of addresses there is something to tell. Each condition is asked once about each trait, whoever has the condition. */
export class Tellings {
  private readonly known = new Map<string, { next: number; readonly found: { readonly trait: number; readonly text: string }[] }>();

  constructor(private readonly traits: AddressTraits) {}

  /** How many traits there are so far. */
  size(part: keyof Traits): number {
    return this.traits.samples[part].length;
  }

  /** The traits of which a condition tells something, with what that is, in their order. */
  of(part: keyof Traits, { key, tell }: Teller): readonly { readonly trait: number; readonly text: string }[] {
    let known = this.known.get(`${part} ${key}`);
    if (known === undefined) this.known.set(`${part} ${key}`, (known = { next: 0, found: [] }));
    const samples = this.traits.samples[part];
    for (; known.next < samples.length; known.next++) {
      const text = tell(samples[known.next]!);
      if (text !== '') known.found.push({ trait: known.next, text });
    }
    return known.found;
  }
}

/** Kinds of addresses that some conditions tell apart, as small numbers. */
export class AddressKinds {
  private readonly byObjects: TraitKinds;
  private readonly byNets: TraitKinds;
  private readonly known = new Map<number, number>();
  /** Whether there is more than one kind. */
  readonly tells: boolean;

  constructor(tellers: Tellers, tellings: Tellings) {
    this.byObjects = new TraitKinds('objects', tellers.objects, tellings);
    this.byNets = new TraitKinds('nets', tellers.nets, tellings);
    this.tells = tellers.objects.length + tellers.nets.length > 0;
  }

  /** Equal for addresses that no condition tells apart. */
  of({ objects, nets }: Traits): number {
    if (!this.tells) return 0;
    const pair = this.byObjects.of(objects) * PAIRS + this.byNets.of(nets);
    let kind = this.known.get(pair);
    if (kind === undefined) this.known.set(pair, (kind = this.known.size));
    return kind;
  }
}

const PAIRS = 2 ** 24;

/** Kinds of traits: 0 where no condition tells anything. */
class TraitKinds {
  private readonly kinds = new Map<number, number>();
  private readonly numbers = new Map<string, number>();
  private next = 0;

  constructor(
    private readonly part: keyof Traits,
    private readonly tellers: readonly Teller[],
    private readonly tellings: Tellings,
  ) {}

  of(trait: number): number {
    if (trait >= this.next) this.learn();
    return this.kinds.get(trait) ?? 0;
  }

  /** What the conditions tell of the traits that were found since. */
  private learn(): void {
    const texts = new Map<number, string>();
    this.tellers.forEach((teller, at) => {
      const found = this.tellings.of(this.part, teller);
      for (let last = found.length - 1; last >= 0 && found[last]!.trait >= this.next; last--) texts.set(found[last]!.trait, `${texts.get(found[last]!.trait) ?? ''}${at}:${found[last]!.text};`);
    });
    for (const [trait, text] of texts) {
      let number = this.numbers.get(text);
      if (number === undefined) this.numbers.set(text, (number = this.numbers.size + 1));
      this.kinds.set(trait, number);
    }
    this.next = this.tellings.size(this.part);
  }
}
