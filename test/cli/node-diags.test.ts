import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { calicoctl, PROGRAM, runProgram } from '../../scripts/support/calicoctl.js';
import { describeAsRoot } from '../support/root.js';
import { eventually } from '../../scripts/support/wait.js';

const CANARY = 'Kanarienvogel-4711';

describe('node diags', function () {
  this.timeout(180_000);
  let folder = '';
  const at = (...names: string[]): string => join(folder, ...names);
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'calicoctl-diags-'));
    for (const name of ['tmp', 'logs', 'programs', 'jail']) mkdirSync(at(name));
    writeFileSync(at('config'), `apiVersion: projectcalico.org/v3\nkind: CalicoAPIConfig\nmetadata: {}\nspec: {etcdEndpoints: "http://127.0.0.1:1", etcdUsername: root, etcdPassword: ${CANARY}}\n`, { mode: 0o600 });
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Its own temporary folder and search path, which has no container engine of this machine. */
  const env = (): Record<string, string> => ({ TMPDIR: at('tmp'), PATH: at('programs') });

  function archive(): { path: string; folder: string } {
    const [made = ''] = readdirSync(at('tmp'));
    const [name = ''] = readdirSync(at('tmp', made));
    return { folder: at('tmp', made), path: at('tmp', made, name) };
  }

  it('one archive, for its owner only, without the secrets of the settings', async () => {
    writeFileSync(at('logs', 'felix.log'), `connected as root with ${CANARY}\n`);
    const { code, stdout, stderr } = await calicoctl(['node', 'diags', '--log-dir', at('logs'), '-c', at('config')], { env: env() });
    const { path, folder: made } = archive();
    const lines = stdout.split('\n');
    expect([code, stderr, lines[0], lines[1], lines.at(-2), lines.at(-4)]).to.deep.equal([
      0, '', 'Collecting diagnostics', `Using temp dir: ${made}`, 'If required, you can upload the diagnostics bundle to a file sharing service.', `Diags saved to ${path}`,
    ]);
    expect(path.slice(made.length + 1)).to.match(/^diags-\d{8}_\d{6}\.tar\.gz$/);
    expect([statSync(made).mode & 0o777, statSync(path).mode & 0o777, readdirSync(made).length]).to.deep.equal([0o700, 0o600, 1]);
    execFileSync('tar', ['-xzf', path, '-C', at('jail')]);
    expect(readdirSync(at('jail'))).to.deep.equal(['diagnostics']);
    expect(readFileSync(at('jail', 'diagnostics', 'logs', 'felix.log'), 'utf8')).to.equal('connected as root with [redacted]\n');
    expect(stdout + execFileSync('tar', ['-xzOf', path], { encoding: 'latin1' })).to.not.contain(CANARY);
  });

  it('an interruption leaves nothing behind', async () => {
    writeFileSync(at('programs', 'hostname'), '#!/bin/sh\nexec /bin/sleep 1000\n');
    chmodSync(at('programs', 'hostname'), 0o755);
    const child = spawn(process.execPath, [PROGRAM, 'node', 'diags', '--log-dir', at('logs')], { env: env(), stdio: 'ignore' });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    await eventually('the archive is begun', () => readdirSync(at('tmp')).length === 1 && readdirSync(at('tmp', readdirSync(at('tmp'))[0] ?? '')).includes('work'));
    child.kill('SIGINT');
    expect([await ended, readdirSync(at('tmp'))]).to.deep.equal([130, []]);
  });

  it('no place for the archive', async () => {
    const { code, stdout, stderr } = await calicoctl(['node', 'diags'], { env: { ...env(), TMPDIR: at('nowhere') } });
    expect([code, stdout, stderr]).to.deep.equal([1, 'Collecting diagnostics\n', `no archive can be created below ${at('nowhere')} (ENOENT)\nhint: set TMPDIR to a writable folder\n`]);
  });

  it('settings that cannot be read are no reason to give up', async () => {
    writeFileSync(at('config'), 'not: [valid');
    const { code, stderr } = await calicoctl(['node', 'diags', '--log-dir', at('logs'), '-c', at('config')], { env: env() });
    expect([code, stderr.startsWith('the connection settings cannot be read, so their secrets are unknown: ')]).to.deep.equal([0, true]);
  });
});

describeAsRoot('node diags on a full disk', function () {
  this.timeout(180_000);
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'calicoctl-diags-'));
    for (const name of ['tmp', 'logs']) mkdirSync(join(folder, name));
    for (const name of ['a', 'b']) writeFileSync(join(folder, 'logs', name), randomBytes(40_000).toString('base64'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Makes an archive on a disk of its own with such limits, then runs a line of shell there. */
  function onDisk(limits: string, then: string): ReturnType<typeof runProgram> {
    const script = `mount -t tmpfs -o ${limits} tmpfs "$TMPDIR" && "$@"; code=$?; cd "$TMPDIR"; ${then}; exit $code`;
    return runProgram(['unshare', '--mount', 'sh', '-c', script, 'sh', 'env', 'PATH=/nowhere', process.execPath, PROGRAM, 'node', 'diags', '--log-dir', join(folder, 'logs')], { env: { TMPDIR: join(folder, 'tmp') } });
  }

  it('says so where the archive cannot be made, and leaves nothing behind', async () => {
    const { code, stdout, stderr } = await onDisk('nr_inodes=3', 'echo "left: $(ls -A)"');
    const made = /^Using temp dir: (.*)$/m.exec(stdout)?.[1];
    expect([code, stderr]).to.deep.equal([1, `the archive cannot be written below ${made} (no space is left there); nothing is left of it\nhint: set TMPDIR to a folder with more space\n`]);
    expect(stdout.split('\n').at(-2)).to.equal('left: ');
  });

  it('keeps what there is room for, and the manifest says what is missing', async () => {
    const { code, stdout } = await onDisk('size=48k', 'tar -xzOf calico*/diags*.gz diagnostics/manifest.json');
    const { steps } = JSON.parse(stdout.slice(stdout.indexOf('\n{') + 1)) as { steps: { what: string; ok: boolean; reason: string | null }[] };
    expect(code).to.equal(0);
    expect(steps.filter(({ what }) => what.startsWith(folder)).map(({ ok, reason }) => [ok, reason?.split(';')[0]])).to.deep.equal(['a', 'b'].map(() => [false, 'ENOSPC: no space left on device, write']));
  });
});
