import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { logFile } from '../../src/cni/log-file.js';
import { nodeNameOf } from '../../src/cni/node-name.js';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'calicoctl-log-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const LIMITS = { level: undefined, maxSize: 1, maxAge: 30, maxCount: 2 };
const MEGABYTE = 1024 * 1024;

describe('the log file of the plugins', () => {
  it('is made with its folder, and appended to', () => {
    const file = join(folder, 'deep/cni.log');
    for (const line of ['one\n', 'two\n']) logFile({ ...LIMITS, file }, fail, now)(line);
    expect(readFileSync(file, 'utf8')).to.equal('one\ntwo\n');
  });

  it('is put aside when it is too large; of those put aside the newest stay', () => {
    const file = join(folder, 'cni.log');
    writeFileSync(join(folder, 'cni-2026-11-29T10-00-00.000.log'), 'new');
    writeFileSync(join(folder, 'cni-2026-11-28T10-00-00.000.log'), 'third');
    writeFileSync(join(folder, 'cni-other.log'), 'not ours');
    writeFileSync(file, 'x'.repeat(MEGABYTE));
    logFile({ ...LIMITS, file }, fail, now)('next\n');
    expect(readFileSync(file, 'utf8')).to.equal('next\n');
    expect(readdirSync(folder).sort()).to.deep.equal(['cni-2026-11-29T10-00-00.000.log', 'cni-2026-11-30T10-00-00.000.log', 'cni-other.log', 'cni.log']);
  });

  it('loses what is too old', () => {
    const file = join(folder, 'cni.log');
    writeFileSync(join(folder, 'cni-2026-10-30T10-00-00.000.log'), 'old');
    writeFileSync(file, 'x'.repeat(MEGABYTE));
    logFile({ ...LIMITS, file }, fail, now)('next\n');
    expect(readdirSync(folder).sort()).to.deep.equal(['cni-2026-11-30T10-00-00.000.log', 'cni.log']);
  });

  it('holds nobody up where it is a pipe that nobody reads', () => {
    const file = join(folder, 'pipe');
    execFileSync('mkfifo', [file]);
    const told: string[] = [];
    logFile({ ...LIMITS, file }, (why) => told.push(why), now)('one\n');
    expect(told.map((why) => why.split(':')[0])).to.deep.equal(['ENXIO']);
  });

  it('that cannot be written is told of once', () => {
    const told: string[] = [];
    const write = logFile({ ...LIMITS, file: '/proc/no/cni.log' }, (why) => told.push(why), now);
    write('one\n');
    write('two\n');
    expect(told).to.have.lengthOf(1);
  });
});

describe('the name of the node', () => {
  const named = (config: object, env: Record<string, string> = {}): string => nodeNameOf({ nodename: undefined, nodenameFile: join(folder, 'nodename'), hostname: undefined, ...config }, env);

  it('is what the configuration says, else the file, else the old key, else the variable', () => {
    expect(named({ hostname: 'old' }, { NODENAME: 'variable' })).to.equal('old');
    expect(named({}, { NODENAME: 'variable' })).to.equal('variable');
    writeFileSync(join(folder, 'nodename'), 'kept\n');
    expect(named({ hostname: 'old' })).to.equal('kept');
    expect(named({ nodename: 'given' })).to.equal('given');
  });

  it('is the machine\'s in lower case where nothing says', () => {
    expect(named({})).to.match(/^[^A-Z\s]+$/);
  });
});

function now(): Date {
  return new Date('2026-11-30T10:00:00Z');
}

function fail(why: string): void {
  throw new Error(why);
}
