import { expect } from 'chai';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { PROGRAM } from '../../scripts/support/calicoctl.js';
import { startEtcd, type Etcd } from '../../scripts/support/etcd.js';
import { SHELLS } from '../../src/cli/completion/shells.js';
import { startShell, type ShellSession } from '../support/shell-session.js';

const KEYS = '/calico/resources/v3/projectcalico.org';
const HOSTILE = 'cmd$(touch pwned)`touch pwned`;touch pwned';

/** What is typed before the tabulator key, and the words that the shell has then. */
const LINES: readonly (readonly [typed: string, words: readonly string[]])[] = [
  ['ipam sp', ['ipam', 'split']],
  ['-l deb', ['-l', 'debug']],
  ['apply --dry', ['apply', '--dry-run']],
  ['apply -o n', ['apply', '-o', 'name']],
  ['apply --output=n', ['apply', '--output=name']],
  ['apply -o=n', ['apply', '-o=name']],
  ['get pools,tiers', ['get', 'pools,tiers']],
  ['get IPPOOLS', ['get', 'ipPools']],
  ['ipam assign --pool fd00:', ['ipam', 'assign', '--pool', 'fd00::/64']],
  ['get policy allow', ['get', 'policy', 'allow-web']],
  ['get policy/allow', ['get', 'policy/allow-web']],
  ['get policy allow-web -o ya', ['get', 'policy', 'allow-web', '-o', 'yaml']],
  ['get globalnetworkset two', ['get', 'globalnetworkset', 'two words']],
  ['get globalnetworkset two\\ w', ['get', 'globalnetworkset', 'two words']],
  ["get globalnetworkset 'two", ['get', 'globalnetworkset', 'two words']],
  ['get globalnetworkset it', ['get', 'globalnetworkset', "it's"]],
  ['get globalnetworkset cmd', ['get', 'globalnetworkset', HOSTILE]],
  ['get globalnetworkset "cmd', ['get', 'globalnetworkset', HOSTILE]],
  ["get globalnetworkset 'cmd", ['get', 'globalnetworkset', HOSTILE]],
  ['get globalnetworkset esc', ['get', 'globalnetworkset', 'esc']],
  ['get globalnetworkset café', ['get', 'globalnetworkset', 'café-au-lait']],
  ['apply -f mani', ['apply', '-f', 'manifest.yaml']],
  ['apply --filename=mani', ['apply', '--filename=manifest.yaml']],
  ['apply -f "a fi', ['apply', '-f', 'a file.yaml']],
  ['--context la', ['--context', 'lab']],
  ['diff --against manif', ['diff', '--against', 'manifest.yaml']],
  ['diff --against la', ['diff', '--against', 'lab']],
  ['--store store.json get tier ba', ['--store', 'store.json', 'get', 'tier', 'backup-tier']],
  ['config set nodeTo', ['config', 'set', 'nodeToNodeMesh']],
  ['config set nodeToNodeMesh of', ['config', 'set', 'nodeToNodeMesh', 'off']],
  ['config get logLevel --node rack', ['config', 'get', 'logLevel', '--node', 'rack1-host1']],
  ['get no-such-kind x', ['get', 'no-such-kind', 'x']],
];

describe('completion in shells', () => {
  let folder: string;
  let etcd: Etcd;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'calicoctl-completion-'));
    mkdirSync(join(folder, 'bin'));
    symlinkSync(PROGRAM, join(folder, 'bin/calicoctl'));
    for (const file of ['manifest.yaml', 'a file.yaml']) writeFileSync(join(folder, file), '');
    writeFileSync(join(folder, 'store.json'), JSON.stringify({ [`${KEYS}/tiers/backup-tier`]: '{}' }));
    mkdirSync(join(folder, '.config/calicoctl'), { recursive: true });
    writeFileSync(join(folder, '.config/calicoctl/contexts.yaml'), 'apiVersion: calicoctl/v1\nkind: Contexts\ncontexts:\n  lab:\n    etcdEndpoints: http://127.0.0.1:1\n');
    etcd = await startEtcd();
    const policy = { kind: 'GlobalNetworkPolicy', apiVersion: 'projectcalico.org/v3', metadata: { name: 'allow-web' }, spec: {} };
    await etcd.etcdctl('put', `${KEYS}/globalnetworkpolicies/allow-web`, JSON.stringify(policy));
    for (const name of ['two words', "it's", HOSTILE, 'esc\u001b]0;pwned\u0007', 'café-au-lait']) await etcd.etcdctl('put', '--', `${KEYS}/globalnetworksets/${name}`, '{}');
    const pool = { kind: 'IPPool', apiVersion: 'projectcalico.org/v3', metadata: { name: 'six' }, spec: { cidr: 'fd00::/64' } };
    await etcd.etcdctl('put', `${KEYS}/ippools/six`, JSON.stringify(pool));
    await etcd.etcdctl('put', `${KEYS}/nodes/rack1-host1`, '{}');
  });
  after(async () => {
    await etcd.stop();
    rmSync(folder, { recursive: true });
  });

  for (const name of SHELLS) {
    describe(name, () => {
      let shell: ShellSession;
      before(async () => {
        shell = await startShell(name, folder, { ETCD_ENDPOINTS: etcd.endpoint, CALICOCTL_COMPLETION_MS: '20000', LANG: 'C.UTF-8' });
      });
      after(() => shell.end());

      for (const [typed, words] of LINES) {
        it(`calicoctl ${typed}`, async () => {
          expect(await shell.complete(`calicoctl ${typed}`)).to.deep.equal(['calicoctl', ...words]);
        });
      }

      it('runs nothing of what is stored', () => expect(existsSync(join(folder, 'pwned'))).to.equal(false));
    });
  }
});
