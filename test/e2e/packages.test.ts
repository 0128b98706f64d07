import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Ajv } from 'ajv';
import { expect } from 'chai';
import { after, before, it } from 'mocha';
import { ROOT, runProgram } from '../../scripts/support/calicoctl.js';
import { describeAsRoot } from '../support/root.js';
import { SimulatedHost } from '../support/simulated-host.js';

const STORE = '{"/calico/resources/v3/projectcalico.org/tiers/blue":"{\\"kind\\":\\"Tier\\",\\"apiVersion\\":\\"projectcalico.org/v3\\",\\"metadata\\":{\\"name\\":\\"blue\\"},\\"spec\\":{\\"order\\":7}}"}';
const SHOW = ['--dialect', 'v3', 'get', 'tier', '--store', '-'];
const SHOWN = 'NAME   ORDER   \nblue   7       \n\n';

describeAsRoot('packages', function () {
  this.timeout(300_000);
  let folder: string;
  let host: SimulatedHost;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'calicoctl-packages-'));
    const made = await runProgram([process.execPath, '--import', 'tsx', 'scripts/package/index.ts', folder], { cwd: ROOT });
    expect(made.code, made.stderr).to.equal(0);
    host = await SimulatedHost.start();
  });
  after(async () => {
    await host?.stop();
    rmSync(folder, { recursive: true });
  });

  const artefact = (end: RegExp): string => join(folder, readdirSync(folder).find((name) => end.test(name)) as string);
  /** An environment as that of a new user, who has no Node either. */
  const BARE = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root', XDG_CACHE_HOME: '' };

  it('come with their digests', () => {
    expect(execFileSync('sha256sum', ['--check', '--quiet', 'SHA256SUMS'], { cwd: folder, encoding: 'utf8' })).to.equal('');
    expect(readFileSync(join(folder, 'SHA256SUMS'), 'utf8').trim().split('\n').map((line) => line.slice(66)).sort()).to.deep.equal(readdirSync(folder).filter((name) => name !== 'SHA256SUMS').sort());
  });

  it('come with bills of materials as CycloneDX wants them, which name what is inside', () => {
    const schemas = join(dirname(createRequire(import.meta.url).resolve('@cyclonedx/cyclonedx-library/package.json')), 'res/schema');
    const read = (name: string): object => ({ ...(JSON.parse(readFileSync(join(schemas, `${name}.SNAPSHOT.schema.json`), 'utf8')) as object), $id: `http://cyclonedx.org/schema/${name}.SNAPSHOT.schema.json` });
    const valid = new Ajv({ strict: false, validateFormats: false }).addSchema(['spdx', 'jsf-0.82', 'cryptography-defs'].map(read)).compile(read('bom-1.6'));
    const bills = readdirSync(folder).filter((name) => name.endsWith('.cdx.json'));
    expect(bills).to.have.length(4);
    for (const name of bills) {
      const bill = JSON.parse(readFileSync(join(folder, name), 'utf8')) as { components: { name: string; version: string }[] };
      valid(bill);
      expect(valid.errors, name).to.equal(null);
      const parts = bill.components.map((part) => part.name);
      expect(parts).to.include.members(['etcd3', '@oclif/core', 'js-yaml', 'cli-table3', 'chalk', ...(name.includes('.tgz') ? [] : ['node']), ...(name.includes('image') ? ['libc6'] : [])]);
      expect(parts).to.not.include.members(['mocha', 'typescript', 'esbuild']);
    }
  });

  it('hold an executable that needs nothing beside it', async () => {
    const empty = join(folder, 'empty');
    const { stdout, code, stderr } = await host.run(['sh', '-c', 'mkdir -p "$1" && cp "$2" "$1/calicoctl" && cd "$1" && shift 2 && ./calicoctl "$@"', 'sh', empty, artefact(/linux-[a-z0-9]+$/), ...SHOW], { env: BARE, stdin: STORE });
    expect({ stdout, code, stderr }).to.deep.equal({ stdout: SHOWN, code: 0, stderr: '' });
    expect(readdirSync(empty)).to.deep.equal(['calicoctl']);
    rmSync(empty, { recursive: true });
  });

  it('hold a Debian package that installs, works, and leaves nothing when it is purged', async () => {
    // What this machine's own user left there is no part of the test.
    await host.must('rm', '-rf', '/var/cache/calicoctl');
    await host.must('dpkg', '--force-unsafe-io', '--install', artefact(/\.deb$/));
    const { stdout, code, stderr } = await host.run(['/usr/bin/calicoctl', ...SHOW], { env: BARE, stdin: STORE });
    expect({ stdout, code, stderr }).to.deep.equal({ stdout: SHOWN, code: 0, stderr: '' });
    expect(await host.must('dpkg', '--verify', 'calicoctl')).to.equal('');
    const completed = await host.run(['sh', '-c', 'cat > /root/store.json && calicoctl __complete zsh -- calicoctl --store /root/store.json get tier bl; rm /root/store.json'], { env: { ...BARE, CALICOCTL_COMPLETION_MS: '20000' }, stdin: STORE });
    expect(completed.stdout).to.equal('words\nblue\n');
    for (const file of ['bash-completion/completions/calicoctl', 'zsh/vendor-completions/_calicoctl', 'fish/vendor_completions.d/calicoctl.fish']) expect(await host.must('cat', `/usr/share/${file}`)).to.include('__complete');
    expect(await host.must('ls', '/var/cache/calicoctl')).to.equal('get.bin');
    const installed = (await host.must('dpkg', '--listfiles', 'calicoctl')).split('\n');
    expect(installed).to.include.members(['/usr/share/man/man1/calicoctl-ipam-show.1.gz', '/usr/share/man/man5/calicoctl.cfg.5.gz', '/usr/share/bash-completion/completions/calicoctl', '/usr/share/zsh/vendor-completions/_calicoctl', '/usr/share/fish/vendor_completions.d/calicoctl.fish', '/usr/share/doc/calicoctl/examples/v3/policy.yaml']);
    expect(await host.must('calicoctl', 'context', 'show', '--config', '/usr/share/doc/calicoctl/examples/config/calicoctl.cfg')).to.include('\nEtcd:        https://10.0.0.1:2379, https://10.0.0.2:2379, https://10.0.0.3:2379 (');
    await host.must('dpkg', '--purge', 'calicoctl');
    expect((await host.run(['ls', '/usr/bin/calicoctl', '/usr/share/doc/calicoctl', '/var/cache/calicoctl'])).stdout).to.equal('');
  });

  it('hold an image that an engine loads and runs', async () => {
    await host.startDocker();
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
    expect(await host.docker('load', '--quiet', '--input', artefact(/image.*\.tar$/))).to.equal(`Loaded image: calicoctl:${version}`);
    for (const user of [[], ['--user', '1234:1234'], ['--read-only', '--tmpfs', '/tmp']]) {
      const { stdout, code, stderr } = await host.run(['docker', 'run', '--rm', '--interactive', '--network', 'none', ...user, `calicoctl:${version}`, ...SHOW], { stdin: STORE });
      expect({ stdout, code, stderr }, user.join(' ')).to.deep.equal({ stdout: SHOWN, code: 0, stderr: '' });
    }
    const { code, stderr } = await host.run(['docker', 'run', '--rm', '--interactive', '--network', 'none', '--read-only', `calicoctl:${version}`, ...SHOW], { stdin: STORE });
    expect({ code, stderr: stderr.replace(/-[0-9a-f-]{36}/, '-NUMBER') }).to.deep.equal({ code: 3, stderr: `standard input cannot be kept in /tmp while it is read: EROFS: read-only file system, open '/tmp/calicoctl-NUMBER'\nhint: TMPDIR names another place for it; or give the file itself by its name\n` });
  });
});
