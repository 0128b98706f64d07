import { expect } from 'chai';
import { readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer as createHttp, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, it } from 'mocha';
import { probe } from '../../../src/agent/probes/index.js';
import type { Process } from '../../../src/host/processes.js';
import { fakeBird, type FakeBird } from '../../bgp/fake-bird.js';
import { logOf } from '../../support/agent-host.js';

/** What the official program said in a state of a node: its two answers over HTTP, its sessions, and for some flags exit code and output. */
interface State {
  readonly about: string;
  readonly felix: { readonly liveness: string; readonly readiness: string };
  readonly bird: Readonly<Record<string, readonly [state: string, session: string]>> | null;
  readonly checks: readonly (readonly [flags: readonly string[], exit: number, output: string])[];
}

const STATES = JSON.parse(readFileSync(new URL('../../cases/dataplane/startup/health.json', import.meta.url), 'utf8')) as State[];
const DEAD_PORT = '1';

const process = (name: string): Process => ({ pid: 1, name, argv: [name] });

/** A node in such a state: what answers, what runs, and how old it is. */
class Node {
  readonly #ends: (() => Promise<unknown>)[] = [];
  birds: FakeBird | undefined;
  running: Process[] = [];
  folder = '/nowhere/run/calico';
  port = DEAD_PORT;
  nodeNameFile = '/nowhere/nodename';

  async felix(answers: State['felix']): Promise<void> {
    const server: Server = createHttp((request, response) => void response.writeHead(Number(request.url === '/liveness' ? answers.liveness : answers.readiness)).end());
    await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
    this.port = String((server.address() as AddressInfo).port);
    this.#ends.push(() => new Promise((resolve) => server.close(resolve)));
  }

  /** BIRD of IPv4 with these sessions; of IPv6 there is none. */
  async bird(sessions: NonNullable<State['bird']>, { recovering = false, ageMs = 0 } = {}): Promise<void> {
    const rows = Object.entries(sessions).map(([name, [state, session]]) => `1002-${name} BGP master ${state} 2026-11-21 ${session}\n`).join('');
    this.birds = await fakeBird((socket) => {
      socket.write('0001 BIRD 1.6.8 ready.\n');
      socket.on('data', (data) => {
        if (data.toString().startsWith('show status')) socket.write(`1000-BIRD 1.6.8\n1011-Router ID is 192.168.40.11\n${recovering ? '0024-Graceful restart recovery in progress\n' : ''}0013 Daemon is up and running\n`);
        else socket.write(`2002-name     proto    table    state  since       info\n${rows}0000 \n`);
      });
    });
    this.folder = this.birds.folder;
    this.nodeNameFile = join(this.folder, 'nodename');
    writeFileSync(this.nodeNameFile, 'node1');
    utimesSync(this.nodeNameFile, new Date(), new Date(Date.now() - ageMs));
    const { stop } = this.birds;
    this.#ends.push(stop);
  }

  async asks(question: 'ready' | 'live', ...args: string[]): Promise<{ exit: number; output: string; lines: string }> {
    const { log, lines } = logOf();
    let output = '';
    const context = { args, env: { FELIX_HEALTHPORT: this.port }, log, print: (text: string) => void (output += text) };
    const exit = await probe(question, context, { folders: [this.folder], nodeNameFile: this.nodeNameFile, processes: () => this.running });
    return { exit, output: output.trim(), lines: lines.join('') };
  }

