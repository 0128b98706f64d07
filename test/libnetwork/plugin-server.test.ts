import { expect } from 'chai';
import { mkdtempSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { pluginServer } from '../../src/libnetwork/plugin-server.js';
import { id } from '../../src/libnetwork/request.js';
import { logOf } from '../support/agent-host.js';
import { askPlugin } from '../support/plugin-client.js';

describe('the server of a driver', () => {
  let folder: string;
  let socket: string;
  let server: Server;
  let lines: readonly string[];

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'calicoctl-plugin-'));
    socket = join(folder, 'x.sock');
    const log = logOf();
    ({ lines } = log);
    const methods = {
      Leave: (request: Readonly<Record<string, unknown>>) => ({ left: id(request, 'EndpointID') }),
      Join: () => Promise.reject(AbortSignal.abort().reason as Error),
      Free: () => { throw new TypeError('x'); },
    };
    server = pluginServer({ name: 'NetworkDriver', methods }, log.log);
    await new Promise<void>((resolve) => server.listen(socket, resolve));
  });
  after(() => {
    server.close();
    server.closeAllConnections();
    rmSync(folder, { recursive: true });
  });

  const errorOf = async (path: string, body?: string | object): Promise<readonly unknown[]> => {
    const { status, body: { Err: error } } = await askPlugin(socket, path, body);
    return [status, error];
  };

  it('tells a request that came a second time, without its body, from a wrong one', async () => {
    expect(await errorOf('NetworkDriver.Leave', {})).to.deep.equal([500, 'EndpointID "" is no id']);
    expect(await errorOf('NetworkDriver.Leave')).to.deep.equal([500, 'the request came without its content, as Docker sends it again where the drivers were away for a moment: try again (EndpointID "" is no id)']);
  });

  it('takes its own end for no bug, and a bug for one', async () => {
    expect(await errorOf('NetworkDriver.Join', {})).to.deep.equal([500, 'the drivers end']);
    expect(lines.join('')).not.to.include('bug');
    expect(await errorOf('NetworkDriver.Free', {})).to.deep.equal([500, 'a bug of the driver, see the log of calico-node']);
    expect(lines.join('')).to.include('NetworkDriver.Free: this is a bug of the driver');
  });

  it('goes on after what is no HTTP, breaks off, or has control characters', async () => {
    const sent = ['\0\x01\x02\r\n\r\n', 'POST /NetworkDriver.Leave HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\n{"End', 'POST /NetworkDriver.Leave HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n'];
    for (const text of sent) await new Promise<void>((resolve) => connect(socket).on('error', () => undefined).on('close', () => resolve()).resume().end(text));
    expect((await errorOf('%1b%5b31m', '{"a":"\\u001b[31m"}'))[0]).to.equal(404);
    expect((await askPlugin(socket, 'NetworkDriver.Leave', { EndpointID: 'a'.repeat(64) })).body).to.deep.equal({ left: 'a'.repeat(64) });
    expect(lines.join('').replaceAll('\n', '')).not.to.match(/[\x00-\x1f]/);
  });
});
