import { expect } from 'chai';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { CalicoError } from '../../src/base/errors.js';
import { Engine } from '../../src/libnetwork/engine.js';

/** What an engine does that ends, or is none: a real one does it only now and then (test/e2e/docker.test.ts has one). */
describe('an engine in trouble', () => {
  let folder: string;
  let server: Server;
  let answer: (path: string, send: (status: number, text: string) => void, breakOff: () => void) => void;
  let engine: Engine;
  const signal = new AbortController().signal;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'calicoctl-engine-'));
    const socket = join(folder, 'docker.sock');
    server = createServer((request, response) => answer(request.url ?? '', (status, text) => void response.writeHead(status).end(text), () => {
      response.writeHead(200).write('{');
      setTimeout(() => response.destroy(), 5);
    }));
    await new Promise<void>((resolve) => server.listen(socket, resolve));
    engine = new Engine(socket, signal);
  });
  after(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  const failureOf = (work: Promise<unknown>): Promise<[string, string]> => work.then(() => ['none', ''], (error: unknown) => (error instanceof CalicoError ? [error.meaning, error.message] : ['a bug', String(error)]));

  it('is away where it ends within an answer, or among its events', async () => {
    answer = (_path, _send, breakOff) => breakOff();
    let events = 0;
    for (const work of [() => engine.networks(), () => engine.network('x'), () => engine.removeNetwork('x'), () => engine.watchNetworks(() => events++, signal)]) {
      expect(await failureOf(work())).to.deep.equal(['failed', `the Docker engine does not answer at ${join(folder, 'docker.sock')}: aborted`]);
    }
    expect(events).to.equal(2);
  });

  it('refuses in its own words, or with a number', async () => {
    answer = (_path, send) => send(409, '{"message":"network with name x already exists"}');
    expect(await failureOf(engine.createNetwork({ name: 'x', subnets: [], ipv4: true, ipv6: false, labels: {} }))).to.deep.equal(['exists', 'network with name x already exists']);
    answer = (_path, send) => send(500, '');
    expect(await failureOf(engine.removeNetwork('x'))).to.deep.equal(['failed', 'the Docker engine answers with status 500']);
    expect(await failureOf(engine.watchNetworks(() => undefined, signal))).to.deep.equal(['failed', 'the Docker engine answers with status 500']);
  });

  it('has nothing where it says so, or what it says means nothing', async () => {
    answer = (_path, send) => send(404, '{"message":"no such"}');
    expect([await engine.network('x'), await engine.labelsOf('x')]).to.deep.equal([undefined, undefined]);
    answer = (_path, send) => send(200, 'null');
    expect([await engine.networks(), await engine.network('x'), await engine.labelsOf('x')]).to.deep.equal([[], undefined, undefined]);
    answer = (path, send) => send(200, path.startsWith('/containers/') ? '{"Config":{"Labels":{"a":"1"}}}' : '[{"Driver":"calico","Scope":"swarm"},{"Driver":"bridge","Scope":"local"},7]');
    expect([await engine.networks(), await engine.labelsOf('x')]).to.deep.equal([[], { a: '1' }]);
  });
});
