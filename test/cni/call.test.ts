import { expect } from 'chai';
import { describe, it } from 'mocha';
import { readArguments } from '../../src/cni/arguments.js';
import { connectionOf } from '../../src/cni/datastore.js';
import { readCall } from '../../src/cni/call.js';
import { callEnvironment, IDLE, runHere } from '../support/cni.js';

const CONFIG = { cniVersion: '1.1.0', name: 'net1', type: 'calico', ipam: { type: 'calico-ipam' } };

/** A call that must fail: what is other than usual, and the failure. */
const REFUSED: readonly (readonly [title: string, command: string, env: Readonly<Record<string, string | undefined>>, stdin: object | string, code: number, message: string | RegExp])[] = [
  ['an unknown command', 'REMOVE', {}, CONFIG, 4, 'unknown CNI_COMMAND: REMOVE'],
  ['a name that every object has', 'toString', {}, CONFIG, 4, 'unknown CNI_COMMAND: toString'],
  ['no container', 'ADD', { CNI_CONTAINERID: undefined, CNI_PATH: '' }, CONFIG, 4, 'required env variables [CNI_CONTAINERID,CNI_PATH] missing'],
  ['no namespace', 'CHECK', { CNI_NETNS: undefined }, CONFIG, 4, 'required env variables [CNI_NETNS] missing'],
  ['a container that would be a path', 'DEL', { CNI_CONTAINERID: '../x' }, CONFIG, 4, 'invalid characters in containerID'],
  ['a long interface', 'ADD', { CNI_IFNAME: 'abcdefghijklmnop' }, CONFIG, 4, 'interface name is too long'],
  ['an interface of dots', 'ADD', { CNI_IFNAME: '..' }, CONFIG, 4, 'interface name is . or ..'],
  ['an interface with a slash', 'ADD', { CNI_IFNAME: 'a/b' }, CONFIG, 4, 'interface name contains / or : or whitespace characters'],
  ['nothing on stdin', 'ADD', {}, '', 6, 'error unmarshall network config: unexpected end of JSON input'],
  ['JSON that breaks off', 'ADD', {}, '{"name":"ne', 6, 'error unmarshall network config: unexpected end of JSON input'],
  ['a password that is no JSON', 'ADD', {}, '{"etcd_password":hush}', 6, /^error unmarshall network config: it is no JSON(?!.*hush)/],
    ['a list', 'ADD', {}, '[]', 6, 'error unmarshall network config: it is no map'],
  ['very deep JSON', 'ADD', {}, `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`, 6, /nested/],
  ['no name', 'ADD', {}, { ...CONFIG, name: '' }, 7, 'missing network name'],
  ['a name that would be a path', 'ADD', {}, { ...CONFIG, name: 'a/b' }, 7, 'invalid characters found in network name'],
  ['a name that is a number', 'ADD', {}, { ...CONFIG, name: 5 }, 7, 'name must be text, not 5'],
  ['an unknown version', 'ADD', {}, { ...CONFIG, cniVersion: '9.9' }, 1, 'incompatible CNI versions'],
  ['a version that is a number', 'ADD', {}, { ...CONFIG, cniVersion: 1 }, 6, 'cniVersion must be text, not 1'],
  ['CHECK of an old version', 'CHECK', {}, { ...CONFIG, cniVersion: '0.3.1' }, 1, 'config version does not allow CHECK'],
  ['GC of an old version', 'GC', {}, { ...CONFIG, cniVersion: '1.0.0' }, 1, 'config version does not allow GC'],
  ['an MTU that is text', 'ADD', {}, { ...CONFIG, mtu: '1500' }, 7, 'mtu must be a whole number from 0 on, not "1500"'],
  ['pools that are text', 'ADD', {}, { ...CONFIG, ipam: { ipv4_pools: '10.0.0.0/16' } }, 7, 'ipam.ipv4_pools must be a list of texts, not "10.0.0.0/16"'],
  ['a family that is neither wanted nor not', 'ADD', {}, { ...CONFIG, ipam: { assign_ipv6: 'yes' } }, 7, 'ipam.assign_ipv6 must be true or false, not "yes"'],
  ['a secret at a wrong place', 'ADD', {}, { ...CONFIG, policy: [{ k8s_auth_token: 'hush' }] }, 7, 'policy must be a map, not a list'],
  ['an attachment that is none', 'GC', {}, { ...CONFIG, 'cni.dev/valid-attachments': ['x'] }, 7, 'cni.dev/valid-attachments must be a list of maps, not a list'],
];

