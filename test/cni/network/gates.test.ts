import { expect } from 'chai';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'mocha';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkGates, waitForGates } from '../../../src/cni/network/gates.js';
import { waitUntilProgrammed } from '../../../src/cni/network/programmed.js';
import { Log } from '../../../src/text/log.js';
import { Failure } from '../../../src/cni/failure.js';

const lines: string[] = [];
const context = (signal = new AbortController().signal) => ({ log: new Log((line) => void lines.push(line), 'calico', 1), signal });
const QUICK = { totalMs: 200, answerMs: 100, pauseMs: 20 };

async function failing(work: Promise<unknown>): Promise<Failure> {
  const error: unknown = await work.then(() => undefined, (reason: unknown) => reason);
  if (error instanceof Failure) return error;
  throw new Error(`it ended with ${String(error)}`);
}

describe('readiness gates', () => {
  let server: Server;
  let url: string;
  let statuses: number[] = [];

  before(async () => {
    server = createServer((request, response) => {
      if (request.url === '/silent') return;
      response.statusCode = statuses.shift() ?? 200;
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  it('are waited for until they are open', async () => {
    statuses = [503, 503, 302];
    await waitForGates([`${url}/readiness`], context(), QUICK);
    expect(statuses).to.deep.equal([]);
    expect(lines.at(-1)).to.contain('/readiness is not ready: it answers 503');
  });

  it('that stay closed are a reason to call again', async () => {
    statuses = Array.from({ length: 50 }, () => 503);
    expect(await failing(waitForGates([url], context(), QUICK))).to.include({ code: 11, message: `${url}/ is not ready: it answers 503` });
    expect(await failing(waitForGates([`${url}/silent`], context(), QUICK))).to.include({ code: 11, message: `${url}/silent is not ready: it does not answer` });
    expect((await failing(waitForGates(['http://127.0.0.1:1'], context(), QUICK))).message).to.contain('ECONNREFUSED');
  });

  it('are asked once for STATUS', async () => {
    statuses = [503];
    expect(await failing(checkGates([url], context()))).to.include({ code: 51 });
    await checkGates([url], context());
  });

  it('are addresses', async () => {
    for (const wrong of ['', 'localhost:9099', 'ftp://localhost', '/readiness']) expect(await failing(waitForGates([wrong], context(), QUICK)), wrong).to.include({ code: 7, message: `readiness_gates: ${JSON.stringify(wrong)} is not an address such as http://localhost:9099/readiness` });
  });

  it('are not waited for when the process is asked to end', async () => {
    statuses = Array.from({ length: 50 }, () => 503);
    const ending = new AbortController();
    setTimeout(() => ending.abort(new Error('SIGTERM')), 30);
    expect(await waitForGates([url], context(ending.signal), { ...QUICK, totalMs: 60_000 }).then(() => 'open', (error: unknown) => (error as Error).name)).to.equal('AbortError');
  });
});

describe('waiting until the node has programmed an endpoint', () => {
  const folder = mkdtempSync(join(tmpdir(), 'calicoctl-status-'));
  after(() => rmSync(folder, { recursive: true }));
  const container = { node: 'node-a', namespace: 'default', containerId: 'abc' };

  it('ends with the file that says so', async () => {
    setTimeout(() => writeFileSync(join(folder, 'k8s prod%2Fweb-1 eth0'), '{}'), 60);
    const before = lines.length;
    await waitUntilProgrammed({ ...container, namespace: 'prod', pod: 'web-1' }, 'eth0', { policySetupTimeoutSeconds: 60, endpointStatusDir: folder }, context());
    expect(lines.length).to.equal(before);
  });

  it('ends after the time that the configuration gives, and not at all without one', async () => {
    await waitUntilProgrammed(container, 'eth0', { policySetupTimeoutSeconds: 0, endpointStatusDir: folder }, context());
    await waitUntilProgrammed(container, 'eth0', { policySetupTimeoutSeconds: 0.1, endpointStatusDir: folder }, context());
    expect(lines.at(-1)).to.contain(`the container starts without: ${join(folder, 'cni default%2Fabc eth0')} is not there`);
  });
});
