import { expect } from 'chai';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'mocha';
import { readCall, type AttachmentCall } from '../../../src/cni/call.js';
import { addressManagement } from '../../../src/cni/network/delegate.js';
import type { PluginContext } from '../../../src/cni/plugin.js';
import { callEnvironment } from '../../support/cni.js';

const folder = mkdtempSync(join(tmpdir(), 'calicoctl-delegate-'));
after(() => rmSync(folder, { recursive: true }));

const SECRETS = { etcd_username: 'root', etcd_password: 'open"se\\same', policy: { k8s_auth_token: 'token.of.ours' } };

function plugin(name: string, script: string): AttachmentCall {
  writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, name), 0o755);
  return readCall('ADD', callEnvironment('ADD', { CNI_PATH: folder }), JSON.stringify({ cniVersion: '1.0.0', name: 'net1', type: 'calico', ipam: { type: name }, ...SECRETS }));
}

async function failureOfAdd(call: AttachmentCall): Promise<string> {
  const context = { env: { PATH: process.env['PATH'] }, signal: new AbortController().signal } as unknown as PluginContext;
  return addressManagement(call).add(call, context).then(() => 'none', (error: unknown) => (error as Error).message);
}

describe('another plugin that manages addresses', () => {
  it('does not have its failure tell the secrets of the configuration that it reads', async () => {
    const onStderr = await failureOfAdd(plugin('on-stderr', 'cat >&2; exit 3'));
    expect(onStderr).to.match(/^the plugin on-stderr ended with 3: .*"etcd_password":"\*\*\*","policy":\{"k8s_auth_token":"\*\*\*"\}/);
    const asMessage = await failureOfAdd(plugin('as-message', `printf '{"code":7,"msg":"%s"}' 'token.of.ours and open\\"se\\\\same'; exit 1`));
    expect(asMessage).to.equal('*** and ***');
  });

  it('is named where it says itself what went wrong', async () => {
    const failure = async (details: string): Promise<unknown> => {
      const call = plugin('old', `printf '{"code":1,"msg":"incompatible CNI versions"${details}}'; exit 1`);
      return addressManagement(call).add(call, { env: { PATH: process.env['PATH'] }, signal: new AbortController().signal } as unknown as PluginContext).catch((error: unknown) => error);
    };
    expect(await failure(',"details":"config is 9"')).to.include({ code: 1, message: 'incompatible CNI versions', details: 'config is 9; so says the plugin old' });
    expect(await failure('')).to.include({ details: 'so says the plugin old' });
  });

  it('is told by its exit code where it says nothing', async () => {
    expect(await failureOfAdd(plugin('silent', 'exit 3'))).to.equal('the plugin silent ended with 3');
    expect(await failureOfAdd(plugin('odd', 'echo 5'))).to.equal('the plugin odd printed no result');
  });
});
