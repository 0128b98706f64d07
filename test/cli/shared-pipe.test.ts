import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { constants, open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { PROGRAM } from '../../scripts/support/calicoctl.js';

/** More than a pipe holds: all of it has been taken only when the program reads, long after it has loaded its libraries. */
const LONG = '# a remark\n'.repeat(100_000);

describe('a pipe that several programs write into', () => {
  it('stays a blocking one for the others', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'calicoctl-pipe-'));
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    const pipe = await open(join(folder, 'pipe'), constants.O_RDWR);
    const child = spawn(process.execPath, [PROGRAM, 'validate', '-f', '-'], { stdio: ['pipe', pipe.fd, 'ignore'], timeout: 60_000, killSignal: 'SIGKILL' });
    try {
      await new Promise((resolve) => child.stdin?.write(LONG, resolve));
      const flags = /^flags:\s*([0-7]+)$/m.exec(readFileSync(`/proc/${child.pid}/fdinfo/1`, 'utf8'))?.[1] ?? '';
      expect(Number.parseInt(flags, 8) & constants.O_NONBLOCK).to.equal(0);
    } finally {
      child.kill('SIGKILL');
      await once(child, 'close');
      await pipe.close();
      rmSync(folder, { recursive: true, force: true });
    }
  }).timeout(60_000);
});
