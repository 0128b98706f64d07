import { expect } from 'chai';
import { describe, it } from 'mocha';
import { secretsOf, shellLine } from '../../src/host/engine/container.js';
import { containerCommand, type NodePlan } from '../../src/node/container.js';
import { dryRun } from '../../src/node/run.js';

const ORIGINS = { ip: '--ip', ip6: '--ip6', method: '--ip-autodetection-method', method6: '--ip6-autodetection-method', logDir: '--log-dir', felixConfig: '--felix-config' };
const OPTIONS: NodePlan['options'] = { origins: ORIGINS, name: 'host1', nameOrigin: '--name', backend: 'bird', method: 'first-found', method6: 'first-found', noDefaultPools: false, logDir: '/var/log/calico', image: 'quay.io/calico/node:latest' };
const CLASSIC: NodePlan = {
  dialect: 'v1', options: OPTIONS, supervisor: 'engine', dockerNetworking: { enabled: true, interfacePrefix: 'cali', labels: false }, datastore: { endpoints: ['http://127.0.0.1:2379'] },
};
const THREE: NodePlan = { ...CLASSIC, dialect: 'v3', dockerNetworking: { ...CLASSIC.dockerNetworking, enabled: false } };
const TLS = {
  authority: { origin: 'ETCD_CA_CERT_FILE', file: '/pki/ca.crt' },
  client: { certificate: { origin: 'ETCD_CERT_FILE', file: '/pki/client.crt' }, key: { origin: 'ETCD_KEY_FILE', file: '/pki/client.key' } },
};
const ALL: NodePlan['options'] = { ...OPTIONS, asNumber: 65546, ip: '10.0.0.1', ip6: 'fd00::1', method: 'interface=eth.*', method6: 'can-reach=fd00::9', noDefaultPools: true, logDir: '/srv/logs', image: 'calico/node:v2.6.12' };

function line(plan: NodePlan): string {
  return shellLine(['docker', ...containerCommand(plan).arguments]);
}