describe('a call of a plugin', () => {
  for (const [title, command, env, stdin, code, message] of REFUSED) {
    it(`with ${title} is refused`, async () => {
      const end = await runHere(IDLE, { env: callEnvironment(command, env), stdin });
      const failure = JSON.parse(end.stdout) as { code: number; msg: string };
      expect(end.code).to.equal(1);
      expect(failure.code).to.equal(code);
      if (typeof message === 'string') expect(failure.msg).to.equal(message);
      else expect(failure.msg).to.match(message);
    });
  }

  it('of an unknown version is told which ones there are', async () => {
    const end = await runHere(IDLE, { env: callEnvironment('ADD'), stdin: { ...CONFIG, cniVersion: '2.0.0' } });
    expect((JSON.parse(end.stdout) as { details: string }).details).to.equal('config is "2.0.0", plugin supports ["0.1.0" "0.2.0" "0.3.0" "0.3.1" "0.4.0" "1.0.0" "1.1.0"]');
  });

  for (const command of ['DEL', 'CHECK', 'GC', 'STATUS']) {
    it(`${command} that goes well prints nothing`, async () => {
      expect(await runHere(IDLE, { env: callEnvironment(command), stdin: CONFIG })).to.deep.equal({ code: 0, stdout: '', log: '' });
    });
  }

  it('DEL needs no namespace', async () => {
    expect((await runHere(IDLE, { env: callEnvironment('DEL', { CNI_NETNS: undefined }), stdin: CONFIG })).code).to.equal(0);
  });

  it('ADD prints the result in the version of the configuration', async () => {
    const end = await runHere(IDLE, { env: callEnvironment('ADD'), stdin: { ...CONFIG, cniVersion: '0.2.0' } });
    expect(JSON.parse(end.stdout)).to.deep.equal({ cniVersion: '0.2.0', ip4: { ip: '10.0.0.1/26' }, dns: {} });
  });

  it('VERSION reads no stdin', async () => {
    const end = await runHere(IDLE, { env: { CNI_COMMAND: 'VERSION' }, stdin: 'no JSON' });
    expect(JSON.parse(end.stdout)).to.deep.equal({ cniVersion: '1.1.0', supportedVersions: ['0.1.0', '0.2.0', '0.3.0', '0.3.1', '0.4.0', '1.0.0', '1.1.0'] });
  });

  it('without a command says what it is', async () => {
    const end = await runHere(IDLE, { env: {}, stdin: '' });
    expect(end).to.deep.include({ code: 0, stdout: '' });
    expect(end.log).to.match(/^CNI plugin plugin of Calico\nCNI protocol versions supported: 0\.1\.0, /);
  });

  it('that throws what is no error of ours tells of a bug, and the log has it', async () => {
    const end = await runHere({ ...IDLE, del: () => Promise.reject(new TypeError('x is undefined')) }, { env: callEnvironment('DEL'), stdin: CONFIG });
    expect(JSON.parse(end.stdout)).to.deep.equal({ code: 999, msg: 'this is a bug of the plugin, please report it: x is undefined' });
    expect(end.log).to.match(/\[ERROR\].*DEL of container container-1 in network net1 failed/);
  });
});

describe('CNI_ARGS', () => {
  it('are pairs of names and values', () => {
    expect([...readArguments('IP=10.0.0.1;K8S_POD_NAME=', ['IP', 'K8S_POD_NAME'])]).to.deep.equal([['IP', '10.0.0.1'], ['K8S_POD_NAME', '']]);
  });

  it('that are not known may be ignored', () => {
    expect([...readArguments('IgnoreUnknown=true;A=1', []).keys()]).to.deep.equal(['IgnoreUnknown']);
    expect(() => readArguments('A=1;B=2', [])).to.throw('ARGS: unknown args ["A=1" "B=2"]');
    expect(() => readArguments('IgnoreUnknown=FALSE;A=1', [])).to.throw('ARGS: unknown args ["A=1"]');
    expect(() => readArguments('IgnoreUnknown=yes', [])).to.throw('ARGS: error parsing value of pair "IgnoreUnknown=yes": boolean unmarshal error: invalid input yes');
  });

  for (const text of ['A', 'A=1;', 'A=1=2', ';']) {
    it(`${JSON.stringify(text)} is no list of pairs`, () => {
      expect(() => readArguments(text, ['A'])).to.throw('ARGS: invalid pair');
    });
  }
});

describe('how etcd is reached', () => {
  const etcdOf = (config: object): Parameters<typeof connectionOf>[0] => readCall('ADD', callEnvironment('ADD'), JSON.stringify({ ...CONFIG, ...config })).config.etcd;

  it('the configuration wins over the environment', () => {
    expect(connectionOf(etcdOf({ etcd_endpoints: 'http://127.0.0.1:1' }), { ETCD_ENDPOINTS: 'http://127.0.0.1:2', ETCD_DISCOVERY_SRV: 'example.com' }).endpoints).to.deep.equal(['http://127.0.0.1:1']);
  });

  it('the environment says what the configuration does not', () => {
    expect(connectionOf(etcdOf({}), { ETCD_ENDPOINTS: 'http://127.0.0.1:2' }).endpoints).to.deep.equal(['http://127.0.0.1:2']);
  });

  it('half of a key pair names its key', () => {
    expect(() => connectionOf(etcdOf({ etcd_endpoints: 'https://127.0.0.1:1', etcd_key_file: '/k' }), { ETCD_CERT_FILE: '/c' })).to.throw("etcd_key_file in the network's configuration is set, but no client certificate");
  });

  it('another datastore is refused', () => {
    expect(() => connectionOf(etcdOf({ datastore_type: 'kubernetes' }), {})).to.throw('this plugin works with etcd alone');
  });
});
