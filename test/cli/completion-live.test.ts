import { execFileSync } from 'node:child_process';
import { expect } from 'chai';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { calicoctl, type Ended } from '../../scripts/support/calicoctl.js';
import { DEAD_ENDPOINT, startEtcd, type Etcd } from '../../scripts/support/etcd.js';
import { certificateStore } from '../support/certificates.js';

const MANIFEST = `
- {apiVersion: v1, kind: node, metadata: {name: rack1-host1}, spec: {bgp: {ipv4Address: 10.1.0.1/24}}}
- {apiVersion: v1, kind: policy, metadata: {name: allow-web}}
- {apiVersion: v1, kind: policy, metadata: {name: allow-db}}
- {apiVersion: v1, kind: ipPool, metadata: {cidr: 10.0.0.0/16}}
- {apiVersion: v1, kind: bgpPeer, metadata: {scope: node, node: rack1-host1, peerIP: 10.0.0.9}, spec: {asNumber: 64512}}
- {apiVersion: v1, kind: workloadEndpoint, metadata: {name: eth0, node: rack1-host1, orchestrator: k8s, workload: shop.web-0}, spec: {interfaceName: cali1, ipNetworks: [10.0.0.7/32]}}
- {apiVersion: projectcalico.org/v3, kind: NetworkPolicy, metadata: {name: inner, namespace: shop}}
- {apiVersion: projectcalico.org/v3, kind: NetworkSet, metadata: {name: outer, namespace: bank}}
`;

/** What a line is answered with in that time, or in any; the words alone. */
async function complete(line: string, env: Readonly<Record<string, string>>, longestMs = 1e99): Promise<Ended> {
  return calicoctl(['__complete', 'zsh', '--', 'calicoctl', ...line.split(' ')], { env: { CALICOCTL_COMPLETION_MS: String(longestMs), ...env } });
}

async function words(line: string, env: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const { code, stdout, stderr } = await complete(line, env);
  expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
  return stdout.split('\n').slice(1, -1).map((each) => each.split('\t', 1)[0] as string);
}

