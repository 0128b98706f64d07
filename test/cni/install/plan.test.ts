import { expect } from 'chai';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { planInstallation, type InstallRequest } from '../../../src/cni/install/plan.js';
import { kubeconfigText, podAccount } from '../../../src/cni/install/pod-kubeconfig.js';
import { readKubeconfig } from '../../../src/cni/kubernetes/kubeconfig.js';

const POD = { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '6443' };
const REQUEST: InstallRequest = {
  confDir: '/c', binDir: '/b', program: { node: '/usr/bin/node', folder: '/dist', files: ['cni.js', 'calicoctl-cni.js'] }, version: '1', connection: { endpoints: ['http://192.0.2.1:2379'], endpointsOrigin: 'x' },
  network: undefined, nodeName: undefined, hostNodeName: 'host1', kubeconfig: undefined, account: undefined, template: undefined, env: {}, hasPlugin: () => true,
};

describe('the plan of an installation', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'calicoctl-account-'));
    writeFileSync(join(folder, 'ca.crt'), 'authority');
    writeFileSync(join(folder, 'token'), 'word-of-the-pod\n');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('the account of a pod becomes a kubeconfig, which only its owner reads and the plugin understands', async () => {
    const account = podAccount(POD, folder);
    const { files } = planInstallation({ ...REQUEST, account });
    expect(files.map(({ path, mode }) => `${path} ${mode.toString(8)}`)).to.deep.equal([
      '/b/calico.d/cni.js 644', '/b/calico.d/calicoctl-cni.js 644', '/b/calico 755', '/b/calico-ipam 755', '/c/calico-kubeconfig 600', '/c/10-calico.conflist 644',
    ]);
    const path = join(folder, 'kubeconfig');
    writeFileSync(path, files[4]?.content as Buffer);
    const { server, authority, token } = await readKubeconfig(path);
    expect([server?.text, Buffer.from(authority?.text ?? '', 'base64').toString(), token?.text]).to.deep.equal(['https://[fd00::1]:6443', 'authority', 'word-of-the-pod']);
    expect((files[5]?.content as Buffer).toString()).to.include('"kubeconfig": "/c/calico-kubeconfig"').and.to.include('"name": "k8s-pod-network"').and.not.to.include('word-of-the-pod');
  });

  it('no pod, no account; one whose files are not there is told', () => {
    expect(podAccount({}, folder)).to.equal(undefined);
    expect(podAccount({ KUBERNETES_SERVICE_HOST: '10.0.0.1' }, folder)).to.equal(undefined);
    expect(() => podAccount(POD, join(folder, 'none'))).to.throw(`KUBERNETES_SERVICE_HOST is set as in a pod, and ${join(folder, 'none')}/ca.crt does not exist`);
    expect(kubeconfigText({ server: 'http://x', authority: Buffer.from(''), token: 't' })).to.match(/\n$/);
  });

  it('a kubeconfig that is not there is told', () => {
    const missing = join(folder, 'none');
    expect(planInstallation({ ...REQUEST, kubeconfig: missing }).remarks).to.deep.equal([`${missing} is not there: no pod gets its interface until it is`]);
    expect(planInstallation({ ...REQUEST, kubeconfig: join(folder, 'token') }).remarks).to.deep.equal([]);
  });

  it('a token in a config makes it a file that only its owner reads', () => {
    const account = podAccount(POD, folder);
    const template = { text: '{"name": "a", "type": "calico", "policy": {"k8s_auth_token": "__SERVICEACCOUNT_TOKEN__"}}', origin: 'x' };
    const { files, config } = planInstallation({ ...REQUEST, account, template });
    expect([config.path, files.at(-1)?.mode.toString(8)]).to.deep.equal(['/c/10-calico.conf', '600']);
  });
});
