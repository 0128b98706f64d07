import { expect } from 'chai';
import { describe, it } from 'mocha';
import { capture, installed, StepFailure } from '../../src/host/diagnostics/capture.js';

const ALWAYS = new AbortController().signal;

/** What a shell script wrote, and what came of it. */
async function run(script: string, options: { signal?: AbortSignal; most?: number } = {}): Promise<[string, string]> {
  const { signal = ALWAYS, most = Infinity } = options;
  let text = '';
  const write = (piece: Buffer): Promise<boolean> => {
    text += piece.toString();
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
    const signal = AbortSignal.timeout(200);
    const [text, end] = await run('echo begun; exec sleep 1000', { signal });
    expect([text, end]).to.deep.equal(['begun\n', 'thrown: TimeoutError']);
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
