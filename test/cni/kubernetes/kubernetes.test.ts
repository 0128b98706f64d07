import { expect } from 'chai';
import { askForPod, askForPodCidrs } from '../../../src/cni/kubernetes/kubernetes.js';
import type { KubernetesConfig } from '../../../src/cni/kubernetes/access.js';
import type { ApiOptions } from '../../../src/cni/kubernetes/api.js';
import { fakeKubernetes, status, type FakeKubernetes } from '../../support/kubernetes-api.js';

const NETWORK = { ipam: { type: 'calico-ipam' }, featureControl: { ipAddrsNoIpam: false, floatingIps: false } };
const POD = '/api/v1/namespaces/shop/pods/web-1';

describe('Kubernetes over HTTP', () => {
  let api: FakeKubernetes;

  beforeEach(async () => {
    api = await fakeKubernetes();
    api.objects.set(POD, { metadata: { name: 'web-1', namespace: 'shop', labels: { app: 'web' } }, spec: {} });
    api.objects.set('/api/v1/namespaces/shop', { metadata: { name: 'shop', annotations: { 'cni.projectcalico.org/ipv4pools': '["one"]' } } });
    api.objects.set('/api/v1/nodes/host1', { metadata: { name: 'host1' }, spec: { podCIDRs: ['10.0.1.0/24'] } });
  });
  afterEach(() => api.close());

  const config = (): KubernetesConfig => ({ kubernetes: { apiRoot: api.url } });
  const pod = (options: ApiOptions = {}, name = 'web-1'): ReturnType<typeof askForPod> => askForPod({ ...config(), ...NETWORK }, { namespace: 'shop', pod: name }, { env: {}, ...options });
  const cidrs = (options: ApiOptions = {}): Promise<string> => askForPodCidrs(config(), 'host1', { env: {}, ...options }).then(({ ipv4 }) => ipv4 ?? '', told);
  const told = (error: unknown): string => `${(error as { meaning: string }).meaning}: ${(error as Error).message.replaceAll(api.url, 'URL')}; ${String((error as { hint?: string }).hint).replaceAll(api.url, 'URL')}`;
  const ASKED = "Kubernetes' API at URL was asked for the node host1: ";

  it('asks for pod and namespace, and for a node', async () => {
    const { labels, addresses } = await pod();
    expect({ labels, addresses }).to.deep.equal({ labels: { app: 'web', 'projectcalico.org/namespace': 'shop', 'projectcalico.org/orchestrator': 'k8s' }, addresses: { from: 'pools', pools4: ['one'] } });
    expect(api.asked.map(({ method, path }) => `${method} ${path}`).sort()).to.deep.equal([`GET ${POD.split('/pods')[0]}`, `GET ${POD}`]);
    expect(await cidrs()).to.equal('10.0.1.0/24');
  });

  it('puts names into the path as they are', async () => {
    api.objects.set('/api/v1/nodes/a%2F..%3Fb', { spec: { podCIDRs: ['10.0.2.0/24'] } });
    expect(await askForPodCidrs(config(), 'a/..?b', { env: {} })).to.include({ ipv4: '10.0.2.0/24' });
  });

  it('goes below the path of the server, and takes the older form with all of it', async () => {
    api.objects.set('/behind/api/v1/nodes/host1', api.objects.get('/api/v1/nodes/host1'));
    for (const each of [{ kubernetes: { apiRoot: `${api.url}/behind` } }, { kubernetes: { apiRoot: `${api.url}/behind/` } }, { policy: { apiRoot: `${api.url}/behind/api/v1/` } }]) {
      expect(await askForPodCidrs(each, 'host1', { env: {} })).to.include({ ipv4: '10.0.1.0/24' });
    }
  });

  it('says what is not there, at once', async () => {
    expect(await pod({}, 'web-2').catch(told)).to.equal('missing: Kubernetes\' API at URL was asked for the pod shop/web-2: it is not there (404): pods "web-2" not found; undefined');
    expect(api.asked).to.have.length(2);
    api.objects.delete('/api/v1/namespaces/shop');
    expect(await pod().catch(told)).to.match(/^missing: .* asked for the namespace shop: it is not there \(404\)/);
  });

  it('says who is not known and what is not allowed, with what Kubernetes says', async () => {
    api.token = 'right';
    expect(await cidrs()).to.equal(`denied: ${ASKED}it does not know who asks (401): Unauthorized; name a token or a client certificate in the kubeconfig`);
    const wrong: KubernetesConfig = { ...config(), policy: { authToken: 'wrong' } };
    const answer = await askForPodCidrs(wrong, 'host1', { env: {} }).catch(told);
    expect(answer).to.equal(`denied: ${ASKED}it does not know who asks (401): Unauthorized; check policy.k8s_auth_token in the network's config; a token may have expired`);
    api.instead.push((_request, response) => status(response, 403, 'nodes "host1" is forbidden\u001b[31m'));
    expect(await cidrs()).to.equal(`denied: ${ASKED}it does not let this user read that (403): nodes "host1" is forbidden\\x1b[31m; grant "get" on pods, namespaces and nodes to the user of this machine`);
  });

  it('asks again where the server could not answer', async () => {
    api.instead.push(
      (_request, response) => status(response, 503, 'starting', { 'retry-after': '0' }),
      (_request, response) => status(response, 429, 'too many', { 'retry-after': '0' }),
      (request) => request.socket.destroy(),
    );
    expect(await cidrs()).to.equal('10.0.1.0/24');
    expect(api.asked).to.have.length(4);
  });

  it('ends where the server cannot answer in the end', async () => {
    for (let count = 0; count < 4; count++) api.instead.push((_request, response) => status(response, 500, 'etcd is down', { 'retry-after': '0' }));
    expect(await cidrs()).to.equal(`unreachable: ${ASKED}it answers 500: etcd is down; undefined`);
    expect(api.asked).to.have.length(4);
  });

  it('does not wait for ever, neither for an answer nor for its end, nor for better ones', async () => {
    api.instead.push(() => undefined);
    expect(await cidrs({ answerMs: 50, totalMs: 200 })).to.equal(`timeout: ${ASKED}it does not answer in time; undefined`);
    api.instead.push((_request, response) => void response.writeHead(200).write('{"spec":'));
    expect(await cidrs({ totalMs: 50 })).to.equal(`timeout: ${ASKED}it does not answer in time; undefined`);
    api.instead.push((_request, response) => status(response, 503, 'starting', { 'retry-after': '3600' }));
    expect(await cidrs({ totalMs: 50 })).to.equal(`unreachable: ${ASKED}it answers 503: starting; undefined`);
  });

  it('can be stopped', async () => {
    const stop = new AbortController();
    api.instead.push(() => stop.abort(new Error('stopped')));
    expect(await askForPodCidrs(config(), 'host1', { env: {}, signal: stop.signal }).catch(String)).to.equal('Error: stopped');
    const later = new AbortController();
    api.instead.push((_request, response) => {
      status(response, 503, 'starting', { 'retry-after': '5' });
      setTimeout(() => later.abort(new Error('stopped later')), 50);
    });
    expect(await askForPodCidrs(config(), 'host1', { env: {}, signal: later.signal }).catch(String)).to.equal('Error: stopped later');
  });

  it('takes nothing for an object that is none', async () => {
    const nonsense = `unreadable: ${ASKED}it answers with something that is no object of Kubernetes; check kubernetes.k8s_api_root in the network's config`;
    for (const text of ['<html>', '', '[]', 'null', '"text"']) {
      api.instead.push((_request, response) => void response.writeHead(200).end(text));
      expect(await cidrs(), text).to.equal(nonsense);
    }
    api.instead.push((_request, response) => void response.writeHead(302, { location: 'http://192.0.2.1/' }).end());
    expect(await cidrs()).to.equal(`failed: ${ASKED}it answers 302; check kubernetes.k8s_api_root in the network's config`);
    api.instead.push((_request, response) => {
      response.writeHead(200);
      for (let count = 0; count < 9; count++) response.write(Buffer.alloc(1024 * 1024, 32));
      response.end('{}');
    });
    expect(await cidrs()).to.equal(`unreachable: ${ASKED}its answer is too long; undefined`);
  });

  it('says why nothing answers', async () => {
    const { url } = api;
    await api.close();
    expect(await cidrs()).to.equal(`unreachable: ${ASKED}connection refused; check that the API server runs, and kubernetes.k8s_api_root in the network's config`);
    const tls = { kubernetes: { apiRoot: url.replace('http:', 'https:') } };
    api = await fakeKubernetes();
    tls.kubernetes.apiRoot = api.url.replace('http:', 'https:');
    expect(await askForPodCidrs(tls, 'host1', { env: {} }).catch((error: unknown) => (error as Error).message)).to.match(/the node host1: it does not speak TLS$/);
    expect(await askForPodCidrs({ kubernetes: { apiRoot: 'http://nowhere.invalid' } }, 'host1', { env: {}, totalMs: 5000 }).catch((error: unknown) => (error as Error).message)).to.match(/^Kubernetes' API at http:\/\/nowhere.invalid was asked for the node host1: /);
  });
});
