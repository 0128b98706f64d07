import { expect } from 'chai';
import { mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'mocha';
import { ROOT, runProgram, type Ended } from '../../scripts/support/calicoctl.js';
import { DEAD_ENDPOINT } from '../../scripts/support/etcd.js';
import { callEnvironment } from '../support/cni.js';

const folder = mkdtempSync(join(tmpdir(), 'calicoctl-cni-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const CNI = join(ROOT, 'bin/cni.js');

/** Runs a file with words; without a command it says which plugin it is. */
function run(file: string, words: readonly string[] = [], env: Readonly<Record<string, string>> = {}, stdin = ''): Promise<Ended> {
  return runProgram([process.execPath, file, ...words], { env: { XDG_CACHE_HOME: folder, ...env }, stdin });
}

function link(name: string): string {
  symlinkSync(CNI, join(folder, name));
  return join(folder, name);
}

describe('bin/cni.js', () => {
  it('is the plugin of its first word', async () => {
    for (const name of ['calico', 'calico-ipam']) expect((await run(CNI, [name])).stderr).to.match(new RegExp(`^CNI plugin ${name} of Calico\n`));
  });

  it('is the plugin that it is called after, as a link or as a file of that name', async () => {
    expect((await run(link('calico-ipam'))).stderr).to.match(/^CNI plugin calico-ipam /);
    expect((await run(join(ROOT, 'bin/calico'))).stderr).to.match(/^CNI plugin calico /);
    expect((await run(join(ROOT, 'bin/calico-ipam'))).stderr).to.match(/^CNI plugin calico-ipam /);
  });

  it('is the plugin that the configuration names, where nothing else tells', async () => {
    const { stdout, stderr } = await run(CNI, [], callEnvironment('DEL'), JSON.stringify({ cniVersion: '1.0.0', name: 'n', type: 'calico-ipam', nodename: 'n', datastore_type: 'kubernetes' }));
    expect(JSON.parse(stdout)).to.deep.include({ code: 7 });
    expect(stderr).to.match(/\] calico-ipam: DEL of container container-1 in network n failed/);
  });

  it('without any of them says so as a plugin does', async () => {
    const end = await run(CNI, [], callEnvironment('ADD'), '{}');
    expect(end.code).to.equal(1);
    expect(JSON.parse(end.stdout)).to.deep.equal({ code: 4, msg: 'it is not known which plugin is called', details: 'call it as calico or calico-ipam: by the first word, or by a link of that name' });
    expect(JSON.parse((await run(CNI, ['flannel'], callEnvironment('ADD'))).stdout)).to.deep.include({ code: 4, msg: 'there is no plugin "flannel"' });
  });

  it('says its release', async () => {
    for (const word of ['-v', '--version']) expect((await run(CNI, [word])).stdout).to.match(/^\d+\.\d+\.\d+\S*( \(.*\))?\n$/);
  });

  it('goes on where what it logs to is full, and says so where the answer finds no room', async () => {
    const config = JSON.stringify({ name: 'n', type: 'calico-ipam', etcd_endpoints: DEAD_ENDPOINT });
    const shell = (words: string): Promise<Ended> => runProgram(['sh', '-c', `exec "$@" ${words}`, 'sh', process.execPath, CNI, 'calico-ipam'], { env: { XDG_CACHE_HOME: folder, ...callEnvironment('DEL') }, stdin: config });
    expect(JSON.parse((await shell('2>/dev/full')).stdout)).to.include({ code: 11 });
    const { code, stderr } = await shell('>/dev/full');
    expect(code).to.equal(1);
    expect(stderr).to.contain('ENOSPC').and.not.contain('node:internal');
  });

  it('tests the connection of a configuration', async () => {
    const { code, stdout } = await run(CNI, ['calico', '-t'], {}, JSON.stringify({ name: 'n', etcd_endpoints: DEAD_ENDPOINT }));
    expect(code).to.equal(1);
    expect(JSON.parse(stdout)).to.include({ code: 11, msg: `etcd at ${DEAD_ENDPOINT}: connection refused` });
  });

  it('answers VERSION without waiting for stdin', async () => {
    expect(JSON.parse((await run(CNI, ['calico'], { CNI_COMMAND: 'VERSION' })).stdout)).to.have.property('supportedVersions');
  });

  it('leaves a code cache for each command', () => {
    expect(readdirSync(join(folder, 'calicoctl')).sort()).to.include.members(['cni-del.bin', 'cni-other.bin']);
  });
});
