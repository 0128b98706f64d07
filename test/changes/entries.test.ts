import { expect } from 'chai';
import { describe, it } from 'mocha';
import { Entries, PLAIN } from '../../src/changes/entries.js';
import type { Entry } from '../../src/datastore/store.js';

describe('entries by key', () => {
  const entry = (index: number): Entry => ({ key: `/k${index}`, value: `${index} `.padEnd(20_000, 'é'), modRevision: String(2n ** 60n + BigInt(index)), ...(index % 7 === 0 && { invalid: true }) });
  const count = (2 * PLAIN) / 20_000;

  it('are found as they were, in any order, packed or not', () => {
    const entries = new Entries();
    for (let index = 0; index < count; index++) entries.add(entry(index));
    for (let step = 0; step < count; step++) {
      const index = (step * 1_009) % count;
      expect(entries.get(`/k${index}`)).to.deep.equal(entry(index));
    }
    expect([...entries.keys()]).to.deep.equal(Array.from({ length: count }, (_, index) => `/k${index}`));
    expect([entries.get('/k'), entries.has('/k'), entries.has('/k0')]).to.deep.equal([undefined, false, true]);
  });

  it('take the place of those read without their value, in whichever order they come', () => {
    const whole = entry(1);
    for (const both of [[whole, { ...whole, value: '' }], [{ ...whole, value: '' }, whole]]) {
      const entries = new Entries();
      for (const each of both) entries.add(each);
      expect(entries.get('/k1')).to.deep.equal(whole);
      expect([...entries.keys()]).to.deep.equal(['/k1']);
    }
  });
});
