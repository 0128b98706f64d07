import { expect } from 'chai';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, it } from 'mocha';
import { askBird, BirdFailure, LIMITS } from '../../src/bgp/control-socket.js';
import { readBirds } from '../../src/bgp/local-status.js';
import { describeAsRoot } from '../support/root.js';
import { fakeBird, type FakeBird } from './fake-bird.js';

const GREETING = '0001 BIRD 1.6.8 ready.\n';
/** Only one of the limits is short, so that it is known which one ends the waiting. */
const SHORT_SILENCE = { ...LIMITS, idleMs: 100, totalMs: 1_000_000 };
const SHORT_TALK = { ...LIMITS, idleMs: 1_000_000, totalMs: 400 };
const NOBODY = 65534;

/** What asking came to: the replies, or the reason and the message. */
async function ask(path: string, limits = LIMITS): Promise<unknown> {
  try {
    return await askBird(path, ['show status'], limits);
  } catch (error) {
    if (error instanceof BirdFailure) return [error.reason, error.message];
    throw error;
  }
}

describe('control sockets', () => {
  let bird: FakeBird | undefined;
  afterEach(async () => {
    await bird?.stop();
    bird = undefined;
  });

  const answers = async (answer: (socket: Socket) => void, limits?: typeof LIMITS): Promise<unknown> => {
    bird = await fakeBird(answer);
    return ask(bird.path, limits);
  };

  it('an answer', async () => {
    expect(await answers((socket) => socket.write(GREETING) && socket.on('data', (text) => socket.write(`1000-${String(text)}0013 up\n`)))).to.deep.equal([[{ code: 1000, text: 'show status' }, { code: 13, text: 'up' }]]);
  });

  it('garbage', async () => {
    expect(await answers((socket) => socket.end('SSH-2.0-OpenSSH_9.2p1\r\n'))).to.deep.equal(['garbage', 'the program that answers is not BIRD: it said "SSH-2.0-OpenSSH_9.2p1"']);
  });

  it('something else that speaks in codes', async () => {
    expect(await answers((socket) => socket.write('2200 hello\n'))).to.deep.equal(['garbage', 'the program that answers is not BIRD: it said "hello"']);
  });

  it('an end in the middle of a line', async () => {
    expect(await answers((socket) => socket.end(`${GREETING}1000-BIRD 1.`))).to.deep.equal(['closed', 'the connection ended in the middle of the answer']);
  });

  it('nothing at all, and then the end', async () => {
    expect(await answers((socket) => socket.end())).to.deep.equal(['closed', 'the connection ended in the middle of the answer']);
  });

  it('silence', async () => {
    expect(await answers(() => undefined, SHORT_SILENCE)).to.deep.equal(['silent', 'BIRD did not finish its answer within 0.1 s']);
  });

  it('a stop in the middle', async () => {
    expect(await answers((socket) => socket.write(`${GREETING}1000-BIRD 1.6.8\n`), SHORT_SILENCE)).to.deep.equal(['silent', 'BIRD did not finish its answer within 0.1 s']);
  });

  it('an answer that trickles without end', async () => {
    const timers: NodeJS.Timeout[] = [];
    const outcome = await answers((socket) => {
      socket.write(GREETING);
      timers.push(setInterval(() => socket.write('1000-more\n'), 10));
    }, SHORT_TALK);
    timers.forEach(clearInterval);
    expect(outcome).to.deep.equal(['silent', 'BIRD did not finish its answer within 0.4 s']);
  });

  it('an answer that is too long', async () => {
    const limits = { ...LIMITS, bytes: 100_000 };
    expect(await answers((socket) => socket.write(GREETING + '1000-again\n'.repeat(20_000)), limits)).to.deep.equal(['too-long', 'the answer is longer than 100000 bytes']);
  });

  it('a huge answer within the limit', async () => {
    const rows = Array.from({ length: 20_000 }, (_, index) => ` Mesh_10_0_${index >> 8}_${index & 255} BGP master up 08:10:43 Established`);
    bird = await fakeBird((socket) => {
      socket.write(GREETING);
      socket.on('data', (text) => socket.write(String(text).startsWith('show status') ? '0013 up\n' : `2002-name proto table state since info\n1002-device1 Device master up 08:10:43\n${rows.join('\n')}\n0000 \n`));
    });
    const birds = await readBirds([bird.folder]);
    expect('answer' in birds[4] && birds[4].answer.peers.length).to.equal(20_000);
  });

  it('no socket, a socket nobody listens at, and a file that is none', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'calicoctl-bird-'));
    try {
      writeFileSync(join(folder, 'file'), '');
      expect(await ask(join(folder, 'bird.ctl'))).to.deep.equal(['missing', 'no such socket']);
      expect(await ask(join(folder, 'file', 'bird.ctl'))).to.deep.equal(['missing', 'no such socket']);
      expect(await ask(join(folder, 'file'))).to.deep.equal(['nobody', 'nothing listens; BIRD has ended and left it behind']);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('the second folder is tried where there is nothing in the first, and not where something is', async () => {
    bird = await fakeBird((socket) => socket.end('nonsense'));
    const birds = await readBirds(['/nowhere', bird.folder, '/elsewhere']);
    const failures = (family: 4 | 6): unknown => 'failures' in birds[family] && birds[family].failures.map(({ path, reason }) => [path, reason]);
    expect([failures(4), failures(6)]).to.deep.equal([
      [['/nowhere/bird.ctl', 'missing'], [bird.path, 'garbage']],
      [['/nowhere/bird6.ctl', 'missing'], [`${bird.folder}/bird6.ctl`, 'missing'], ['/elsewhere/bird6.ctl', 'missing']],
    ]);
  });

  it('a table that is none', async () => {
    bird = await fakeBird((socket) => {
      socket.write(GREETING);
      socket.on('data', (text) => socket.write(String(text).startsWith('show status') ? '0013 up\n' : '9001 syntax error\n'));
    });
    const { 4: four } = await readBirds([bird.folder]);
    expect('failures' in four && four.failures.map(({ reason, message }) => [reason, message])).to.deep.equal([['garbage', 'unknown BIRD table output format: it said "syntax error"']]);
  });
});

describeAsRoot('control sockets of another user', () => {
  it('a socket says whether it may be used', async () => {
    const bird = await fakeBird((socket) => socket.write(`${GREETING}0013 up\n`));
    const asNobody = async (): Promise<unknown> => {
      process.seteuid?.(NOBODY);
      try {
        return await ask(bird.path);
      } finally {
        process.seteuid?.(0);
      }
    };
    try {
      chmodSync(bird.folder, 0o755);
      chmodSync(bird.path, 0o600);
      expect(await asNobody()).to.deep.equal(['permission', 'this user may not use it; try as root']);
      chmodSync(bird.path, 0o666);
      expect(await asNobody()).to.deep.equal([[{ code: 13, text: 'up' }]]);
    } finally {
      await bird.stop();
    }
  });
});
