import { expect } from 'chai';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { apiAccess, type KubernetesConfig } from '../../../src/cni/kubernetes/access.js';
import { askForPodCidrs } from '../../../src/cni/kubernetes/kubernetes.js';
import { certificateStore, type Authority, type CertificateStore, type KeyPair } from '../../support/certificates.js';
import { fakeKubernetes, type FakeKubernetes } from '../../support/kubernetes-api.js';

/** A kubeconfig with one context. */
function kubeconfig(cluster: object, user: object, more: object = {}): string {
  return JSON.stringify({
    apiVersion: 'v1', kind: 'Config', clusters: [{ name: 'other', cluster: {} }, { name: 'local', cluster }], users: [{ name: 'calico', user }],
    contexts: [{ name: 'calico-context', context: { cluster: 'local', user: 'calico' } }], 'current-context': 'calico-context', ...more,
  });
}

describe('how Kubernetes is reached', () => {
  let folder: string;
  let store: CertificateStore;
  let cluster: Authority;
  let client: KeyPair;
  let server: KeyPair;
  let api: FakeKubernetes;

  before(async () => {
    store = certificateStore();
    cluster = store.authority('cluster');
    server = cluster.issue('server', { names: 'IP:127.0.0.1,DNS:api.example' });
    client = cluster.issue('calico-cni');
    api = await fakeKubernetes({ pair: server, clients: cluster.certificate });
    api.objects.set('/api/v1/nodes/host1', { spec: { podCIDRs: ['10.0.1.0/24'] } });
  });
  after(async () => {
    await api.close();
    store.remove();
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'calicoctl-kubeconfig-'));
    api.asked.length = 0;
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const write = (text: string, name = 'kubeconfig'): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const base64 = (path: string): string => readFileSync(path).toString('base64');
  const ask = (config: KubernetesConfig, env: Record<string, string> = {}): Promise<string> => askForPodCidrs(config, 'host1', { env }).then(({ ipv4 }) => ipv4 ?? '', told);
  const told = (error: unknown): string => `${(error as { meaning: string }).meaning}: ${(error as Error).message.replaceAll(folder, 'FOLDER').replaceAll(api.url, 'URL')}; ${String((error as { hint?: string }).hint).replaceAll(folder, 'FOLDER')}`;
  const access = (config: KubernetesConfig): Promise<string> => apiAccess(config, {}).then(({ authorization }) => authorization?.header ?? 'nobody', told);

  it('with certificates in the file itself, and in files beside it', async () => {
    const inline = kubeconfig({ server: api.url, 'certificate-authority-data': base64(cluster.certificate) }, { 'client-certificate-data': base64(client.certificate), 'client-key-data': base64(client.key) });
    expect(await ask({ kubernetes: { kubeconfig: write(inline) } })).to.equal('10.0.1.0/24');
    write(readFileSync(cluster.certificate, 'utf8'), 'ca.pem');
    const beside = kubeconfig({ server: api.url, 'certificate-authority': 'ca.pem' }, { 'client-certificate': client.certificate, 'client-key': client.key });
    expect(await ask({ kubernetes: { kubeconfig: write(beside) } })).to.equal('10.0.1.0/24');
    expect(api.asked.map((each) => each.client)).to.deep.equal(['calico-cni', 'calico-cni']);
  });

  it('as the official installer writes it, in YAML with a token, and as the config of the network says it', async () => {
    const yaml = [
      '# Kubeconfig file for Calico CNI plugin.', 'apiVersion: v1', 'kind: Config', 'clusters:', '- name: local', '  cluster:', `    server: ${api.url}`, '    insecure-skip-tls-verify: true',
      'users:', '- name: calico', '  user:', '    token: 0012', 'contexts:', '- name: calico-context', '  context:', '    cluster: local', '    user: calico', 'current-context: calico-context',
    ].join('\n');
    const policy = { clientCertificate: client.certificate, clientKey: client.key };
    expect(await ask({ kubernetes: { kubeconfig: write(yaml) }, policy })).to.equal('10.0.1.0/24');
    expect(await ask({ kubernetes: { kubeconfig: write(yaml.replace('skip', 'do-not-skip')) }, policy: { ...policy, certificateAuthority: cluster.certificate, authToken: 'ours' } })).to.equal('10.0.1.0/24');
    expect(api.asked.map(({ authorization }) => authorization)).to.deep.equal(['Bearer 0012', 'Bearer ours']);
  });

  it('the server of the config counts before that of the file, and its newer key before the older one', async () => {
    const file = write(kubeconfig({ server: 'https://192.0.2.1' }, {}));
    const serverOf = async (config: KubernetesConfig): Promise<string> => (await apiAccess(config, {})).server.href;
    expect(await serverOf({ kubernetes: { kubeconfig: file } })).to.equal('https://192.0.2.1/');
    expect(await serverOf({ kubernetes: { kubeconfig: file }, policy: { apiRoot: 'https://192.0.2.2:6443/api/v1/' } })).to.equal('https://192.0.2.2:6443/');
    expect(await serverOf({ kubernetes: { kubeconfig: file, apiRoot: '192.0.2.3:8080' }, policy: { apiRoot: 'https://192.0.2.2:6443' } })).to.equal('http://192.0.2.3:8080/');
  });

  it('a name in the certificate that is not the one in the address', async () => {
    const of = (more: object): string => write(kubeconfig({ server: api.url.replace('127.0.0.1', 'localhost'), 'certificate-authority': cluster.certificate, ...more }, { 'client-certificate': client.certificate, 'client-key': client.key }));
    expect(await ask({ kubernetes: { kubeconfig: of({ 'tls-server-name': 'api.example' }) } })).to.equal('10.0.1.0/24');
    expect(await ask({ kubernetes: { kubeconfig: of({}) } })).to.match(/^unreachable: .*: its certificate is not for localhost; use a name from the certificate in server of the cluster "local" in FOLDER\/kubeconfig/);
  });

  it('the account of the pod it runs in, where nothing else is named', async () => {
    mkdirSync(join(folder, 'account'));
    write('token of the pod\n'.replaceAll(' ', '-'), 'account/token');
    write(readFileSync(cluster.certificate, 'utf8'), 'account/ca.crt');
    const { server: found, authorization, authority } = await apiAccess({}, { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '443' }, join(folder, 'account'));
    expect(found.href).to.equal('https://[fd00::1]/');
    expect(authorization?.header).to.equal('Bearer token-of-the-pod');
    expect(authority?.bytes.toString()).to.include('BEGIN CERTIFICATE');
    expect(await access({})).to.equal("misconfigured: the network's config does not say where Kubernetes' API is; name a kubeconfig in kubernetes.kubeconfig, or the server in kubernetes.k8s_api_root");
  });

  it('tokens: in the file, in another, which counts; and passwords', async () => {
    write('second\n', 'token');
    const of = (user: object): KubernetesConfig => ({ kubernetes: { kubeconfig: write(kubeconfig({ server: 'http://192.0.2.1' }, user)) } });
    expect(await access(of({ token: 'first' }))).to.equal('Bearer first');
    expect(await access(of({ token: 'first', tokenFile: 'token' }))).to.equal('Bearer second');
    expect(await access(of({ username: 'a', password: 'b:c' }))).to.equal(`Basic ${Buffer.from('a:b:c').toString('base64')}`);
    expect(await access(of({}))).to.equal('nobody');
    expect(await access(of({ tokenFile: 'missing' }))).to.equal('misconfigured: FOLDER/missing (tokenFile of the user "calico" in FOLDER/kubeconfig) does not exist; check the path, and that this user may read the file');
    const secret = await access(of({ token: 'secret\r\nx: y' }));
    expect(secret).to.match(/^misconfigured: token of the user "calico" in FOLDER\/kubeconfig is not a token/);
    expect(secret).not.to.include('secret');
  });

  it('what is wrong with certificates is told with file and key', async () => {
    const of = (where: object, user: object = {}): KubernetesConfig => ({ kubernetes: { kubeconfig: write(kubeconfig({ server: api.url, ...where }, user)) } });
    const users = { 'client-certificate': client.certificate, 'client-key': client.key };
    expect(await ask(of({}, users))).to.match(/^unreachable: Kubernetes' API at URL .*: its certificate is not signed by any authority built into Node.js; name the cluster's authority/);
    const other = store.authority('other');
    expect(await ask(of({ 'certificate-authority': other.certificate }, users))).to.match(/: its certificate is not signed by the authority that is trusted; check certificate-authority of the cluster "local" in FOLDER\/kubeconfig$/);
    expect(await ask(of({ 'certificate-authority': cluster.certificate }))).to.match(/^denied: .*: it requires a client certificate; check the user in the kubeconfig$/);
    const stranger = other.issue('stranger');
    expect(await ask(of({ 'certificate-authority': cluster.certificate }, { 'client-certificate': stranger.certificate, 'client-key': stranger.key }))).to.match(/: it closed the connection before its answer was whole; it may refuse the client certificate: check client-certificate of the user "calico" in FOLDER\/kubeconfig$/);
    expect(await ask(of({ 'certificate-authority-data': 'bm90aGluZw==' }))).to.equal('misconfigured: Kubernetes: certificate-authority-data of the cluster "local" in FOLDER/kubeconfig holds no certificate in PEM form; check certificate-authority-data of the cluster "local" in FOLDER/kubeconfig');
    expect(await ask(of({ 'certificate-authority': 'gone.pem' }))).to.match(/^misconfigured: Kubernetes: FOLDER\/gone.pem \(certificate-authority of the cluster "local" in FOLDER\/kubeconfig\) does not exist/);
    expect(await ask(of({}, { 'client-certificate': client.certificate }))).to.equal('misconfigured: client-certificate of the user "calico" in FOLDER/kubeconfig is set, and no client key belongs to it; name both, or neither');
    expect(await ask(of({}, { ...users, 'client-key': server.key }))).to.match(/^misconfigured: Kubernetes: the key in .* does not belong to the certificate in /);
  });

  it('a kubeconfig that is none is told with its path, and nothing of its text', async () => {
    const read = (text: string): Promise<string> => access({ kubernetes: { kubeconfig: write(text) } });
    expect(await access({ kubernetes: { kubeconfig: join(folder, 'missing') } })).to.equal('misconfigured: the kubeconfig FOLDER/missing does not exist; check kubernetes.kubeconfig in the config of the network');
    expect(await read('users:\n- token: "secret\n')).to.equal('misconfigured: the kubeconfig FOLDER/kubeconfig is not YAML: see line 3; undefined');
    for (const text of ['', 'secret', '[]', 'a: b']) expect(await read(text), text).to.equal('misconfigured: the kubeconfig FOLDER/kubeconfig is no kubeconfig: it has neither clusters nor users nor contexts; undefined');
    expect(await read(kubeconfig({}, {}))).to.match(/^misconfigured: the kubeconfig FOLDER\/kubeconfig names no server in its current context; name a kubeconfig/);
    expect(await read(kubeconfig({}, {}, { 'current-context': 'x' }))).to.equal('misconfigured: the kubeconfig FOLDER/kubeconfig has no context "x", which current-context names; undefined');
    expect(await read(kubeconfig({}, {}, { users: [] }))).to.equal('misconfigured: the kubeconfig FOLDER/kubeconfig has no user "calico", which its current context names; undefined');
    expect(await read(kubeconfig({}, {}, { clusters: 'x' }))).to.match(/has no cluster "local"/);
    expect(await read(kubeconfig({}, {}, { clusters: [{ name: 'local', cluster: 'x' }] }))).to.equal('misconfigured: the kubeconfig FOLDER/kubeconfig: the cluster "local" is not a map; undefined');
    expect(await read(kubeconfig({ server: 'http://x', 'proxy-url': 'http://y' }, {}))).to.match(/^misconfigured: proxy-url of the cluster "local" in FOLDER\/kubeconfig is not supported/);
    expect(await read(kubeconfig({ server: 'http://x' }, { exec: { command: 'x' } }))).to.match(/^misconfigured: exec of the user "calico" in FOLDER\/kubeconfig is not supported; use a token/);
    expect(await read(kubeconfig({ server: 'ftp://x' }, {}))).to.equal('misconfigured: server of the cluster "local" in FOLDER/kubeconfig is not the address of an API; write it as https://HOST:PORT');
    expect(await read(kubeconfig({ server: 'https://me:secret@x' }, {}))).to.match(/^misconfigured: server of the cluster "local" in FOLDER\/kubeconfig has a user in it/);
  });
});
