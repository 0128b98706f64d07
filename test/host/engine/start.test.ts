import { expect } from 'chai';
import { afterEach, beforeEach, describe, it } from 'mocha';
import type { ContainerCommand } from '../../../src/host/engine/container.js';
import { inspect, start, type StartContext } from '../../../src/host/engine/start.js';
import { requireEngine } from '../../../src/host/engine/runtime.js';
import { FakeEngine } from '../../support/fake-engine.js';

const COMMAND: ContainerCommand = { arguments: ['run', '--name=calico-node', 'node:1'], environment: [], mounts: [], image: 'node:1', supervisor: 'engine' };

describe('a container that cannot be started', () => {
  let docker: FakeEngine;
  beforeEach(() => (docker = FakeEngine.make('docker')));
  afterEach(() => docker.remove());

  /** Starts it, and returns the failure and the calls that changed something. */
  async function attempt(): Promise<{ message: string; meaning: string; calls: string[][] }> {
    const engine = requireEngine('docker', { PATH: `${docker.folder}:/usr/bin:/bin` });
    const context: StartContext = { engine, command: COMMAND, replace: undefined, force: false, timeoutMs: 5000, signal: new AbortController().signal, prepare: () => Promise.resolve(), notify: () => undefined };
    const situation = await inspect(context);
    const { message, meaning } = await start(context, situation).then(() => { throw new Error('it started'); }, (error: unknown) => error as { message: string; meaning: string });
    return { message, meaning, calls: docker.calls().filter(([verb]) => verb !== 'image') };
  }

  it('is removed, because some engines leave it behind', async () => {
    docker.refuse('docker: Error response from daemon: no space left on device.\n');
    expect(await attempt()).to.deep.equal({
      message: 'calico-node could not be started: docker run failed with exit status 125 (docker said: docker: Error response from daemon: no space left on device.)',
      meaning: 'failed',
      calls: [['run', '--name=calico-node', 'node:1'], ['rm', '-f', 'calico-node']],
    });
  });

  for (const [engine, words] of [
    ['docker', 'docker: Error response from daemon: Conflict. The container name "/calico-node" is already in use by container "2b95". You have to remove (or rename) that container to be able to reuse that name.\n'],
    ['podman', 'Error: creating container storage: the container name "calico-node" is already in use by 0440. You have to remove that container to be able to reuse that name: that name is already in use\n'],
    ['nerdctl', 'time="2026-11-21T08:00:00Z" level=fatal msg="name \\"calico-node\\" is already used by ID \\"4711\\""\n'],
  ] as const) {
    it(`is not removed where it is somebody else's, in the words of ${engine}`, async () => {
      docker.refuse(words);
      expect(await attempt()).to.deep.equal({ message: 'a container named calico-node was started meanwhile by another program; it was left alone', meaning: 'taken', calls: [['run', '--name=calico-node', 'node:1']] });
    });
  }
});
