import { expect } from 'chai';
import { describe, it } from 'mocha';
import { libnetwork } from '../../../src/agent/libnetwork/index.js';
import { logOf } from '../../support/agent-host.js';

describe('the part of the agent for Docker', () => {
  async function run(env: Readonly<Record<string, string>>): Promise<[number, readonly string[]]> {
    const { log, lines } = logOf();
    const code = await libnetwork({ args: [], env, log, print: () => undefined, signal: new AbortController().signal, on: () => undefined, version: '1' });
    return [code, lines.map((line) => line.replace(/^.*\] test: /, '').trim())];
  }

  it('ends at once where nobody asked for it', async () => {
    for (const env of [{}, { CALICO_LIBNETWORK_ENABLED: 'false' }]) expect(await run(env)).to.deep.equal([0, ['CALICO_LIBNETWORK_ENABLED is not true: Docker gets no drivers of this node']]);
  });
});