describe('the command that starts the container', () => {
  it('of the classic dialect', () => {
    expect(line(CLASSIC)).to.equal(
      'docker run --net=host --privileged --name=calico-node -d --restart=always -e NODENAME=host1 -e CALICO_NETWORKING_BACKEND=bird -e CALICO_LIBNETWORK_ENABLED=true -e ETCD_ENDPOINTS=http://127.0.0.1:2379'
      + ' -v /var/log/calico:/var/log/calico -v /var/run/calico:/var/run/calico -v /lib/modules:/lib/modules -v /run:/run -v /run/docker/plugins:/run/docker/plugins -v /var/run/docker.sock:/var/run/docker.sock quay.io/calico/node:latest',
    );
  });

  it('of the classic dialect, with all there is', () => {
    const plan: NodePlan = { ...CLASSIC, options: ALL, dockerNetworking: { enabled: true, interfacePrefix: 'tap', labels: true }, datastore: { endpoints: ['https://a:2379', 'https://b:2379'], ...TLS } };
    expect(line(plan)).to.equal(
      'docker run --net=host --privileged --name=calico-node -d --restart=always -e NODENAME=host1 -e CALICO_NETWORKING_BACKEND=bird -e CALICO_LIBNETWORK_ENABLED=true -e ETCD_ENDPOINTS=https://a:2379,https://b:2379'
      + " -e CALICO_LIBNETWORK_IFPREFIX=tap -e CALICO_LIBNETWORK_CREATE_PROFILES=false -e CALICO_LIBNETWORK_LABEL_ENDPOINTS=true -e NO_DEFAULT_POOLS=true -e 'IP_AUTODETECTION_METHOD=interface=eth.*'"
      + ' -e IP6_AUTODETECTION_METHOD=can-reach=fd00::9 -e AS=65546 -e IP=10.0.0.1 -e IP6=fd00::1'
      + ' -e ETCD_CA_CERT_FILE=/etc/calico/certs/ca_cert.crt -e ETCD_KEY_FILE=/etc/calico/certs/key.pem -e ETCD_CERT_FILE=/etc/calico/certs/cert.crt'
      + ' -v /srv/logs:/var/log/calico -v /var/run/calico:/var/run/calico -v /lib/modules:/lib/modules -v /run:/run -v /run/docker/plugins:/run/docker/plugins -v /var/run/docker.sock:/var/run/docker.sock'
      + ' -v /pki/ca.crt:/etc/calico/certs/ca_cert.crt -v /pki/client.key:/etc/calico/certs/key.pem -v /pki/client.crt:/etc/calico/certs/cert.crt calico/node:v2.6.12',
    );
  });

  it("of the classic dialect without Docker's networking", () => {
    expect(line({ ...CLASSIC, dockerNetworking: { enabled: false, interfacePrefix: 'tap', labels: false } })).to.equal(
      'docker run --net=host --privileged --name=calico-node -d --restart=always -e NODENAME=host1 -e CALICO_NETWORKING_BACKEND=bird -e CALICO_LIBNETWORK_ENABLED=false -e ETCD_ENDPOINTS=http://127.0.0.1:2379'
      + ' -v /var/log/calico:/var/log/calico -v /var/run/calico:/var/run/calico -v /lib/modules:/lib/modules -v /run:/run quay.io/calico/node:latest',
    );
  });

  it('of version 3', () => {
    expect(line(THREE)).to.equal(
      'docker run --net=host --privileged --name=calico-node -d --restart=always -e NODENAME=host1 -e CALICO_NETWORKING_BACKEND=bird -e CALICO_MANAGE_CNI=false -e ETCD_ENDPOINTS=http://127.0.0.1:2379 -e ETCD_DISCOVERY_SRV='
      + ' -v /var/log/calico:/var/log/calico -v /var/run/calico:/var/run/calico -v /var/lib/calico:/var/lib/calico -v /lib/modules:/lib/modules -v /run:/run quay.io/calico/node:latest',
    );
  });

  it('of version 3, with all there is', () => {
    const plan: NodePlan = { ...THREE, options: { ...ALL, felixConfig: '/etc/felix.cfg' }, datastore: { endpoints: [], discovery: { domain: 'example.org' }, ...TLS } };
    expect(line(plan)).to.equal(
      'docker run --net=host --privileged --name=calico-node -d --restart=always -e NODENAME=host1 -e CALICO_NETWORKING_BACKEND=bird -e CALICO_MANAGE_CNI=false -e ETCD_ENDPOINTS= -e ETCD_DISCOVERY_SRV=example.org'
      + " -e NO_DEFAULT_POOLS=true -e 'IP_AUTODETECTION_METHOD=interface=eth.*' -e IP6_AUTODETECTION_METHOD=can-reach=fd00::9 -e AS=65546 -e IP=10.0.0.1 -e IP6=fd00::1"
      + ' -e ETCD_CA_CERT_FILE=/etc/calico/certs/ca_cert.crt -e ETCD_KEY_FILE=/etc/calico/certs/key.pem -e ETCD_CERT_FILE=/etc/calico/certs/cert.crt'
      + ' -v /srv/logs:/var/log/calico -v /var/run/calico:/var/run/calico -v /var/lib/calico:/var/lib/calico -v /lib/modules:/lib/modules -v /run:/run -v /etc/felix.cfg:/etc/calico/felix.cfg'
      + ' -v /pki/ca.crt:/etc/calico/certs/ca_cert.crt -v /pki/client.key:/etc/calico/certs/key.pem -v /pki/client.crt:/etc/calico/certs/cert.crt calico/node:v2.6.12',
    );
  });

  it('says who starts the container again', () => {
    expect(containerCommand({ ...THREE, supervisor: 'init-system' }).arguments.slice(0, 5)).to.deep.equal(['run', '--net=host', '--privileged', '--name=calico-node', '--rm']);
    expect(containerCommand({ ...THREE, supervisor: 'watch' }).arguments.slice(0, 6)).to.deep.equal(['run', '--net=host', '--privileged', '--name=calico-node', '-d', '-e']);
  });

  it('names the password without saying it', () => {
    const command = containerCommand({ ...THREE, datastore: { endpoints: ['http://a:2379'], user: { name: 'alice', password: 'c4n4ry secret' } } });
    expect(shellLine(command.arguments)).to.include(' -e ETCD_USERNAME=alice -e ETCD_PASSWORD -v ').and.not.to.include('c4n4ry');
    expect(secretsOf(command)).to.deep.equal({ ETCD_PASSWORD: 'c4n4ry secret' });
  });

  it('refuses credentials that are no files', () => {
    expect(() => containerCommand({ ...THREE, datastore: { endpoints: ['https://a:2379'], authority: { origin: 'etcdCACert in /etc/calico/calicoctl.cfg' } } })).to.throw(
      'etcdCACert in /etc/calico/calicoctl.cfg holds PEM text, but a container needs files',
    );
  });
});

describe('node run --dryrun', () => {
  it('shows the command and how to go on', () => {
    expect(dryRun({ plan: THREE, runtime: 'docker', env: {} })).to.equal(
      `Use the following command to start the calico/node container:\n\n${line(THREE)}\n\nIf you are running calico/node in an init system, use the --init-system flag\nto display the appropriate start and stop commands.\n`,
    );
  });

  it('shows how to start and stop for an init system', () => {
    const plan: NodePlan = { ...THREE, supervisor: 'init-system' };
    expect(dryRun({ plan, runtime: 'docker', env: {} })).to.equal(
      `Use the following command to start the calico/node container:\n\n${line(plan)}\n\nUse the following command to stop the calico/node container:\n\ndocker stop calico-node\n\n`,
    );
  });

  it("needs no engine, and knows that podman and nerdctl have no networking of Docker's", () => {
    const bare = line({ ...CLASSIC, dockerNetworking: { enabled: false, interfacePrefix: 'cali', labels: false } });
    for (const runtime of ['podman', 'nerdctl'] as const) expect(dryRun({ plan: CLASSIC, runtime, env: {} }).split('\n')[2]).to.equal(bare.replace('docker', runtime));
    expect(dryRun({ plan: CLASSIC, runtime: undefined, env: {} }).split('\n')[2]).to.equal(line(CLASSIC));
  });
});

describe('a command line in words of a shell', () => {
  it('quotes what a shell would change', () => {
    expect(shellLine(['a', 'a b', "it's", '$(x)', '`x`', 'a\nb', '*', '', '--a=b,c:d/e.f@g%h+i-j_k'])).to.equal(`a 'a b' 'it'\\''s' '$(x)' '\`x\`' $'a\\x0ab' '*' '' --a=b,c:d/e.f@g%h+i-j_k`);
  });
});
