import { expect } from 'chai';
import { describe, it } from 'mocha';
import { InvalidRequest } from '../../src/base/errors.js';
import { identifiersOf, ignoredFlags, type IdentityFlags } from '../../src/cli/identifiers.js';
import { readNamed } from '../../src/cli/named.js';
import { nameOf } from '../../src/objects/reference.js';
import { CLASSIC_KINDS, STORED_KINDS } from '../../src/resources/registry.js';
import type { Dialect } from '../../src/resources/kind.js';

const FLAGS = ['n', 'node', 'scope', 'orchestrator', 'workload', 'namespace'] as const;

function failure(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof InvalidRequest) return error.message;
    throw error;
  }
  return '';
}

/** Words read in a dialect, shown as kind, name and identifiers. */
function read(words: string, dialect: Dialect = 'v1', flags: IdentityFlags = {}): string {
  return readNamed(words.split(' '), dialect, flags, 'delete').map(({ kind, name = '', identifiers }) => [`${kind.dialect} ${kind.kind}`, name, ...Object.entries(identifiers).filter(([, value]) => value !== undefined).map(([flag, value]) => `${flag}=${String(value)}`)].join(' ')).join('; ');
}

describe('what identifies resources on the command line', () => {
  it('every flag is used, or refused, for every kind and verb; get of a classic kind alone ignores what 1.6 ignored', () => {
    for (const kind of [...CLASSIC_KINDS, ...STORED_KINDS]) {
      for (const verb of ['get', 'delete'] as const) {
        for (const flag of FLAGS) {
          const given: IdentityFlags = { [flag]: flag === 'scope' ? 'global' : 'x' };
          const refused = failure(() => identifiersOf(kind, given, verb)) !== '';
          const used = !refused && Object.values(identifiersOf(kind, given, verb)).includes(given[flag]);
          const ignored = kind.dialect === 'v1' && verb === 'get' && flag !== 'namespace' && !used;
          expect(refused, `${verb} ${kind.kind} ${flag}`).to.equal(!used && !ignored);
          if (verb === 'get' && !refused) expect(ignoredFlags(kind, given).length > 0, `${kind.kind} ${flag}`).to.equal(ignored);
        }
      }
      expect(failure(() => identifiersOf(kind, { 'all-namespaces': true }, 'get')) === '', `${kind.kind} -A`).to.equal(kind.dialect === 'v1' ? kind.stored.namespaced : kind.namespaced);
    }
  });

  it('-n is the namespace where a kind has one, else the node of a classic kind', () => {
    expect(read('networkPolicy web', 'v1', { n: 'shop' })).to.equal('v3 NetworkPolicy web namespace=shop');
    expect(read('hostEndpoint eth0', 'v1', { n: 'n1' })).to.equal('v1 hostEndpoint eth0 node=n1');
    expect(read('workloadEndpoint e', 'v3', { n: 'shop' })).to.equal('v3 WorkloadEndpoint e namespace=shop');
    expect(failure(() => read('hostEndpoint eth0', 'v1', { n: 'n1', node: 'n2' }))).to.equal('-n n1 and --node n2 contradict each other');
    expect(read('hostEndpoint eth0', 'v1', { n: 'n1', node: 'n1' })).to.equal('v1 hostEndpoint eth0 node=n1');
    expect(failure(() => read('policy web', 'v1', { n: 'shop' }))).to.equal('-n does not identify a policy');
    expect(failure(() => read('hostEndpoint eth0', 'v1', { node: '' }))).to.equal('--node is empty');
  });

  it('a namespace may stand before the name, as messages print it', () => {
    expect(read('networkPolicy shop/web')).to.equal('v3 NetworkPolicy web namespace=shop');
    expect(read('wep shop/e', 'v3', { n: 'shop' })).to.equal('v3 WorkloadEndpoint e namespace=shop');
    expect(failure(() => read('networkPolicy shop/web', 'v1', { n: 'other' }))).to.equal('--namespace other contradicts shop/web');
    expect(read('hostEndpoint a/b')).to.equal('v1 hostEndpoint a/b');
  });

  it('get of a classic kind takes the names of stored objects, where no classic name looks so; delete does not', () => {
    const seen = (words: string, flags: IdentityFlags = {}): string[] => readNamed(words.split(' '), 'v1', flags, 'get').map(({ kind, name, identifiers }) => `${kind.kind} ${String(name)} ${String(identifiers.namespace)}`);
    expect(seen('ipPool big 10-0-0-0-16 10.0.0.0/16 10.0.0.0 fd00::/64')).to.deep.equal(['IPPool big undefined', 'IPPool 10-0-0-0-16 undefined', 'ipPool 10.0.0.0/16 undefined', 'ipPool 10.0.0.0 undefined', 'ipPool fd00::/64 undefined']);
    expect(seen('bgpPeer rack4.example 10.0.0.1 fd00::1')).to.deep.equal(['BGPPeer rack4.example undefined', 'bgpPeer 10.0.0.1 undefined', 'bgpPeer fd00::1 undefined']);
    expect(seen('bgpPeer rack4', { scope: 'global' })).to.deep.equal(['bgpPeer rack4 undefined']);
    expect(seen('workloadEndpoint shop/host1-k8s-pod1-eth0 eth0')).to.deep.equal(['WorkloadEndpoint host1-k8s-pod1-eth0 shop', 'workloadEndpoint eth0 undefined']);
    expect(read('ipPool big')).to.equal('v1 ipPool big');
  });

  it('KIND/NAME says all of it, of several kinds', () => {
    expect(read('policy/web profile/a/b GlobalNetworkPolicy/x NetworkPolicy/shop/web networkPolicy/web')).to.equal(
      'v1 policy web; v1 profile a/b; v3 GlobalNetworkPolicy x; v3 NetworkPolicy web namespace=shop; v3 NetworkPolicy web',
    );
    expect(read('ipPool/10.0.0.0/16 bgpPeer/global/fd00::1 bgpPeer/node/n1/10.0.0.1 BGPPeer/rack4')).to.equal(
      'v1 ipPool 10.0.0.0/16; v1 bgpPeer fd00::1 scope=global; v1 bgpPeer 10.0.0.1 node=n1 scope=node; v3 BGPPeer rack4',
    );
    expect(read('hep/n1/eth0 wep/n1/k8s/w%2f1/e/1')).to.equal('v1 hostEndpoint eth0 node=n1; v1 workloadEndpoint e/1 node=n1 orchestrator=k8s workload=w/1');
    expect(read('hep/eth0', 'v1', { node: 'n1' })).to.equal('v1 hostEndpoint eth0 node=n1');
  });

  it('its kind is spelt as it is printed, else a word of the dialect', () => {
    expect(read('node/n1')).to.equal('v1 node n1');
    expect(read('Node/n1')).to.equal('v3 Node n1');
    expect(read('node/n1 policy/web ipPool/10.0.0.0/16 ippool/p', 'v3')).to.equal('v3 Node n1; v3 NetworkPolicy web; v1 ipPool 10.0.0.0/16; v3 IPPool p');
  });

  it('and what contradicts it, or is no such word, is refused', () => {
    expect(failure(() => read('policy/web db'))).to.equal('db has no kind');
    expect(failure(() => read('policy/'))).to.equal('resource name may not be empty');
    expect(failure(() => read('nothing/web'))).to.equal("Resource type 'nothing' is not supported");
    expect(failure(() => read('wep/n1/k8s'))).to.equal('wep/n1/k8s does not say which workloadEndpoint is meant');
    expect(failure(() => read('hep/n1/eth0', 'v1', { node: 'n2' }))).to.equal('--node n2 contradicts hep/n1/eth0');
    expect(failure(() => read('NetworkPolicy/shop/web', 'v3', { n: 'blue' }))).to.equal('--namespace blue contradicts NetworkPolicy/shop/web');
  });

  it('what -o name prints of parts with slashes is read back', () => {
    const metadata = { node: 'n1', orchestrator: 'a%b/c', workload: 'w/1', name: 'e/2' };
    const printed = nameOf({ document: { kind: 'workloadEndpoint', apiVersion: 'v1', metadata, spec: {} } });
    expect(read(printed)).to.equal('v1 workloadEndpoint e/2 node=n1 orchestrator=a%b/c workload=w/1');
  });
});
