import { expect } from 'chai';
import { describe, it } from 'mocha';
import { remove, write } from '../support/changes.js';
import { MemoryStore } from '../support/memory-store.js';

describe('a large batch that is interrupted before anything is written', () => {
  const many = { 'a.yaml': Array.from({ length: 1_200 }, (_, index) => ({ apiVersion: 'v1', kind: 'policy', metadata: { name: `p${index}` }, spec: {} })) };
  const signal = AbortSignal.abort(new Error('interrupted'));

  for (const verb of ['create', 'apply', 'replace'] as const) {
    it(`ends at once: ${verb}`, async () => {
      const store = new MemoryStore();
      if (verb === 'replace') await write(store, 'create', many);
      const before = store.content();
      const failure = await write(store, verb, many, { signal }).then(() => undefined, (error: unknown) => error);
      expect(failure).to.equal(signal.reason);
      expect(store.content()).to.deep.equal(before);
      expect(await write(store, verb, many, { signal, dryRun: true }).then(() => undefined, (error: unknown) => error)).to.equal(signal.reason);
    });
  }

  it('ends at once: delete', async () => {
    const store = new MemoryStore();
    await write(store, 'create', many);
    const before = store.content();
    expect(await remove(store, many, { signal }).then(() => undefined, (error: unknown) => error)).to.equal(signal.reason);
    expect(store.content()).to.deep.equal(before);
  });
});
