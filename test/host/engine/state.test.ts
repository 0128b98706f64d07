import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { ContainerCommand } from '../../../src/host/engine/container.js';
import { exitText } from '../../../src/host/engine/exit-text.js';
import { differences, isCalicoContainer, unhealthyReason, type ContainerState } from '../../../src/host/engine/state.js';

const ID = 'a'.repeat(64);
const COMMAND: ContainerCommand = {
  arguments: [], image: 'calico/node:1', supervisor: 'engine',
  environment: [{ name: 'NODENAME', value: 'host1' }, { name: 'CALICO_NETWORKING_BACKEND', value: 'bird' }, { name: 'ETCD_PASSWORD', value: 'new secret', secret: true }],
  mounts: [{ source: '/run', target: '/run', kind: 'folder' }, { source: '/srv/logs', target: '/var/log/calico', kind: 'folder' }],
};
const STATE: ContainerState = {
  imageId: ID, imageName: 'calico/node:1', running: true, status: 'running', exitCode: 0, outOfMemory: false, health: undefined, startedAt: '', restarts: 0, restartPolicy: 'always',
  environment: new Map([['NODENAME', 'host1'], ['CALICO_NETWORKING_BACKEND', 'bird'], ['ETCD_PASSWORD', 'new secret'], ['PATH', '/bin'], ['HOSTNAME', 'x']]),
  mounts: ['/srv/logs:/var/log/calico', '/run:/run'],
};

describe('the difference between a container and what is wanted', () => {
  it('is nothing where all is the same, whatever the image itself sets', () => expect(differences(STATE, COMMAND, ID)).to.deep.equal([]));

  it('is named, and a secret is not shown', () => {
    const environment = new Map([['CALICO_NETWORKING_BACKEND', 'none'], ['ETCD_PASSWORD', 'old secret'], ['IP', '10.0.0.1']]);
    const state: ContainerState = { ...STATE, imageId: 'b'.repeat(64), environment, mounts: ['/run:/run', '/x:/y'], restartPolicy: 'no' };
    expect(differences(state, COMMAND, ID)).to.deep.equal([
      'its image differs (calico/node:1)', 'NODENAME is not set', 'CALICO_NETWORKING_BACKEND is "none", not "bird"', 'ETCD_PASSWORD differs', 'IP is set',
      '/srv/logs:/var/log/calico is not mounted', '/x:/y is mounted', 'its restart policy is no, not always',
    ]);
  });

  it('is found by the name of the image where the engine does not tell its id', () => {
    expect(differences({ ...STATE, imageId: 'calico/node:1' }, COMMAND, ID)).to.deep.equal([]);
    expect(differences({ ...STATE, imageId: 'calico/node:2', imageName: 'calico/node:2' }, COMMAND, ID)).to.deep.equal(['its image differs (calico/node:2)']);
  });
});

describe('a container', () => {
  it('is well while it runs and its health check does not complain', () => {
    expect([undefined, 'healthy', 'starting', 'unhealthy'].map((health) => unhealthyReason({ ...STATE, health }))).to.deep.equal([undefined, undefined, undefined, 'its health check fails']);
    expect(unhealthyReason({ ...STATE, running: false, status: 'restarting', exitCode: 3 })).to.equal('it is restarting, exit code 3');
    expect(unhealthyReason({ ...STATE, running: false, status: 'exited', exitCode: 137, outOfMemory: true })).to.equal('it is exited, exit code 137 (SIGKILL), out of memory');
    expect(unhealthyReason({ ...STATE, running: false, status: 'created' })).to.equal('it was never started');
  });

  it('is a Calico node if it has what every version is given', () => {
    expect(isCalicoContainer(STATE)).to.equal(true);
    expect(isCalicoContainer({ ...STATE, environment: new Map([['NODENAME', 'x']]) })).to.equal(false);
  });

  it('ends with a code, or a signal', () => expect([0, 1, 137, 143, 255].map((exitCode) => exitText({ exitCode }))).to.deep.equal(['exit code 0', 'exit code 1', 'exit code 137 (SIGKILL)', 'exit code 143 (SIGTERM)', 'exit code 255']));
});
