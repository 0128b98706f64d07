import { expect } from 'chai';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'mocha';
import { lockFile } from '../../src/host/file-lock.js';
import { startOther } from '../../scripts/support/calicoctl.js';

const folder = mkdtempSync(join(tmpdir(), 'calicoctl-lock-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const NEVER = new AbortController().signal;
const path = join(folder, 'deeper/lock');

describe('a lock on a file', () => {
  it('is had by one at a time', async () => {
    let inside = 0;
    let most = 0;
    await Promise.all(Array.from({ length: 8 }, async () => {
      const release = await lockFile(path, { seconds: 20, signal: NEVER });
      most = Math.max(most, ++inside);
      await new Promise((resolve) => setTimeout(resolve, 5));
      inside--;
      release();
    }));
    expect(most).to.equal(1);
  });

  it('is waited for no longer than was said', async () => {
    const release = await lockFile(path, { seconds: 5, signal: NEVER });
    try {
      expect(await failureOf(lockFile(path, { seconds: 0, signal: NEVER }))).to.match(/cannot be locked: another process has had it for 0 s/);
    } finally {
      release();
    }
  });

  it('is waited for no longer than the signal allows', async () => {
    const release = await lockFile(path, { seconds: 5, signal: NEVER });
    const ending = new AbortController();
    const waiting = failureOf(lockFile(path, { seconds: 60, signal: ending.signal }));
    setTimeout(() => ending.abort(), 20);
    expect(await waiting).to.match(/cannot be locked/);
    release();
  });

  it('is free again when who has it was killed', async () => {
    const holder = startOther(['flock', '-x', '--no-fork', path, 'sleep', '60']);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const waiting = lockFile(path, { seconds: 20, signal: NEVER });
    holder.kill('SIGKILL');
    (await waiting)();
    await holder.ended;
  });

  it('where no file can be is an error', async () => {
    expect(await failureOf(lockFile('/proc/no/lock', { seconds: 1, signal: NEVER }))).to.match(/^\/proc\/no\/lock cannot be locked: /);
  });
});

async function failureOf(work: Promise<unknown>): Promise<string> {
  return work.then(() => 'it did not fail', (error: unknown) => (error as Error).message);
}
