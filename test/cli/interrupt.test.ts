import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { PROGRAM } from '../support/calicoctl.js';

/** Far more than a pipe holds. */
const LONG = '# a remark\n'.repeat(100_000);

describe('Ctrl-C while manifests are read', function () {
  this.timeout(120_000);

  for (const command of ['create', 'delete', 'get', 'validate', 'convert']) {
    it(`${command} ends at once, with 130`, async () => {
      const child = spawn(process.execPath, [PROGRAM, command, '-f', '-'], { timeout: 60_000, killSignal: 'SIGKILL' });
      const told: string[] = [];
      child.stdout.on('data', (data) => told.push(`stdout ${String(data)}`));
      child.stderr.on('data', (data) => told.push(`stderr ${String(data)}`));
      // All of it has been taken only when the program reads, and that does not end: nothing closes the pipe.
      child.stdin.write(LONG, () => child.kill('SIGINT'));
      expect(await once(child, 'close')).to.deep.equal([130, null]);
      expect(told).to.deep.equal(['stderr interrupted\n']);
    });
  }
});
