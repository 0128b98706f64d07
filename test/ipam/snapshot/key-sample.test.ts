import { expect } from 'chai';
import { describe, it } from 'mocha';
import { KeySample } from '../../../src/ipam/snapshot/key-sample.js';

/** 32,000 keys of equal length, in an order of their own. */
const KEYS = Array.from({ length: 32_000 }, (_, index) => String((index * 7919) % 32_000).padStart(5, '0'));

describe('a sample of keys', () => {
  it('divides a list into parts of about the size asked for', () => {
    const sample = new KeySample();
    for (const key of KEYS) if (sample.wants()) sample.add(key);
    const boundaries = sample.boundaries(3200);
    expect(boundaries).to.deep.equal([...boundaries].sort());
    const parts = ['', ...boundaries].map((from, index) => KEYS.filter((key) => key >= from && (index === boundaries.length || key < boundaries[index]!)).length);
    expect(parts.length).to.equal(10);
    expect(parts.filter((count) => count < 2600 || count > 3800)).to.deep.equal([]);
  });

  it('asks for few of the keys, and divides nothing where few are expected', () => {
    const sample = new KeySample();
    let asked = 0;
    for (const key of KEYS.slice(0, 3200)) {
      if (!sample.wants()) continue;
      asked++;
      sample.add(key);
    }
    expect(asked).to.equal(50);
    expect(sample.boundaries(3200)).to.deep.equal([]);
    expect(new KeySample().boundaries(3000)).to.deep.equal([]);
  });
});
