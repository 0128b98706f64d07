import { expect } from 'chai';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { readTargets } from '../../src/changes/read-targets.js';
import { readDestination } from '../../src/cli/lab-destination.js';
import { labSource, type LabSource } from '../../src/cli/lab-source.js';
import { workloadOf } from '../../src/lab/workloads.js';
import type { StoredObject } from '../../src/resources/kind.js';
import { ROOT } from '../../scripts/support/calicoctl.js';

describe('where a packet of a lab goes', () => {
  it('is a name or an address, and a port', () => {
    expect(readDestination('database:3306', 'tcp')).to.deep.equal({ word: 'database', port: 3306 });
    expect(readDestination('workloadEndpoint/n1/k8s/w/e:80', 'udp')).to.deep.equal({ word: 'workloadEndpoint/n1/k8s/w/e', port: 80 });
    expect(readDestination('10.0.0.1:1', 'tcp')).to.deep.equal({ word: '10.0.0.1', port: 1 });
    expect(readDestination('[fd00::7]:65535', 'tcp')).to.deep.equal({ word: 'fd00::7', port: 65_535 });
  });

  it('is without a port for icmp', () => {
    for (const word of ['database', '10.0.0.1', 'fd00::7']) expect(readDestination(word, 'icmp')).to.deep.equal({ word });
    expect(readDestination('[fd00::7]', 'icmp')).to.deep.equal({ word: 'fd00::7' });
    expect(() => readDestination('database:80', 'icmp')).to.throw('icmp has no ports');
  });

  it('is refused where the port is none', () => {
    expect(() => readDestination('database', 'tcp')).to.throw('database: the port is missing').with.property('hint', 'write it behind a colon: database:80');
    expect(() => readDestination('fd00::7', 'tcp')).to.throw('the port is missing').with.property('hint', 'write it behind a colon: [fd00::7]:80');
    for (const port of ['0', '65536', 'http', '', '1x']) expect(() => readDestination(`database:${port}`, 'udp'), port).to.throw('is no port');
  });
});

describe('what a lab is made from', () => {
  let folder = '';
  const stdin = { async *[Symbol.asyncIterator]() { yield* [] as Buffer[]; } };
  const sources = { now: () => new Date(0), uuid: () => 'u' };
  const read = (files: readonly string[]) => readTargets(files, { verb: 'apply', recursive: true, stdin, uuid: sources.uuid });
  const source = (from: string | undefined, nodes?: number): Promise<LabSource> => labSource({ from, nodes }, { read, stdin, sources, encapsulation: 'routed' });
  const names = async (made: Promise<LabSource>): Promise<readonly string[]> => (await made).hosts.map(({ name, number }) => `${name}/${number}`);

  before(() => (folder = mkdtempSync(join(tmpdir(), 'calicoctl-lab-'))));
  after(() => rmSync(folder, { recursive: true }));

  it('is the tenant network without a file: three hosts, or as many as were asked for', async () => {
    expect(await names(source(undefined))).to.deep.equal(['node1/1', 'node2/2', 'node3/3']);
    expect(await names(source(undefined, 1))).to.deep.equal(['node1/1']);
    expect((await source(undefined)).fill).to.equal(undefined);
  });

  it('has the nodes that manifests of either dialect speak of', async () => {
    expect(await names(source(join(ROOT, 'examples/tenant')))).to.deep.equal(['slave1/1', 'slave2/2']);
    expect(await names(source(join(ROOT, 'examples/tenant/endpoints.yaml'), 3))).to.deep.equal(['slave1/1', 'slave2/2', 'node1/3']);
    expect((await source(join(ROOT, 'examples/tenant'))).fill).to.be.a('function');
  });

  it('has the nodes of a file of keys and values', async () => {
    const file = join(folder, 'store.json');
    const node = (name: string): string => JSON.stringify({ kind: 'Node', apiVersion: 'projectcalico.org/v3', metadata: { name }, spec: {} });
    writeFileSync(file, JSON.stringify(Object.fromEntries(['b', 'a'].map((name) => [`/calico/resources/v3/projectcalico.org/nodes/${name}`, node(name)]))));
    expect(await names(source(file))).to.deep.equal(['a/1', 'b/2']);
    writeFileSync(file, '{"/registry/x": "y"}');
    await source(file).then(() => expect.fail('it was taken'), (error: unknown) => expect((error as Error).message).to.include('holds nothing of Calico 3'));
  });

  it('leaves its hosts a network that nothing in it is in', async () => {
    expect((await source(undefined)).network).to.equal('172.28.0');
    const file = join(folder, 'pools.yaml');
    const pool = (cidr: string): string => `apiVersion: projectcalico.org/v3\nkind: IPPool\nmetadata:\n  name: p${cidr.split('.')[0]}\nspec:\n  cidr: ${cidr}\n`;
    writeFileSync(file, pool('172.16.0.0/12'));
    expect((await source(file)).network).to.equal('10.254.28');
    writeFileSync(file, `${pool('172.16.0.0/12')}---\n${pool('10.0.0.0/8')}---\n${pool('192.0.0.0/6')}---\n${pool('198.0.0.0/8')}`);
    await source(file).then(() => expect.fail('it was taken'), (error: unknown) => expect((error as Error).message).to.include('leave none for its hosts'));
  });

  it('is refused where there are more nodes than were asked for, or than a machine carries', async () => {
    await source(join(ROOT, 'examples/tenant'), 1).then(() => expect.fail('it was taken'), (error: unknown) => expect((error as Error).message).to.include('names 2 nodes (slave1, slave2), and each is a host'));
    await source(undefined, 21).then(() => expect.fail('it was taken'), (error: unknown) => expect((error as Error).message).to.equal('a lab has at most 20 hosts, not 21'));
  });

  it('has its workloads by the names that people have for them', () => {
    const object = (spec: object): StoredObject => ({ kind: 'WorkloadEndpoint', metadata: { name: 'n1-x' }, spec: { node: 'n1', interfaceName: 'cali1', ipNetworks: ['10.0.0.1/32', 'fd00::1/128'], ...spec } }) as unknown as StoredObject;
    expect(workloadOf(object({ pod: 'web' }))).to.deep.equal({ name: 'web', namespace: '', host: 'n1', interfaceName: 'cali1', addresses: ['10.0.0.1', 'fd00::1'] });
    expect(workloadOf(object({ workload: 'vm-7', endpoint: 'eth0' })).name).to.equal('vm-7');
    expect(workloadOf(object({ workload: 'frontend', endpoint: 'slave1-frontend2' })).name).to.equal('slave1-frontend2');
    expect(workloadOf(object({})).name).to.equal('n1-x');
  });
});
