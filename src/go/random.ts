import { Buffer } from 'node:buffer';
import { START_OF_GO_RANDOM } from './random-state.js';

const LENGTH = 607;
const TAP = 273;
/** The modulus of the small generator that spreads the seed, 2^31 - 1. */
const SMALL = 2_147_483_647;
const FACTOR = 48_271n;
const INSTEAD_OF_ZERO = 89_482_311;
/** Steps of the small generator that are thrown away. */
const SKIPPED = 20;

let start: BigUint64Array | undefined;

/** The numbers that Go's math/rand makes of a seed: sums of two earlier ones, 607 and 273 steps back, in 64 bits (reference/ipam 2.1). */
export class GoRandom {
  readonly #state: BigUint64Array;
  #step = 0;

  /** @param seed a whole number, not negative */
  constructor(seed: number) {
    const cooked = (start ??= readStart());
    this.#state = cooked.slice();
    let small = seed % SMALL || INSTEAD_OF_ZERO;
    const next = (): bigint => BigInt((small = Number((FACTOR * BigInt(small)) % BigInt(SMALL))));
    for (let skipped = 0; skipped < SKIPPED; skipped++) next();
    for (let at = 0; at < LENGTH; at++) this.#state[at] = cooked[at]! ^ (next() << 40n) ^ (next() << 20n) ^ next();
  }

  /** The next 64 bits. */
  uint64(): bigint {
    this.#step++;
    const at = (back: number): number => (((back - this.#step) % LENGTH) + LENGTH) % LENGTH;
    const [feed, tap] = [at(LENGTH - TAP), at(0)];
    this.#state[feed] = this.#state[feed]! + this.#state[tap]!;
    return this.#state[feed];
  }

  /** A number from 0 up to the limit, which does not count, as `big.Int.Rand` draws it: of as many bits as the limit has, until one is small enough. */
  below(limit: bigint): bigint {
    const length = limit.toString(2).length;
    const words = Math.ceil(length / 64);
    for (;;) {
      let drawn = 0n;
      for (let word = 0; word < words; word++) drawn |= (this.#uint32() | (this.#uint32() << 32n)) << BigInt(64 * word);
      const value = BigInt.asUintN(length, drawn);
      if (value < limit) return value;
    }
  }

  #uint32(): bigint {
    return BigInt.asUintN(63, this.uint64()) >> 31n;
  }
}

function readStart(): BigUint64Array {
  const bytes = Buffer.from(START_OF_GO_RANDOM, 'base64');
  return BigUint64Array.from({ length: LENGTH }, (_, at) => bytes.readBigUInt64LE(8 * at));
}
