import { expect } from 'chai';
import { describe, it } from 'mocha';
import { calicoctl } from '../../scripts/support/calicoctl.js';

const HEAD = 'docker run --net=host --privileged --name=calico-node -d --restart=always -e NODENAME=host1 -e CALICO_NETWORKING_BACKEND=bird -e CALICO_LIBNETWORK_ENABLED=true -e ETCD_ENDPOINTS=http://127.0.0.1:2379';
const MOUNTS = '-v /var/run/calico:/var/run/calico -v /lib/modules:/lib/modules -v /run:/run -v /run/docker/plugins:/run/docker/plugins -v /var/run/docker.sock:/var/run/docker.sock';
const DRY = ['node', 'run', '--dryrun', '--runtime=docker', '--name=host1'];

function shown(command: string): string {
  return `Use the following command to start the calico/node container:\n\n${command}\n\nIf you are running calico/node in an init system, use the --init-system flag\nto display the appropriate start and stop commands.\n`;
}

describe('node run --dryrun, as it is typed', () => {
  it('shows the command, the same every time', async () => {
    const command = shown(`${HEAD} -v /var/log/calico:/var/log/calico ${MOUNTS} quay.io/calico/node:latest`);
    for (let round = 0; round < 3; round++) expect(await calicoctl(DRY)).to.deep.equal({ code: 0, signal: null, stdout: command, stderr: '' });
  });

  it('of version 3, with a password that is not shown', async () => {
    const ended = await calicoctl(['--dialect', 'v3', ...DRY], { env: { ETCD_ENDPOINTS: 'http://etcd1:2379', ETCD_USERNAME: 'alice', ETCD_PASSWORD: 'c4n4ry' } });
    const command = 'docker run --net=host --privileged --name=calico-node -d --restart=always -e NODENAME=host1 -e CALICO_NETWORKING_BACKEND=bird -e CALICO_MANAGE_CNI=false -e ETCD_ENDPOINTS=http://etcd1:2379'
      + ' -e ETCD_DISCOVERY_SRV= -e ETCD_USERNAME=alice -e ETCD_PASSWORD -v /var/log/calico:/var/log/calico -v /var/run/calico:/var/run/calico -v /var/lib/calico:/var/lib/calico -v /lib/modules:/lib/modules -v /run:/run quay.io/calico/node:latest';
    expect(ended).to.deep.equal({ code: 0, signal: null, stdout: shown(command), stderr: 'ETCD_PASSWORD is not shown: the command takes it from its environment\n' });
  });

  const accepted: readonly (readonly [string, string, string])[] = [
    ['--log-dir', '/srv/$(id);`id` -e X', ` -v '/srv/$(id);\`id\` -e X:/var/log/calico' ${MOUNTS} quay.io/calico/node:latest`],
    ['--felix-config', "/etc/it's --rm", ` -v /var/log/calico:/var/log/calico ${MOUNTS} -v '/etc/it'\\''s --rm:/etc/calico/felix.cfg' quay.io/calico/node:latest`],
    ['--ip-autodetection-method', 'interface=$(id)|--rm,eth0', ` -e 'IP_AUTODETECTION_METHOD=interface=$(id)|--rm,eth0' -v /var/log/calico:/var/log/calico ${MOUNTS} quay.io/calico/node:latest`],
    ['--ip6-autodetection-method', 'skip-interface=`id`;', ` -e 'IP6_AUTODETECTION_METHOD=skip-interface=\`id\`;' -v /var/log/calico:/var/log/calico ${MOUNTS} quay.io/calico/node:latest`],
  ];
  for (const [option, value, rest] of accepted) {
    it(`quotes ${option}=${value}`, async () => expect(await calicoctl([...DRY, `${option}=${value}`])).to.deep.equal({ code: 0, signal: null, stdout: shown(HEAD + rest), stderr: '' }));
  }

  const refused: readonly (readonly [string, string, string])[] = [
    ['--name', '$(id)', '--name: "$(id)" is not a node name\nhint: letters, digits, and inside the name also ".", "-" and "_"; at most 128 characters\n'],
    ['--name', '--privileged', '--name: "--privileged" is not a node name\nhint: letters, digits, and inside the name also ".", "-" and "_"; at most 128 characters\n'],
    ['--as', '1;id', '--as: "1;id" is not an AS number\nhint: write a number from 0 to 4294967295 without leading zeros, or two numbers up to 65535 such as 1.10\n'],
    ['--ip', '`id`', '--ip: "`id`" is not an IP address\nhint: write an IPv4 address without a prefix length, or autodetect\n'],
    ['--ip6', '-e', '--ip6: "-e" is not an IP address\nhint: write an IPv6 address without a prefix length, or autodetect\n'],
    ['--backend', 'bird\n--rm', '--backend: "bird\\n--rm" is not a BGP backend\nhint: known: bird, gobgp, none\n'],
    ['--node-image', '-v/:/host', '--node-image: "-v/:/host" is not the name of an image\nhint: write for example quay.io/calico/node:latest\n'],
    ['--node-image', 'a\nb', '--node-image: "a\\nb" is not the name of an image\nhint: write for example quay.io/calico/node:latest\n'],
    ['--log-dir', '/a:/etc', '--log-dir: "/a:/etc" cannot be mounted into a container\nhint: use a path without colons and control characters\n'],
    ['--felix-config', '/a\nb', '--felix-config: "/a\\nb" cannot be mounted into a container\nhint: use a path without colons and control characters\n'],
    ['--docker-networking-ifprefix', '--rm', '--docker-networking-ifprefix: "--rm" is not a prefix of interface names\nhint: letters and digits only\n'],
    ['--ip-autodetection-method', 'interface=a\nb', '--ip-autodetection-method: "interface=a\\nb" holds a control character\n'],
    ['--start-timeout', '$(id)', '--start-timeout "$(id)" is not a duration\nhint: write for example 10s, 500ms or 2m\n'],
  ];
  for (const [option, value, sentence] of refused) {
    it(`refuses ${option}=${JSON.stringify(value)}`, async () => {
      const ended = await calicoctl([...DRY.slice(0, option === '--name' ? -1 : undefined), `${option}=${value}`]);
      expect({ ...ended, stderr: ended.stderr.replaceAll('\\n', '\\n') }).to.deep.equal({ code: 2, signal: null, stdout: '', stderr: sentence.replaceAll('\\n', '\\n') });
    });
  }

  it('refuses an engine that it does not know', async () => {
    const { code, stdout } = await calicoctl(['node', 'run', '--dryrun', '--runtime=$(id)']);
    expect([code, stdout]).to.deep.equal([2, '']);
  });

  it('checks the options before the configuration, and that before the options of Docker', async () => {
    const all = [...DRY, '--config=/no/such.cfg', '--docker-networking-ifprefix=-'];
    expect((await calicoctl([...all, '--backend=x'])).stderr.split('\n')[0]).to.equal('--backend: "x" is not a BGP backend');
    const missing = await calicoctl(all);
    expect([missing.code, missing.stderr.split('\n')[0]]).to.deep.equal([4, 'configuration file /no/such.cfg does not exist']);
    const kubernetes = await calicoctl([...DRY, '--docker-networking-ifprefix=-'], { env: { DATASTORE_TYPE: 'kubernetes' } });
    expect([kubernetes.code, kubernetes.stderr.split('\n')[0]]).to.deep.equal([4, 'DATASTORE_TYPE says kubernetes: this calicoctl only works with etcd']);
  });

  it('does not stay and hand over at once', async () => {
    const { code, stdout } = await calicoctl([...DRY, '--watch', '--init-system']);
    expect([code, stdout]).to.deep.equal([2, '']);
  });
});
