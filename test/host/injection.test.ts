import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { after, before, describe, it } from 'mocha';
import { CalicoError } from '../../src/base/errors.js';
import { shellLine } from '../../src/host/engine/container.js';
import { containerCommand, type NodePlan } from '../../src/node/container.js';
import { readDockerNetworking, readNodeOptions, type GivenOptions } from '../../src/cli/node-options.js';
import { runNode } from '../../src/node/run.js';
import { FakeEngine } from '../support/fake-engine.js';
import { propertyRuns } from '../support/runs.js';

const DEFAULTS: GivenOptions = {
  'ip-autodetection-method': 'first-found', 'ip6-autodetection-method': 'first-found', 'log-dir': '/var/log/calico', 'node-image': 'quay.io/calico/node:latest', backend: 'bird',
  'no-default-ippools': false, 'disable-docker-networking': false, 'docker-networking-ifprefix': 'cali', 'use-docker-networking-container-labels': false,
};
const TEXT_OPTIONS = ['name', 'as', 'ip', 'ip6', 'ip-autodetection-method', 'ip6-autodetection-method', 'log-dir', 'node-image', 'backend', 'felix-config', 'docker-networking-ifprefix'] as const;

/** Pieces that mean something to shells, to engines, or to the options themselves. */
const piece = fc.constantFrom(
  '$(id)', '`id`', ';', '|', '&', '>', '<', '\n', '\r', '\t', '\0', ' ', "'", '"', '\\', '*', '?', '~', '#', '!', '=', ':', ',', '/', '..', '-', '--', '--rm', '-v/:/x', '--privileged=false',
  '${PATH}', '%s', '\u001b[31m', '\u202e', 'é', 'eth0', 'a', '7', '10.0.0.1', 'interface=', 'skip-interface=',
);
const hostile = fc.array(piece, { minLength: 1, maxLength: 6 }).map((pieces) => pieces.join(''));
const given = fc.record({ option: fc.constantFrom(...TEXT_OPTIONS), value: hostile, dialect: fc.constantFrom('v1' as const, 'v3' as const) });

/** The plan for one option with one value; undefined where it is refused in words. */
async function planFor({ option, value, dialect }: { option: (typeof TEXT_OPTIONS)[number]; value: string; dialect: 'v1' | 'v3' }): Promise<NodePlan | undefined> {
  const options = { ...DEFAULTS, [option]: value };
  try {
    return {
      dialect, supervisor: 'engine', options: await readNodeOptions(options, 'host1'), dockerNetworking: readDockerNetworking(options, dialect),
      datastore: { endpoints: ['http://127.0.0.1:2379'], user: { name: 'alice', password: 'c4n4ry' } },
    };
  } catch (error) {
    if (error instanceof CalicoError) return undefined;
    throw error;
  }
}

/** The words as an engine reads them: options with their values, then the image. */
function parsed(words: readonly string[]): { environment: string[]; mounts: string[]; image: string | undefined } {
  const [verb, ...rest] = words;
  expect(verb).to.equal('run');
  expect(rest.splice(0, 5)).to.deep.equal(['--net=host', '--privileged', '--name=calico-node', '-d', '--restart=always']);
  const environment: string[] = [];
  const mounts: string[] = [];
  while (rest[0] === '-e' || rest[0] === '-v') {
    const [option, value = ''] = rest.splice(0, 2);
    (option === '-e' ? environment : mounts).push(value);
  }
  expect(rest).to.have.length(1);
  return { environment, mounts, image: rest[0] };
}

describe('values given to node run', function () {
  this.timeout(900_000);

  it('never become anything but what they are meant to be, or they are refused', async () => {
    await fc.assert(fc.asyncProperty(given, async (input) => {
      const plan = await planFor(input);
      if (plan === undefined) return;
      const { environment, mounts, image } = parsed(containerCommand(plan).arguments);
      expect(image).to.match(/^[a-zA-Z0-9]/);
      for (const entry of environment) expect(entry).to.match(/^[A-Z0-9_]+(=|$)/);
      for (const mount of mounts) expect(mount).to.match(/^\/[^:]*:\/[^:]*$/);
      expect(environment.join('') + mounts.join('') + String(image)).not.to.match(/[\0-\x1f]|c4n4ry/);
    }), propertyRuns());
  });

  it('are shown so that a shell reads the same words', async () => {
    await fc.assert(fc.asyncProperty(given, async (input) => {
      const plan = await planFor(input);
      if (plan === undefined) return;
      const words = containerCommand(plan).arguments;
      // What could steer a terminal is shown as $'\\x..', which dash does not know.
      expect(execFileSync('bash', ['-c', `printf '%s\\0' ${shellLine(words)}`], { encoding: 'utf8' }).split('\0').slice(0, -1)).to.deep.equal(words);
    }), { numRuns: 100 });
  });
});

for (const name of ['docker', 'podman', 'nerdctl'] as const) {
  describe(`the words that ${name} is called with`, () => {
    let engine: FakeEngine;
    before(() => (engine = FakeEngine.make(name)));
    after(() => engine.remove());

    const start = (plan: NodePlan): Promise<void> => runNode({
      plan, runtime: name, replace: undefined, force: false, timeoutMs: 10_000, isRoot: true, signal: new AbortController().signal, notify: () => undefined, storedAddresses: () => Promise.resolve({}),
      env: { PATH: `${engine.folder}:/usr/bin:/bin`, CALICO_CTL_CONTAINER: 'true' },
    });

    it('are those of the plan, in order, and the password is in its environment only', async () => {
      const plan = await planFor({ option: 'name', value: 'host1', dialect: 'v3' }) as NodePlan;
      await start(plan);
      const calls = engine.calls().sort(([one = ''], [other = '']) => one.localeCompare(other));
      expect(calls).to.deep.equal([
        ['image', 'inspect', 'quay.io/calico/node:latest'],
        ['logs', '--follow', 'calico-node'],
        ['rm', '-f', 'calico-node-replaced'],
        [
          'run', '--net=host', '--privileged', '--name=calico-node', '-d', '--restart=always', '-e', 'NODENAME=host1', '-e', 'CALICO_NETWORKING_BACKEND=bird', '-e', 'CALICO_MANAGE_CNI=false',
          '-e', 'ETCD_ENDPOINTS=http://127.0.0.1:2379', '-e', 'ETCD_DISCOVERY_SRV=', '-e', 'ETCD_USERNAME=alice', '-e', 'ETCD_PASSWORD', '-v', '/var/log/calico:/var/log/calico',
          '-v', '/var/run/calico:/var/run/calico', '-v', '/var/lib/calico:/var/lib/calico', '-v', '/lib/modules:/lib/modules', '-v', '/run:/run', 'quay.io/calico/node:latest',
        ],
      ]);
      expect(engine.environment().filter((line) => line.includes('c4n4ry'))).to.deep.equal(['ETCD_PASSWORD=c4n4ry']);
    });

    it('arrive as they were given, whatever a shell would make of them', async () => {
      const values = { 'log-dir': '/srv/$(id) `id`;\'"&|*', 'felix-config': '/etc/-v --rm', 'ip-autodetection-method': 'interface=$(id)|`id`,--rm', name: 'host.1-a_b' } as const;
      for (const [option, value] of Object.entries(values)) {
        const plan = await planFor({ option: option as keyof typeof values, value, dialect: 'v3' }) as NodePlan;
        await start(plan);
        const run = engine.calls().find(([verb]) => verb === 'run');
        expect(run).to.deep.equal(containerCommand(plan).arguments);
        expect(run?.join('\n')).to.include(value);
      }
    });
  });
}
