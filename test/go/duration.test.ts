import { expect } from 'chai';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { formatDuration, parseDuration } from '../../src/go/duration.js';
import { propertyRuns } from '../support/runs.js';

describe('duration', () => {
  const cases: [string, string][] = [
    ['90s', '1m30s'],
    ['0', '0s'],
    ['-0', '0s'],
    ['0h', '0s'],
    ['1h', '1h0m0s'],
    ['125m', '2h5m0s'],
    ['12.345s', '12.345s'],
    ['1.5s', '1.5s'],
    ['-1.5h', '-1h30m0s'],
    ['+.5m', '30s'],
    ['1500ms', '1.5s'],
    ['999us', '999µs'],
    ['1.5μs', '1.5µs'],
    ['5ns', '5ns'],
    ['1h2m3s4ms5us6ns', '1h2m3.004005006s'],
  ];
  for (const [given, canonical] of cases) {
    it(`reads ${given} as ${canonical}`, () => {
      expect(formatDuration(parseDuration(given) as bigint)).to.equal(canonical);
    });
  }

  it('refuses what Go refuses', () => {
    const refused = ['', '5', '3m20', 's', '.s', '1 s', '1d', '--1s', '10s/32', '2562048h', '9999999999h', 'true'];
    expect(refused.filter((text) => parseDuration(text) !== undefined)).to.deep.equal([]);
  });

  it('prints what it reads back', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n - 1n), max: 2n ** 63n - 1n }), (nanoseconds) => parseDuration(formatDuration(nanoseconds)) === nanoseconds),
      propertyRuns(),
    );
  });
});