describe('completion of what is stored', () => {
  let folder: string;
  let etcd: Etcd;
  let env: Readonly<Record<string, string>>;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'calicoctl-complete-'));
    etcd = await startEtcd();
    env = { ETCD_ENDPOINTS: etcd.endpoint, HOME: folder, CALICOCTL_GUARD: 'off' };
    writeFileSync(join(folder, 'all.yaml'), MANIFEST);
    const { code, stderr } = await calicoctl(['apply', '-f', join(folder, 'all.yaml')], { env });
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
    expect((await calicoctl(['ipam', 'assign', '--node', 'rack1-host1', '--handle', 'static.web'], { env })).code).to.equal(0);
  });
  after(async () => {
    await etcd.stop();
    rmSync(folder, { recursive: true });
  });

  const cases: readonly (readonly [line: string, want: readonly string[]])[] = [
    ['get policy ', ['allow-db', 'allow-web']],
    ['get policy allow-web ', ['allow-db']],
    ['delete policy/allow-web policy/', ['policy/allow-db']],
    ['get policy/allow-web ten', []],
    ['get policy/allow-web tie', ['tier/', 'tiers/']],
    ['get globalnetworkpolicy allow-w', ['allow-web']],
    ['get ippool ', ['10.0.0.0/16']],
    ['--dialect v3 get ippool ', ['10-0-0-0-16']],
    ['get bgpPeer/', ['bgpPeer/node/rack1-host1/10.0.0.9']],
    ['get wep --node rack1-host1 ', ['eth0']],
    ['get wep --node other ', []],
    ['--dialect v3 get networkpolicy -n shop ', ['inner']],
    ['--dialect v3 get networkpolicy ', []],
    ['--dialect v3 get networkpolicy/', ['networkpolicy/shop/inner']],
    ['--dialect v3 get networkpolicy -n ', ['bank', 'shop']],
    ['get wep -n ', ['rack1-host1']],
    ['--dialect v3 get profile projectcalico-default', ['projectcalico-default-allow']],
    ['get nonsense ', []],
    ['get all ', []],
    ['ipam release --handle ', ['static.web']],
    ['ipam repair --block 10', ['10.0.37.192/26']],
    ['ipam assign --pool=', ['--pool=10.0.0.0/16']],
    ['ipam split 2 --name ', ['10-0-0-0-16']],
    ['policy applies sh', ['shop/web-0']],
    ['policy applies --policy ', ['allow-db', 'allow-web', 'shop/inner']],
    ['policy trace --from ', ['NetworkSet/bank/outer', 'host/rack1-host1', 'internet', 'shop/web-0']],
    ['config get --raw=felix logSeverityS', ['LogSeverityScreen', 'LogSeveritySys']],
    ['config set --raw=felix IpInIpEnabled ', ['false', 'true']],
    ['config set nonsense ', []],
  ];
  for (const [line, want] of cases) it(`calicoctl ${line}may go on with ${want.join(', ')}`, async () => expect(await words(line, env)).to.deep.equal(want));

  it('offers the last commands of the journal', async () => {
    expect((await calicoctl(['delete', 'policy', 'allow-db'], { env: { ...env, CALICOCTL_JOURNAL: 'on' } })).code).to.equal(0);
    const { stdout } = await complete('journal show ', env);
    expect(stdout).to.match(/^words\n[0-9a-f]{8}\t\d{4}-.*: calicoctl delete policy allow-db\n$/);
    // The revision after it, at which what was is gone.
    const revisions = (await complete('get policies --at ', env)).stdout;
    expect(revisions).to.match(/^words\n\d+\t\d{4}-.*: calicoctl delete policy allow-db\n$/);
    const revision = revisions.split(/[\n\t]/)[1]!;
    expect((await calicoctl(['get', 'policies', '--at', revision, '-o', 'name'], { env })).stdout).to.not.include('allow-db');
  });

  it('takes cluster and dialect from where the command will', async () => {
    mkdirSync(join(folder, '.config/calicoctl'), { recursive: true });
    writeFileSync(join(folder, '.config/calicoctl/contexts.yaml'), `apiVersion: calicoctl/v1\nkind: Contexts\ncontexts:\n  lab: {etcdEndpoints: ${etcd.endpoint}, dialect: v3}\n  other: {etcdEndpoints: "${DEAD_ENDPOINT}"}\n  torn: {etcdEndpoints: "http://me:secret@host:1"}\n`, { mode: 0o600 });
    writeFileSync(join(folder, 'lab.cfg'), `apiVersion: projectcalico.org/v3\nkind: CalicoAPIConfig\nspec: {etcdEndpoints: ${etcd.endpoint}}\n`);
    const elsewhere = { ETCD_ENDPOINTS: DEAD_ENDPOINT, HOME: folder };
    expect(await words('--context lab get ippool ', elsewhere)).to.deep.equal(['10-0-0-0-16']);
    expect(await words('get ippool -c ~/lab.cfg ', elsewhere)).to.deep.equal(['10-0-0-0-16']);
    expect(await words('get ippool ', { ...elsewhere, CALICOCTL_CONTEXT: 'lab' })).to.deep.equal(['10-0-0-0-16']);
    expect(await words('get ippool ', { ...env, CALICOCTL_DIALECT: 'v3' })).to.deep.equal(['10-0-0-0-16']);
    expect((await complete('context use ', elsewhere)).stdout).to.equal(`words\nlab\t${etcd.endpoint}\nother\t${DEAD_ENDPOINT}\ntorn\n`);
    expect(await words('context remove lab ', elsewhere)).to.deep.equal(['other', 'torn']);
    expect(await words('--context lab get Gl', elsewhere)).to.include('GlobalNetworkPolicies');
  });

  describe('says nothing', () => {
    const silent = { code: 0, signal: null, stdout: 'words\n', stderr: '' };
    const cut = { ...silent, stdout: '' };
    let listener: Server;
    before(async () => {
      // Takes connections and never answers, as an etcd that hangs.
      listener = createServer(() => undefined);
      await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    });
    after(() => listener.close());

    it('where etcd does not answer, and ends in time', async () => {
      const { port } = listener.address() as { port: number };
      const started = performance.now();
      const ended = await complete('get policy ', { ETCD_ENDPOINTS: `http://127.0.0.1:${port}`, HOME: folder }, 300);
      expect([cut, silent]).to.deep.include(ended);
      // On a machine with much to do the start alone takes longer; the command itself would wait for 10 s.
      expect(performance.now() - started).to.be.lessThan(5000);
    });

    it('once the time is over, but what needs no look-up', async () => {
      expect([cut, silent]).to.deep.include(await complete('get policy ', env, 20));
      expect((await complete('ipam sp', env, 20)).stdout).to.equal('words\nsplit\tSplit an IP pool into equal parts.\n');
    });

    it('where nobody listens', async () => expect([cut, silent]).to.deep.include(await complete('get policy ', { ETCD_ENDPOINTS: DEAD_ENDPOINT, HOME: folder }, 1000)));

    it('where settings, files or words are wrong', async () => {
      execFileSync('mkfifo', [join(folder, 'fifo')]);
      writeFileSync(join(folder, 'broken.cfg'), 'spec: [secret-in-file');
      for (const line of ['get policy --context none ', `get policy -c ${folder}/broken.cfg `, `get policy -c ${folder}/fifo `, `get policy --store ${folder}/fifo `, 'get policy --store - ', `get policy --store ${folder}/broken.cfg `, 'get wep --scope x --namespace ']) {
        expect(await complete(line, { ...env, ...(line.includes('namespace') && { ETCD_ENDPOINTS: 'http://user:secret@x' }) }), line).to.deep.equal(silent);
      }
    });

    it('where the server is not trusted', async () => {
      const certificates = certificateStore();
      const authority = certificates.authority('ours');
      const server = await startEtcd({ tls: authority.issue('server', { names: 'IP:127.0.0.1' }) });
      try {
        expect([cut, silent]).to.deep.include(await complete('get policy ', { ETCD_ENDPOINTS: server.endpoint, HOME: folder }, 2000));
      } finally {
        await server.stop();
        certificates.remove();
      }
    });

    it('where the password is wrong', async () => {
      const server = await startEtcd();
      try {
        for (const words of [['user', 'add', 'root:right'], ['user', 'grant-role', 'root', 'root'], ['auth', 'enable']]) await server.etcdctl(...words);
        expect(await complete('get policy ', { ETCD_ENDPOINTS: server.endpoint, ETCD_USERNAME: 'root', ETCD_PASSWORD: 'wrong', HOME: folder })).to.deep.equal(silent);
      } finally {
        await server.stop();
      }
    });

    it('and writes nothing', () => expect(readdirSync(folder).sort()).to.deep.equal(['.config', 'all.yaml', 'broken.cfg', 'fifo', 'lab.cfg']));
  });
});
