import { expect } from 'chai';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { NotBirdError, ReplyReader, type Reply } from '../../src/bgp/reply.js';
import { propertyRuns } from '../support/runs.js';
import { recorded, repliesIn } from './replies.js';

describe('replies of BIRD', () => {
  it('a greeting and a status', () => {
    expect(repliesIn(recorded('bird1-show-status'))).to.deep.equal([
      [{ code: 1, text: 'BIRD 1.6.8 ready.' }],
      [
        { code: 1000, text: 'BIRD 1.6.8' },
        { code: 1011, text: 'Router ID is 192.168.40.11' },
        { code: 1011, text: 'Current server time is 2026-11-21 08:12:56' },
        { code: 1011, text: 'Last reboot on 2026-11-21 08:10:42' },
        { code: 1011, text: 'Last reconfiguration on 2026-11-21 08:10:42' },
        { code: 13, text: 'Daemon is up and running' },
      ],
    ]);
  });

  it('whatever the pieces it comes in, it is the same', () => {
    const text = recorded('bird2-show-protocols-all');
    const whole = repliesIn(text);
    for (let size = 1; size < 100; size++) {
      const reader = new ReplyReader();
      const replies: Reply[] = [];
      for (let at = 0; at < text.length; at += size) replies.push(...reader.push(text.slice(at, at + size)));
      expect(replies).to.deep.equal(whole);
    }
  });

  it('messages that come in between are left out', () => {
    expect(repliesIn('0001 BIRD 1.6.8 ready.\n1000-BIRD 1.6.8\n+log: something\n0013 up\n')[1]).to.deep.equal([
      { code: 1000, text: 'BIRD 1.6.8' },
      { code: 13, text: 'up' },
    ]);
  });

  const garbage = ['SSH-2.0-OpenSSH_9.2p1\n', 'HTTP/1.1 400 Bad Request\n', ' leads nowhere\n', '12\n', '00001 five digits\n', '\u0000\u0001\u0002', '000x', '123-'];
  for (const text of garbage) {
    it(`${JSON.stringify(text)} is not BIRD's`, () => {
      expect(() => repliesIn(text)).to.throw(NotBirdError);
    });
  }

  it('a long line of garbage is found before it ends, and shown in part', () => {
    expect(() => repliesIn('x'.repeat(10_000))).to.throw(NotBirdError, `it said "${'x'.repeat(60)}"`);
  });

  it('any text is either replies or not of BIRD, in one piece as in several', () => {
    const line = fc.oneof(fc.string(), fc.tuple(fc.integer({ min: 0, max: 9999 }), fc.constantFrom('-', ' ', 'x'), fc.string()).map(([code, mark, text]) => `${String(code).padStart(4, '0')}${mark}${text}`));
    fc.assert(
      fc.property(fc.array(line), fc.nat(40), (lines, size) => {
        const text = lines.join('\n');
        expect(outcome(text, Math.max(1, size))).to.deep.equal(outcome(text, text.length + 1));
      }),
      propertyRuns(),
    );
  });
});

/** The replies, or that there was something else among them. */
function outcome(text: string, size: number): unknown {
  const reader = new ReplyReader();
  const replies: Reply[] = [];
  try {
    for (let at = 0; at < text.length; at += size) replies.push(...reader.push(text.slice(at, at + size)));
    return replies;
  } catch (error) {
    if (error instanceof NotBirdError) return 'not BIRD';
    throw error;
  }
}
