import { expect } from 'chai';
import { describe, it } from 'mocha';
import { GoRandom } from '../../src/go/random.js';
import { START_OF_GO_RANDOM } from '../../src/go/random-state.js';

const LENGTH = 607;
const TAP = 273;
const BITS = 64n;
/** Room for a coefficient of a product: 64 bits, twice, and the sum of 607. */
const SLOT = 144n;

const wrap = (value: bigint): bigint => BigInt.asUintN(Number(BITS), value);

/** Polynomials as lists of coefficients of 64 bits, reduced by x^607 = x^334 + 1. A product is one of large numbers. */
function product(left: readonly bigint[], right: readonly bigint[]): bigint[] {
  const packed = (list: readonly bigint[]): bigint => BigInt(`0x${list.toReversed().map((each) => each.toString(16).padStart(Number(SLOT / 4n), '0')).join('')}`);
  const digits = (packed(left) * packed(right)).toString(16).padStart((2 * LENGTH - 1) * Number(SLOT / 4n), '0');
  const width = Number(SLOT / 4n);
  const made = Array.from({ length: 2 * LENGTH - 1 }, (_, at) => wrap(BigInt(`0x${digits.slice(digits.length - (at + 1) * width, digits.length - at * width)}`)));
  for (let at = 2 * LENGTH - 2; at >= LENGTH; at--) {
    const high = made[at]!;
    made[at - LENGTH] = wrap(made[at - LENGTH]! + high);
    made[at - TAP] = wrap(made[at - TAP]! + high);
  }
  return made.slice(0, LENGTH);
}

/** The 607 numbers after so many steps from seed 1, by the recurrence y(k) = y(k-607) + y(k-273) and the power of x that leaps over them. */
function stateAfter(steps: number): bigint[] {
  let small = 1n;
  const next = (): bigint => (small = (small * 48_271n) % 2_147_483_647n);
  for (let skipped = 0; skipped < 20; skipped++) next();
  const first = Array.from({ length: LENGTH }, () => wrap((next() << 20n) ^ (next() << 10n) ^ next()));
  const place = (step: number): number => (((333 - step) % LENGTH) + LENGTH) % LENGTH;
  const history = Array.from({ length: LENGTH }, (_, at) => first[place(at)]!);
  for (let at = LENGTH; at < 2 * LENGTH; at++) history.push(wrap(history[at - LENGTH]! + history[at - TAP]!));
  let power = [1n, ...new Array<bigint>(LENGTH - 1).fill(0n)];
  let square = [0n, 1n, ...new Array<bigint>(LENGTH - 2).fill(0n)];
  for (let left = BigInt(steps); left > 0n; left >>= 1n) {
    if ((left & 1n) === 1n) power = product(power, square);
    square = product(square, square);
  }
  const state = new Array<bigint>(LENGTH).fill(0n);
  for (let at = 0; at < LENGTH; at++) state[place(steps - LENGTH + at)] = wrap(power.reduce((sum, each, index) => sum + each * history[at + index]!, 0n));
  return state;
}

describe("Go's random numbers", () => {
  it('begin from the state after 7.8e12 steps', () => {
    const bytes = Buffer.from(START_OF_GO_RANDOM, 'base64');
    expect(Array.from({ length: LENGTH }, (_, at) => bytes.readBigUInt64LE(8 * at))).to.deep.equal(stateAfter(7.8e12));
  });

  it('are those of Go for a seed', () => {
    // The first three of rand.New(rand.NewSource(1)).Uint64(), whose lower 63 bits are what Int63 prints: 5577006791947779410, ...
    const random = new GoRandom(1);
    expect([1, 2, 3].map(() => BigInt.asUintN(63, random.uint64()))).to.deep.equal([5577006791947779410n, 8674665223082153551n, 6129484611666145821n]);
    expect(new GoRandom(0).uint64()).to.equal(new GoRandom(89_482_311).uint64());
    expect(new GoRandom(2 ** 31).uint64()).to.equal(random.uint64.call(new GoRandom(1)));
  });

  it('stay below a limit of any length', () => {
    const random = new GoRandom(7);
    for (const limit of [1n, 2n, 1000n, 1n << 58n, (1n << 64n) + 1n, 3n << 90n]) for (let round = 0; round < 50; round++) expect(random.below(limit) < limit).to.equal(true);
  });
});
