import { expect } from 'chai';
import { describe, it } from 'mocha';
import { InvalidRequest } from '../../src/base/errors.js';
import { readAt } from '../../src/cli/at.js';

describe('--at', () => {
  const refusal = (text: string, store?: string): string => {
    try {
      return readAt(text, store);
    } catch (error) {
      if (error instanceof InvalidRequest) return error.message;
      throw error;
    }
  };

  it('is a revision', () => {
    expect(['1', '0042', ' 7 ', '9223372036854775807'].map((text) => readAt(text, undefined))).to.deep.equal(['1', '42', '7', '9223372036854775807']);
  });

  it('is no time: etcd keeps none', () => {
    for (const text of ['10m', '2h30m', '1d', '1.5h', '10m ago', '2026-11-30', '2026-11-30T02:00:00Z']) expect(refusal(text)).to.equal(`--at ${JSON.stringify(text)} is a time, and etcd keeps no times: it only counts revisions`);
  });

  it('is nothing else', () => {
    for (const text of ['0', '-1', '1.5', '9223372036854775808', '0x10', '1e3', 'yesterday', '10 m']) expect(refusal(text)).to.equal(`--at ${JSON.stringify(text)} is not a revision`);
  });

  it('does not go with a file, which has one revision', () => {
    expect(refusal('5', 'a.backup')).to.equal('--at cannot be used with a file (--store)');
  });
});
