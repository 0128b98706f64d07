import { execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { PROGRAM } from '../../scripts/support/calicoctl.js';
import { startEtcd, type Etcd } from '../../scripts/support/etcd.js';
import { eventually } from '../../scripts/support/wait.js';
import { startProxy } from '../support/proxy.js';

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

describe('the signal that ends a command which goes on until then', function () {
  this.timeout(120_000);
  let etcd: Etcd;
  before(async () => {
    etcd = await startEtcd();
  });
  after(() => etcd?.stop());

  it('is the same in the middle of a call: version --poll says nothing', async () => {
    const proxy = await startProxy(etcd.port);
    await etcd.etcdctl('put', '/calico/resources/v3/projectcalico.org/clusterinformations/default', JSON.stringify({ kind: 'ClusterInformation', apiVersion: 'projectcalico.org/v3', metadata: { name: 'default', uid: randomUUID(), creationTimestamp: '2026-01-01T00:00:00Z' }, spec: { calicoVersion: 'v3.32.1', clusterType: 'x' } }));
    try {
      const child = spawn(process.execPath, [PROGRAM, 'version', '--poll', '1ms'], { timeout: 60_000, killSignal: 'SIGKILL', env: { PATH: process.env['PATH'], ETCD_ENDPOINTS: proxy.endpoint, NODE_V8_COVERAGE: '' } });
      const ended = once(child, 'close');
      let [stdout, stderr] = ['', ''];
      child.stdout.on('data', (data) => (stdout += String(data)));
      child.stderr.on('data', (data) => (stderr += String(data)));
      await eventually('the first look', () => stdout.includes('Cluster Type:      x'));
      await proxy.hang();
      child.kill('SIGTERM');
      expect(await ended).to.deep.equal([130, null]);
      expect(stderr).to.equal('');
    } finally {
      await proxy.stop();
    }
  });
});

describe('Ctrl-C while a pipe that was named says nothing', function () {
  this.timeout(120_000);
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'calicoctl-pipes-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const args of [['apply', '-f'], ['validate', '-f'], ['get', '-f'], ['get', 'nodes', '-o', 'go-template-file='], ['ipam', 'release', '--from-report='], ['node', 'checksystem', '--kernel-config=']]) {
    it(`${args.join(' ')} ends at once, with 130`, async () => {
      const pipe = join(folder, args.join('-'));
      execFileSync('mkfifo', [pipe]);
      const words = args.at(-1)?.endsWith('=') === true ? [...args.slice(0, -1), `${args.at(-1)}${pipe}`] : [...args, pipe];
      const child = spawn(process.execPath, [PROGRAM, ...words], { timeout: 60_000, killSignal: 'SIGKILL', env: { PATH: process.env['PATH'], NODE_V8_COVERAGE: '' } });
      const told: string[] = [];
      child.stdout.on('data', (data) => told.push(`stdout ${String(data)}`));
      child.stderr.on('data', (data) => told.push(`stderr ${String(data)}`));
      const writer: FileHandle = await open(pipe, 'w');
      child.kill('SIGINT');
      expect(await once(child, 'close')).to.deep.equal([130, null]);
      expect(told).to.deep.equal(['stderr interrupted\n']);
      await writer.close();
    });
  }
});
