import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { eventually } from '../../../scripts/support/wait.js';
import { capture, installed, StepFailure } from '../../../src/host/diagnostics/capture.js';

const ALWAYS = new AbortController().signal;

/** Whether a process runs; one that has ended and nobody has asked about does not. */
function runs(pid: number): boolean {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** What a shell script wrote, and what came of it. */
async function run(script: string, options: { signal?: AbortSignal; most?: number; onText?: (text: string) => void } = {}): Promise<[string, string]> {
  const { signal = ALWAYS, most = Infinity, onText = () => undefined } = options;
  let text = '';
  const write = (piece: Buffer): Promise<boolean> => {
    text += piece.toString();
    onText(text);
    return Promise.resolve(text.length < most);
  };
  try {
    await capture('/bin/sh', ['-c', script], write, signal);
    return [text, 'done'];
  } catch (error) {
    return [text, error instanceof StepFailure ? error.message : `thrown: ${(error as Error).name}`];
  }
}

describe('what programs write', () => {
  it('both streams', async () => {
    const [text, end] = await run('echo out; echo err >&2');
    expect([text.split('\n').sort(), end]).to.deep.equal([['', 'err', 'out'], 'done']);
  });

  it('a failure keeps what was written', async () => {
    expect(await run('echo half; exit 3')).to.deep.equal(['half\n', 'exit status 3']);
  });

  it('a program that is killed', async () => {
    expect(await run('kill -9 $$')).to.deep.equal(['', 'ended by SIGKILL']);
  });

  it('a program that never ends is ended by the signal', async () => {
    const stop = new AbortController();
    expect(await run('echo begun; exec sleep 1000', { signal: stop.signal, onText: () => stop.abort() })).to.deep.equal(['begun\n', 'thrown: AbortError']);
  });

  it('what a program started itself is ended with it', async () => {
    const stop = new AbortController();
    const [text, end] = await run('sleep 1000 & echo $!; wait', { signal: stop.signal, onText: () => stop.abort() });
    expect(end).to.equal('thrown: AbortError');
    await eventually('it has ended', () => !runs(Number(text)));
  });

  it('what a program left behind with its streams is ended, too', async () => {
    const stop = new AbortController();
    const [text, end] = await run('sleep 1000 & echo $!', { signal: stop.signal, onText: () => stop.abort() });
    expect(end).to.equal('thrown: AbortError');
    await eventually('it has ended', () => !runs(Number(text)));
  });

  it('a program that writes without end is ended once enough is written', async () => {
    const [text, end] = await run('while true; do echo yyyyyyyyyyyyyyyyyyyyyyyyyyy; done', { most: 100_000 });
    expect([text.length >= 100_000, end]).to.deep.equal([true, 'done']);
  });

  it('a program that cannot be started', async () => {
    const failure = await capture('/nowhere', [], () => Promise.resolve(true), ALWAYS).catch((error: unknown) => error);
    expect((failure as NodeJS.ErrnoException).code).to.equal('ENOENT');
  });

  it('a signal that was given before is heeded at once', async () => {
    const failure = await capture('/bin/true', [], () => Promise.resolve(true), AbortSignal.abort()).catch((error: unknown) => error);
    expect((failure as Error).name).to.equal('AbortError');
  });

  it('programs of administrators are found without their folders in the search path', () => {
    expect(installed('sh', '/usr/bin')).to.equal('/usr/bin/sh');
    expect(installed('no-such-program', '/usr/bin')).to.equal(undefined);
    expect(installed('ip', '/nowhere')).to.match(/^\/(usr\/)?sbin\/ip$/);
  });
});
