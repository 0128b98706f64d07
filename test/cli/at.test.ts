import { expect } from 'chai';
import { describe, it } from 'mocha';
import { InvalidRequest } from '../../src/base/errors.js';
import { readAt, type Moment } from '../../src/cli/at.js';

const NOW = new Date('2026-11-30T12:00:00Z');

describe('--at', () => {
  const refusal = (text: string, store?: string): string | Moment => {
    try {
      return readAt(text, store, NOW);
    } catch (error) {
      if (error instanceof InvalidRequest) return error.message;
      throw error;
    }
  };

  it('is a revision', () => {
    expect(['1', '0042', ' 7 ', '9223372036854775807'].map((text) => refusal(text))).to.deep.equal(['1', '42', '7', '9223372036854775807'].map((revision) => ({ revision })));
  });

  it('is a time with its zone, or how long ago', () => {
    const times = {
      '10m': '11:50:00.000Z', '2h30m': '09:30:00.000Z', '1.5h': '10:30:00.000Z', '10m ago': '11:50:00.000Z', '0s': '12:00:00.000Z',
      '2026-11-30T02:00:00Z': '02:00:00.000Z', '2026-11-30T04:00:00+02:00': '02:00:00.000Z', '2026-11-30 02:00:00.5z': '02:00:00.500Z',
    };
    for (const [text, time] of Object.entries(times)) expect(refusal(text), text).to.deep.equal({ time: `2026-11-30T${time}` });
    expect(refusal('1d')).to.deep.equal({ time: '2026-11-29T12:00:00.000Z' });
    expect(refusal('999999999w')).to.deep.equal({ time: '1970-01-01T00:00:00.000Z' });
  });

  it('is of the past', () => {
    expect(refusal('2026-11-30T12:00:01Z')).to.equal('--at "2026-11-30T12:00:01Z" is in the future');
  });

  it('is nothing else', () => {
    const wrong = ['0', '-1', '1.5', '9223372036854775808', '0x10', '1e3', 'yesterday', '10 m', '2026-11-30', '2026-11-30T02:00:00', '2026-13-30T02:00:00Z', '2026-02-30T02:00:00Z', '2026-11-30T25:00:00Z'];
    for (const text of wrong) expect(refusal(text)).to.equal(`--at ${JSON.stringify(text)} is neither a revision nor a time`);
  });

  it('does not go with a file, which has one revision', () => {
    expect(refusal('5', 'a.backup')).to.equal('--at cannot be used with a file (--store)');
  });
});
