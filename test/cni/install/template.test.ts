import { expect } from 'chai';
import { networkList, type NetworkSettings } from '../../../src/cni/install/network.js';
import { filledIn, placeholderValues, readConfig } from '../../../src/cni/install/template.js';

const PLAIN: NetworkSettings = { network: 'calico', nodeName: undefined, etcd: { endpoints: ['http://192.0.2.1:2379', 'http://192.0.2.2:2379'] }, certificates: {}, kubeconfig: undefined, portmap: false };
const FULL: NetworkSettings = {
  network: 'k8s-pod-network', nodeName: 'host1', portmap: true, kubeconfig: '/etc/cni/net.d/calico-kubeconfig',
  etcd: { endpoints: [], discovery: { domain: 'example.org', origin: '' }, user: { name: 'cni', password: 'a"b\\c', nameOrigin: '', passwordOrigin: '' } },
  certificates: { authority: '/tls/etcd-ca', certificate: '/tls/etcd-cert', key: '/tls/etcd-key' },
};

describe('the config of a network', () => {
  it('with as little as can be, and with all', () => {
    const calico = { type: 'calico', log_level: 'info', log_file_path: '/var/log/calico/cni/cni.log', datastore_type: 'etcdv3' };
    expect(networkList(PLAIN)).to.deep.equal({ name: 'calico', cniVersion: '1.0.0', plugins: [{ ...calico, etcd_endpoints: 'http://192.0.2.1:2379,http://192.0.2.2:2379', ipam: { type: 'calico-ipam' } }] });
    expect(networkList(FULL)).to.deep.equal({
      name: 'k8s-pod-network', cniVersion: '1.0.0',
      plugins: [
        {
          ...calico, etcd_discovery_srv: 'example.org', etcd_ca_cert_file: '/tls/etcd-ca', etcd_cert_file: '/tls/etcd-cert', etcd_key_file: '/tls/etcd-key', etcd_username: 'cni', etcd_password: 'a"b\\c',
          nodename: 'host1', ipam: { type: 'calico-ipam' }, policy: { type: 'k8s' }, kubernetes: { kubeconfig: '/etc/cni/net.d/calico-kubeconfig' },
        },
        { type: 'portmap', snat: true, capabilities: { portMappings: true } },
      ],
    });
  });

  it('placeholders stand for what is known, quoted as JSON wants it, and for numbers', () => {
    const template = '{"a": "__ETCD_PASSWORD__", "mtu": __CNI_MTU__, "n": "__KUBERNETES_NODE_NAME__/__KUBERNETES_NODE_NAME__", "e": "__ETCD_ENDPOINTS__", "f": "__ETCD_CA_CERT_FILE__", "k": "__KUBECONFIG_FILEPATH__", "o": "__MY_OWN__", "p": "__proto__ __CNI_MTU"}';
    const { text, unknown } = filledIn(template, placeholderValues({ ...FULL, nodeName: undefined }, 'host2', {}, ''));
    expect(JSON.parse(text)).to.deep.equal({ a: 'a"b\\c', mtu: 0, n: 'host2/host2', e: '', f: '/tls/etcd-ca', k: '/etc/cni/net.d/calico-kubeconfig', o: '__MY_OWN__', p: '__proto__ __CNI_MTU' });
    expect(unknown).to.deep.equal(['__MY_OWN__']);
  });

  it('the environment counts for what the official installer takes from it; the name that was given counts before', () => {
    const env = { CNI_MTU: '1440', KUBERNETES_NODE_NAME: 'host3', LOG_LEVEL: 'debug', KUBERNETES_SERVICE_HOST: '10.0.0.1', DATASTORE_TYPE: 'kubernetes' };
    expect(placeholderValues(PLAIN, 'host2', env, 'secret')).to.include({ CNI_MTU: '1440', KUBERNETES_NODE_NAME: 'host3', LOG_LEVEL: 'debug', KUBERNETES_SERVICE_HOST: '10.0.0.1', DATASTORE_TYPE: 'etcdv3', SERVICEACCOUNT_TOKEN: 'secret' });
    expect(placeholderValues(FULL, 'host2', env, '')).to.include({ KUBERNETES_NODE_NAME: 'host1' });
  });

  it('a list and a single plugin are told apart; what is neither is refused without its text', () => {
    expect(readConfig('{"name": "a", "plugins": [{"type": "calico"}]}', 'x').extension).to.equal('conflist');
    expect(readConfig('{"name": "a.b_c-1", "type": "calico"}', 'x').extension).to.equal('conf');
    const told = (text: string): string => {
      try {
        return readConfig(text, 'network.json').extension;
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(told('{"password": "secret" "x"}')).to.equal('network.json is not JSON: see line 1');
    expect(told('{\n"password": "secret",\n"x": secret}')).to.equal('network.json is not JSON: see line 3');
    expect(told('{"a": [\n1,\n2\n]\n"b": 1\n}')).to.equal('network.json is not JSON: see line 5');
    expect(told('{\n"a": "x\n",\n"b": 1}')).to.equal('network.json is not JSON: see line 2');
    expect(told('{\n"a": 1,\n}\n')).to.equal('network.json is not JSON: see line 3');
    for (const text of ['', '{"name": "a"', '{"name": "a",\n', '{"name": "a']) expect(told(text)).to.equal('network.json is not JSON: it ends too early');
    expect(told('[]')).to.equal('network.json is not a map of keys');
    expect(told('{"type": "calico"}')).to.equal('network.json has no name');
    for (const name of ['"name": "", ', '"name": "a b", ', '"name": "-a", ', '"name": 1, ']) expect(told(`{${name}"type": "calico"}`)).to.equal('network.json has a name that no network can have');
    expect(told('{"name": "a", "plugins": []}')).to.equal('network.json names no plugins: plugins is empty');
    for (const plugin of ['{}', '1', '{"type": ""}']) expect(told(`{"name": "a", "plugins": [{"type": "x"}, ${plugin}]}`)).to.equal('network.json names a plugin without its type: plugins[1]');
    expect(told('{"name": "a"}')).to.equal('network.json has neither plugins nor a type');
  });

  it('what the plugin would refuse with every container is refused at once', () => {
    expect(() => readConfig('{"name": "a", "type": "calico", "mtu": "big"}', 'x')).to.throw('x has a value that the plugin does not take: mtu must be a whole number from 0 on, not "big"');
    expect(() => readConfig('{"name": "a", "plugins": [{"type": "tuning", "mtu": "big"}, {"type": "calico", "ipam": {"type": "calico-ipam", "ipv4_pools": "x"}}]}', 'x')).to.throw('x has a value that the plugin does not take: plugins[1].ipam.ipv4_pools must be a list of texts, not "x"');
  });
});
