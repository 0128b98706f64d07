import { expect } from 'chai';
import { describe, it } from 'mocha';
import { Log } from '../../src/text/log.js';
import type { AgentContext, Part } from '../../src/agent/part.js';
import { inTurn, together } from '../../src/agent/together.js';
import { eventually } from '../../scripts/support/wait.js';

function contextOf(signal: AbortSignal): AgentContext & { readonly lines: string[] } {
  const lines: string[] = [];
  const log = new Log((line) => lines.push(line.replace(/^\S+ \S+ /, '').replace(/\[\d+\]/, '').replace(/\d\.\d s/, 'N s')), 'all', 1);
  return { args: ['x'], env: {}, log, print: () => undefined, signal, on: () => undefined, version: '1', lines };
}

const untilAsked: Part = ({ signal }) => new Promise((resolve) => signal.addEventListener('abort', () => resolve(0)));

describe('parts of the agent in one process', () => {
  it('stand behind each other until one does not end well', async () => {
    const ran: number[] = [];
    const part = (number: number, code: number): Part => async () => (ran.push(number), code);
    expect(await inTurn(part(1, 0), part(2, 3), part(3, 0))(contextOf(new AbortController().signal))).to.equal(3);
    expect(ran).to.deep.equal([1, 2]);
  });

  it('are started again each by itself, at once where settings changed, and end when asked', async () => {
    const ending = new AbortController();
    const context = contextOf(ending.signal);
    const starts = { steady: 0, idle: 0, changing: 0, failing: 0 };
    const running = together({
      steady: async (own) => (starts.steady++, untilAsked(own)),
      idle: async () => (starts.idle++, 0),
      changing: async (own) => (starts.changing++ < 3 ? 129 : untilAsked(own)),
      failing: async (own) => {
        starts.failing++;
        if (starts.failing === 1) throw new Error('broken');
        return starts.failing === 2 ? 1 : untilAsked(own);
      },
    })(context);
    await eventually('all were started again', () => starts.failing === 3);
    ending.abort(new Error('SIGTERM'));
    expect(await running).to.equal(0);
    expect(starts).to.deep.equal({ steady: 1, idle: 1, changing: 4, failing: 3 });
    expect(context.lines.map((line) => line.split('\\n')[0]).sort()).to.deep.equal([
      '[ERROR] failing: ended with 1; it is started again in N s\n',
      '[ERROR] failing: failed, which is a bug of the agent, please report it: Error: broken',
      ...Array.from({ length: 3 }, () => '[INFO] changing: started again with the new settings\n'),
    ]);
  });

  it('do not begin where the signal came before, as at the very end of the startup', async () => {
    const asked = contextOf(AbortSignal.abort(new Error('SIGTERM')));
    const begun: string[] = [];
    const part = async (): Promise<number> => (begun.push('part'), 0);
    expect(await together({ part })(asked)).to.equal(0);
    expect(await inTurn(part, together({ part }))(asked)).to.equal(0);
    expect(begun).to.deep.equal([]);
  });

  it('that do not end in time are left behind', async () => {
    const ending = new AbortController();
    const running = together({ stuck: () => new Promise<number>(() => undefined) })(contextOf(ending.signal));
    ending.abort(new Error('SIGTERM'));
    expect(await running).to.equal(0);
  });
});
