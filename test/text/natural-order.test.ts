import { expect } from 'chai';
import { describe, it } from 'mocha';
import { compareNaturally } from '../../src/text/natural-order.js';

describe('compareNaturally', () => {
  for (const [title, ordered] of [
    ['numbers in names', ['n', 'n1', 'n2', 'n10', 'n10a', 'o1']],
    ['addresses', ['10.0.0.9/32', '10.0.0.10/32', '10.0.1.0/24', '192.168.0.1/32']],
    ['zeros in front', ['a01', 'a1', 'a002', 'a10']],
    ['numbers beyond 2^53', ['9007199254740992', '9007199254740993', '90071992547409920']],
    ['nothing', ['', '0', 'a']],
  ] as const) {
    it(title, () => expect([...ordered].reverse().sort(compareNaturally)).to.deep.equal(ordered));
  }
});
