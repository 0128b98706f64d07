import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import type { CalicoError } from '../../../src/base/errors.js';
import { chooseEngine, engineFailure, otherEngines, requireEngine, type Engine, type EngineName } from '../../../src/host/engine/runtime.js';
import { FakeEngine } from '../../support/fake-engine.js';

function engineNamed(name: EngineName): Engine {
  const unused = (): never => {
    throw new Error('not called');
  };
  return { name, run: unused, runAttached: unused };
}

/** What the engines were seen to print, and the sentence and hint made of it. */
const FAILURES: readonly { engine: EngineName; stderr: string; code: number | null; message: string; hint?: string; meaning?: string }[] = [
  {
    engine: 'docker', code: 1,
    stderr: 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?\n',
    message: 'docker is installed, but its engine does not answer (docker said: Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?)',
    hint: 'start it, for example: systemctl start docker',
  },
  {
    // Docker 29 has words of its own.
    engine: 'docker', code: 1,
    stderr: 'failed to connect to the docker API at unix:///var/run/docker.sock; check if the path is correct and if the daemon is running: dial unix /var/run/docker.sock: connect: no such file or directory\n',
    message: 'docker is installed, but its engine does not answer (docker said: failed to connect to the docker API at unix:///var/run/docker.sock; check if the path is correct and if the daemon is running: dial unix /var/run/docker.sock: connect: no such file or directory)',
    hint: 'start it, for example: systemctl start docker',
  },
  {
    engine: 'docker', code: 1,
    stderr: 'permission denied while trying to connect to the Docker daemon socket at unix:///run/docker.sock: Get "http://%2Frun%2Fdocker.sock/v1.50/containers/json": dial unix /run/docker.sock: connect: permission denied\n',
    message: 'this user may not talk to docker (docker said: permission denied while trying to connect to the Docker daemon socket at unix:///run/docker.sock: Get "http://%2Frun%2Fdocker.sock/v1.50/containers/json": dial unix /run/docker.sock: connect: permission denied)',
    hint: "run it as root, or add the user to the group of docker's socket",
    meaning: 'forbidden',
  },
  {
    engine: 'docker', code: 125,
    stderr: "docker: Error response from daemon: Conflict. The container name \"/calico-node\" is already in use.\n\nRun 'docker run --help' for more information\n",
    message: 'doing it failed with exit status 125 (docker said: docker: Error response from daemon: Conflict. The container name "/calico-node" is already in use.)',
  },
  {
    engine: 'docker', code: 125, stderr: "docker: Error response from daemon: no space left on device.\nSee 'docker run --help'.\n",
    message: 'doing it failed with exit status 125 (docker said: docker: Error response from daemon: no space left on device.)',
  },
  { engine: 'podman', code: 125, stderr: 'Error: statfs /nope: no such file or directory\n', message: 'doing it failed with exit status 125 (podman said: Error: statfs /nope: no such file or directory)' },
  {
    engine: 'nerdctl', code: 1, stderr: 'time="2026-11-21T08:00:00Z" level=fatal msg="cannot access containerd socket \\"/run/containerd/containerd.sock\\": no such file or directory"\n',
    message: 'nerdctl is installed, but its engine does not answer (nerdctl said: time="2026-11-21T08:00:00Z" level=fatal msg="cannot access containerd socket \\"/run/containerd/containerd.sock\\": no such file or directory")',
    hint: 'start it, for example: systemctl start containerd',
  },
  { engine: 'docker', code: null, stderr: '', message: 'doing it failed (docker said: it gave no reason)' },
];

describe('the failure of an engine', () => {
  for (const { engine, stderr, code, message, hint, meaning = 'failed' } of FAILURES) {
    it(`is told: ${stderr.slice(0, 60).trim() || 'nothing'}`, () => {
      const failure = engineFailure(engineNamed(engine), 'doing it', { code, stdout: '', stderr });
      expect({ message: failure.message, hint: failure.hint, meaning: failure.meaning }).to.deep.equal({ message, hint, meaning });
    });
  }
});

describe('an engine that does not answer', () => {
  let docker: FakeEngine;
  before(() => (docker = FakeEngine.make('docker')));
  after(() => docker.remove());

  it('is waited for only so long, unless it waits itself', async () => {
    docker.hang();
    const engine = requireEngine('docker', { PATH: `${docker.folder}:/usr/bin:/bin` }, { lookMs: 300, changeMs: 400 });
    const advice = 'its engine hangs or is overloaded; check its log, or restart it: systemctl restart docker';
    const outcome = (args: readonly string[]): Promise<unknown> => engine.run(args).catch((error: unknown) => [(error as CalicoError).message, (error as CalicoError).hint]);
    expect(await outcome(['container', 'inspect', 'calico-node'])).to.deep.equal(['docker did not answer within 0.3 s (docker container inspect calico-node)', advice]);
    expect(await outcome(['run', '-e', 'X=y', 'image'])).to.deep.equal(['docker did not answer within 0.4 s (docker run)', advice]);
    const stop = new AbortController();
    const waiting = engine.run(['wait', 'calico-node'], { signal: stop.signal, onLine: () => setTimeout(() => stop.abort(), 600) });
    expect(await waiting).to.deep.equal({ code: null, stdout: 'hanging\n', stderr: '' });
  });
});

describe('the choice of an engine', () => {
  let podman: FakeEngine;
  let nerdctl: FakeEngine;
  before(() => ([podman, nerdctl] = [FakeEngine.make('podman'), FakeEngine.make('nerdctl')]));
  after(() => [podman, nerdctl].forEach((engine) => engine.remove()));

  it('is the one asked for, else the first that is installed', () => {
    const env = { PATH: `${nerdctl.folder}:${podman.folder}` };
    expect(chooseEngine(undefined, env)?.name).to.equal('podman');
    expect(chooseEngine('nerdctl', env)?.name).to.equal('nerdctl');
    expect(chooseEngine('docker', env)).to.equal(undefined);
    expect(otherEngines(requireEngine('podman', env), env)).to.deep.equal(['nerdctl']);
  });

  it('is refused where it is not there', () => {
    expect(() => requireEngine('docker', { PATH: podman.folder })).to.throw('docker is not installed: it is not in PATH');
    for (const env of [{ PATH: '/nowhere::' }, {}]) expect(() => requireEngine(undefined, env)).to.throw('there is no container engine: neither docker, podman nor nerdctl is in PATH');
  });
});
