import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { logFile } from '../../../src/agent/dataplane/log-file.js';
import { Log } from '../../../src/text/log.js';

describe('the file of the log', () => {
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), 'calicoctl-log-'))));
  after(() => rmSync(folder, { recursive: true }));

  /** A log that writes to a file too. */
  const logTo = (logFilePath: string, logSeverityFile: 'Info' | 'Warning' | 'Debug' | undefined) => {
    const lines: string[] = [];
    const log = new Log((line) => lines.push(line), 'dataplane', 1);
    log.copy = logFile({ logFilePath, logSeverityFile }, (text) => log.warning(text));
    return { log, lines };
  };
  const textsIn = (path: string): readonly string[] => readFileSync(path, 'utf8').split('\n').slice(0, -1).map((line) => line.replace(/^.*dataplane: /, ''));

  it('has lines of a level of its own, and is begun anew where it was moved away', () => {
    const path = join(folder, 'deep/er/felix.log');
    const { log, lines } = logTo(path, 'Debug');
    log.level = 'Warning';
    log.debug('one');
    log.warning('two');
    expect([textsIn(path), lines.map((line) => line.slice(24))]).to.deep.equal([['one', 'two'], ['[WARNING][1] dataplane: two\n']]);
    expect(readFileSync(path, 'utf8')).to.match(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} \[DEBUG\]\[1\] dataplane: one\n/);
    expect(statSync(path).mode & 0o777).to.equal(0o644);
    renameSync(path, `${path}.1`);
    log.info('three');
    log.for('bgp').error('of somebody else');
    expect([textsIn(path), textsIn(`${path}.1`)]).to.deep.equal([['three'], ['one', 'two']]);
  });

  it('is none without a path, or a level', () => {
    expect([logFile({ logFilePath: '', logSeverityFile: 'Info' }, () => undefined), logFile({ logFilePath: '/x', logSeverityFile: undefined }, () => undefined)]).to.deep.equal([undefined, undefined]);
  });

  it('that cannot be written is told once, and holds nobody up', () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    for (const path of [pipe, '/proc/none/felix.log']) {
      const { log, lines } = logTo(path, 'Info');
      log.info('one');
      log.info('two');
      expect(lines.map((line) => line.slice(24)), path).to.satisfy((said: readonly string[]) => said.length === 3 && said.filter((line) => line.startsWith(`[WARNING][1] dataplane: logFilePath: ${path} cannot be written: `)).length === 1);
    }
  });
});