  async end(): Promise<void> {
    for (const end of this.#ends) await end();
  }
}

const FLAGS: Readonly<Record<string, readonly [question: 'ready' | 'live', flag: string]>> = {
  '-felix-live': ['live', '--felix'], '-felix-ready': ['ready', '--felix'], '-bird-live': ['live', '--bird'], '-bird-ready': ['ready', '--bird'],
};

describe('the probes of a node', () => {
  let node = new Node();
  afterEach(async () => {
    await node.end();
    node = new Node();
  });

  for (const state of STATES) {
    it(`say what the official ones say: ${state.about}`, async () => {
      if (state.felix.liveness !== '000') await node.felix(state.felix);
      const isRecovering = state.about.includes('recovers');
      const isDead = state.bird !== null && Object.keys(state.bird).length === 0;
      if (state.bird !== null) await node.bird(state.bird, { recovering: isRecovering });
      const birdLives = state.checks.find(([flags]) => flags.join() === '-bird-live')![1] === 0;
      if (birdLives) node.running = [process('calico-agent'), process('bird')];
      for (const [flags, exit, output] of state.checks) {
        const known = flags[0] === undefined ? undefined : FLAGS[flags[0]];
        // A socket that nobody listens at, and a node that never started, are looked at below.
        if (known === undefined || flags.length !== 1 || (flags[0] === '-bird-ready' && (isDead || state.bird === null))) continue;
        const answer = await node.asks(...known);
        expect(answer.exit, flags.join(' ')).to.equal(exit);
        const told = output.split('\n').find((line) => line.startsWith('calico/node')) ?? '';
        if (told.includes('probe reporting') || told.includes('BGP not')) expect(answer.output).to.equal(told);
        else if (told.includes('connection refused')) expect(answer.output.replaceAll(`:${DEAD_PORT}`, ':9099')).to.equal(told);
        else expect(answer.output.slice(0, 40)).to.equal(told.slice(0, 40));
      }
    });
  }

  it('need all sessions after the start, and one of them later', async () => {
    const sessions = { Mesh_10_0_0_2: ['up', 'Established'], Global_10_0_0_3: ['start', 'Active'], Node_10_0_0_4_port_1790: ['start', 'Passive'] } as const;
    await node.bird(sessions);
    expect(await node.asks('ready', '--bird')).to.deep.include({ exit: 1, output: 'calico/node is not ready: BIRD is not ready: BGP not established with 10.0.0.3,10.0.0.4' });
    expect(await node.asks('ready', '--bird', '--threshold-time', '0s')).to.deep.include({ exit: 0, output: '' });
    utimesSync(node.nodeNameFile, new Date(), new Date(Date.now() - 31_000));
    expect(await node.asks('ready', '--bird')).to.deep.include({ exit: 0, output: '' });
    expect(await node.asks('ready', '--bird', '--threshold-time=1m')).to.deep.include({ exit: 1 });
  });

  it('wait for the recovery after a restart, and need no peer', async () => {
    await node.bird({ Mesh_10_0_0_2: ['up', 'Established'] }, { recovering: true });
    expect((await node.asks('ready', '--bird')).output).to.equal('calico/node is not ready: BIRD is not ready: graceful restart in progress');
    await node.end();
    node = new Node();
    await node.bird({}, { recovering: true });
    expect(await node.asks('ready', '--bird')).to.deep.include({ exit: 0 });
  });

  it('say what is missing of BIRD and of the node', async () => {
    expect((await node.asks('ready', '--bird')).output).to.equal('calico/node is not ready: BIRD is not ready: failed to stat() nodename file: stat /nowhere/nodename: no such file or directory');
    expect((await node.asks('live', '--bird')).output).to.equal('calico/node is not ready: bird/confd is not live: the agent does not run');
    node.running = [process('calico-agent')];
    expect((await node.asks('live', '--bird6')).output).to.equal('calico/node is not ready: bird6/confd is not live: bird6 does not run');
    node.running.push(process('bird'));
    expect((await node.asks('live', '--bird')).output).to.equal('calico/node is not ready: bird is not live: unable to connect to BIRDv4 socket: dial unix /nowhere/run/calico/bird.ctl: connect: no such file or directory');
    await node.bird({});
    expect((await node.asks('ready', '--bird6')).output).to.match(/^calico\/node is not ready: BIRD6 is not ready: error querying BIRD: unable to connect to BIRDv6 socket: dial unix .*bird6.ctl: connect: no such file or directory$/);
  });

  it('ask for all that the node has where nothing is named, and refuse what they do not know', async () => {
    expect((await node.asks('ready')).output).to.match(/BIRD6 is not ready/);
    await node.felix({ liveness: '200', readiness: '200' });
    const { log } = logOf();
    const env = { CALICO_NETWORKING_BACKEND: 'vxlan', FELIX_HEALTHPORT: node.port };
    expect(await probe('ready', { args: [], env, log, print: () => undefined })).to.equal(0);
    for (const args of [['--felix', '--bgp'], ['--threshold-time', 'soon'], ['--threshold-time']]) expect((await node.asks('live', ...args)).exit).to.equal(2);
  });
});
