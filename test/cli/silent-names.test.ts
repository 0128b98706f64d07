import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { after, before, it } from 'mocha';
import { PROGRAM, runProgram } from '../../scripts/support/calicoctl.js';
import { describeAsRoot } from '../support/root.js';

/** A network of its own in which nothing sent to 10.255.0.0/24 ever arrives: its name server is silent. */
const SCRIPT = `set -e
ip link set lo up
ip link add away type veth peer name nowhere
ip addr add 10.255.0.1/24 dev away
ip link set away up
ip link set nowhere up
ip neigh add 10.255.0.53 lladdr 02:00:00:00:00:53 dev away
for file in hosts resolv.conf nsswitch.conf; do mount --bind "$1/$file" "/etc/$file"; done
shift
exec "$@"
`;

describeAsRoot('a name server that does not answer', function () {
  this.timeout(200_000);
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'calicoctl-names-'));
    writeFileSync(join(folder, 'script'), SCRIPT);
    writeFileSync(join(folder, 'hosts'), '127.0.0.1 localhost known\n');
    // The C library would wait for 150 seconds, and this program with it.
    writeFileSync(join(folder, 'resolv.conf'), 'nameserver 10.255.0.53\nsearch a.example b.example\noptions timeout:30 attempts:5\n');
    writeFileSync(join(folder, 'nsswitch.conf'), 'hosts: files dns\n');
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const inside = (...args: string[]): string[] => ['unshare', '--net', '--mount', '--propagation', 'private', 'sh', join(folder, 'script'), folder, process.execPath, PROGRAM, ...args];
  const told = (cause: string): string => `no answer within 1 s: etcd at http://etcd1:2379: ${cause}\nhint: check the host in ETCD_ENDPOINTS, and this machine's name servers in /etc/resolv.conf\n`;

  it('is told of when the time is up, and holds nobody beyond it', async () => {
    const ended = await runProgram(inside('get', 'nodes', '--timeout=1s'), { env: { ETCD_ENDPOINTS: 'http://etcd1:2379' } });
    expect(ended).to.deep.equal({ code: 4, signal: null, stdout: '', stderr: told('its host name cannot be resolved: no name server answers') });
  });

  it('is named where there is the time to be sure of it', async () => {
    const { code, stderr } = await runProgram(inside('get', 'nodes', '--timeout=60s'), { env: { ETCD_ENDPOINTS: 'http://etcd1:2379' } });
    expect([code, stderr.split('\n')[0]]).to.deep.equal([4, 'etcd at http://etcd1:2379: the name server 10.255.0.53 does not answer']);
  });

  it('is not asked for what the hosts file has', async () => {
    const { code, stderr } = await runProgram(inside('get', 'nodes', '--timeout=60s'), { env: { ETCD_ENDPOINTS: 'http://known:2379' } });
    expect([code, stderr.split('\n')[0]]).to.deep.equal([4, 'etcd at http://known:2379: connection refused']);
  });

  it('is told of for records of services too', async () => {
    const { code, stderr } = await runProgram(inside('get', 'nodes', '--timeout=1s'), { env: { ETCD_DISCOVERY_SRV: 'calico.example' } });
    expect([code, stderr.split('\n')[0]]).to.deep.equal([4, 'ETCD_DISCOVERY_SRV: no name server answers for calico.example']);
  });

  for (const [title, env, args] of [
    ['a name', { ETCD_ENDPOINTS: 'http://etcd1:2379' }, ['get', 'nodes']],
    ['records of services', { ETCD_DISCOVERY_SRV: 'calico.example' }, ['get', 'nodes']],
    ['a name of a method', { ETCD_ENDPOINTS: 'http://known:2379' }, ['node', 'run', '--dryrun', '--ip-autodetection-method=can-reach=far.example']],
  ] as const) {
    it(`Ctrl-C ends what waits for ${title}`, async () => {
      const [file = '', ...rest] = inside(...args, '--timeout=100s');
      const child: ChildProcess = spawn(file, rest, { env: { PATH: process.env['PATH'], NODE_V8_COVERAGE: '', NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(ASKS)}`, ...env }, timeout: 120_000, killSignal: 'SIGKILL', stdio: ['ignore', 'pipe', 'pipe'] });
      let stderr = '';
      child.stderr?.on('data', (chunk: Buffer) => {
        const before = stderr;
        stderr += chunk.toString();
        if (stderr.includes('asked\n') && !before.includes('asked\n')) child.kill('SIGINT');
      });
      const [code] = (await once(child, 'close')) as [number | null];
      expect([code, stderr.replaceAll('asked\n', '')]).to.deep.equal([130, 'interrupted\n']);
    });
  }
});

/** Says on stderr when the first query is on its way. */
const ASKS = `import dns from 'node:dns/promises'; import { writeSync } from 'node:fs'; import { syncBuiltinESMExports } from 'node:module';
for (const name of ['resolve4', 'resolveSrv']) { const ask = dns.Resolver.prototype[name]; dns.Resolver.prototype[name] = function (...args) { setImmediate(() => writeSync(2, 'asked\\n')); return ask.apply(this, args); }; }`;
