import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { release, tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { MODULES } from '../../src/host/kernel/modules.js';
import { calicoctl, type Ended } from '../../scripts/support/calicoctl.js';
import { startEtcd, type Etcd } from '../../scripts/support/etcd.js';

interface Document {
  readonly passed: boolean;
  readonly poolsKnown: boolean;
  readonly sources: readonly string[];
  readonly kernel: { readonly name: string; readonly met: boolean };
  readonly modules: readonly { readonly name: string; readonly severity: string; readonly met: boolean }[];
}

/** A pool that must not overlap with others. */
const pool = (number: number, mode: string): string => `- {apiVersion: projectcalico.org/v3, kind: IPPool, metadata: {name: pool${number}}, spec: {cidr: 10.${number}.0.0/16, ${mode}}}\n`;

describe('node checksystem', () => {
  let etcd: Etcd;
  let folder: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'calicoctl-checksystem-'));
    writeFileSync(join(folder, 'all'), MODULES.flatMap(({ options }) => options.map((option) => `${option}=y\n`)).join(''));
    etcd = await startEtcd();
  });
  after(async () => {
    rmSync(folder, { recursive: true });
    await etcd.stop();
  });

  const check = (args: readonly string[], endpoint = etcd.endpoint): Promise<Ended> => calicoctl(['node', 'checksystem', '--timeout=60s', ...args], { env: { ETCD_ENDPOINTS: endpoint } });
  const apply = (manifest: string): Promise<Ended> => calicoctl(['apply', '-f', '-'], { env: { ETCD_ENDPOINTS: etcd.endpoint }, stdin: manifest });
  const tunnels = ({ modules }: Document): unknown => Object.fromEntries(modules.slice(-2).map(({ name, severity }) => [name, severity]));

  it('a kernel configuration with everything; tunnels are required once a pool uses them', async () => {
    const args = ['-f', join(folder, 'all'), '-o', 'json'];
    const first = await check(args);
    const before = JSON.parse(first.stdout) as Document;
    expect([first.code, first.stderr, before.passed, before.poolsKnown, before.kernel.name]).to.deep.equal([0, '', true, true, release()]);
    expect(before.sources).to.include(join(folder, 'all'));
    expect(before.modules.slice(0, -2).filter(({ met }) => !met)).to.deep.equal([]);
    expect(tunnels(before)).to.deep.equal({ ipip: 'optional', vxlan: 'optional' });
    expect((await apply(pool(1, 'vxlanMode: CrossSubnet') + pool(2, 'ipipMode: Never'))).code).to.equal(0);
    expect(tunnels(JSON.parse((await check(args)).stdout) as Document)).to.deep.equal({ ipip: 'optional', vxlan: 'required' });
    expect((await apply(pool(3, 'ipipMode: Always'))).code).to.equal(0);
    const last = await check(args);
    const after = JSON.parse(last.stdout) as Document;
    expect(tunnels(after)).to.deep.equal({ ipip: 'required', vxlan: 'required' });
    expect(last.code).to.equal(after.modules.some(({ severity, met }) => severity === 'required' && !met) ? 1 : 0);
  });

  it('without a datastore it says so', async () => {
    const { code, stdout, stderr } = await check(['-f', join(folder, 'all')], 'http://127.0.0.1:1');
    expect(stderr).to.equal('it is unknown which tunnels the pools use, so IPIP and VXLAN are not required: etcd at http://127.0.0.1:1: connection refused\n');
    const lines = stdout.split('\n');
    expect([code, lines[0], lines[1], lines[2], lines[3], lines.at(-2)]).to.deep.equal([
      0, 'Checking kernel version...', `\t\t${release().padEnd(20)}\t\t\t\t\tOK`, 'Checking kernel modules...', '\t\tip_set              \t\t\t\t\tOK\tbuilt in', 'System meets minimum system requirements to run Calico!',
    ]);
  });

  it('a kernel configuration that is compressed, and a file that is none', async () => {
    writeFileSync(join(folder, 'all.gz'), gzipSync(readFileSync(join(folder, 'all'))));
    const compressed = await check(['-f', join(folder, 'all.gz'), '-o', 'json']);
    expect((JSON.parse(compressed.stdout) as Document).modules.slice(0, -2).filter(({ met }) => !met)).to.deep.equal([]);
    expect(await check(['-f', '/dev/null'])).to.include({ code: 1, stdout: '', stderr: '/dev/null is not a kernel configuration: no line begins with CONFIG_\n' });
  });

  it('a kernel configuration that cannot be read', async () => {
    const { code, stdout, stderr } = await check(['-f', join(folder, 'none')]);
    expect([code, stdout, stderr]).to.deep.equal([1, '', `the kernel configuration ${join(folder, 'none')} cannot be read (ENOENT)\n`]);
  });

  it('an output that is not known', async () => {
    expect((await check(['-o', 'yaml'])).code).to.equal(2);
  });
});
