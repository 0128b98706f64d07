import { expect } from 'chai';
import { afterEach, beforeEach, describe, it } from 'mocha';
import type { CalicoError } from '../../../src/base/errors.js';
import { readImage, refuseOldImage, refuseOldName, versionInName } from '../../../src/host/engine/image-version.js';
import { requireEngine } from '../../../src/host/engine/runtime.js';
import { hintText } from '../../../src/output/views/hint.js';
import { calicoctl } from '../../../scripts/support/calicoctl.js';
import { FakeEngine } from '../../support/fake-engine.js';

const sentence = (image: string, version: string): string => `${image} is calico/node ${version}, which reads etcd's v2 store: it would see nothing that this calicoctl stores`;
const HINT = 'name an image of Calico 3, such as --node-image=quay.io/calico/node:v3.32.1; --force starts this one anyway';
const DIGEST = `@sha256:${'0'.repeat(64)}`;

describe('the version that the name of an image says', () => {
  const old: Readonly<Record<string, string>> = {
    'quay.io/calico/node:v2.6.12': '2.6.12', 'calico/node:v1.1.0': '1.1.0', 'docker.io/calico/node:2.6.12': '2.6.12', 'registry.local:5000/mirror/calico/node:v2.6.12-amd64': '2.6.12',
    'rancher/calico-node:v2.6.2': '2.6.2', 'calico/node-amd64:v2.5.0-rc1': '2.5.0', 'gcr.io/projectcalico-org/node:v2.6': '2.6', 'calico/node:v2': '2', 'calico/node:release-v2.6': '2.6',
    'calico/node:latest-v1.3': '1.3', [`quay.io/calico/node:v2.6.12${DIGEST}`]: '2.6.12', 'calico/node:v0.23.1': '0.23.1', 'Calico/Node:V2.6.1': '2.6.1',
  };
  for (const [image, version] of Object.entries(old)) {
    it(`${image} is ${version}, and refused`, () => {
      expect(versionInName(image)).to.equal(version);
      expect(() => refuseOldName(image)).to.throw(sentence(image, version));
    });
  }

  const others: Readonly<Record<string, string | undefined>> = {
    'quay.io/calico/node:v3.32.1': '3.32.1', 'calico/node:v3': '3', 'calico/node:v10.2.0': '10.2.0', 'calico/node:3.0.0-beta1': '3.0.0', 'quay.io/calico/node:latest': undefined, 'quay.io/calico/node': undefined,
    [`quay.io/calico/node${DIGEST}`]: undefined, 'node:2.6': undefined, 'test/node:1': undefined, 'calico/node:1': undefined, 'calico/ctl:v1.6.5': undefined, 'calico/kube-controllers:v1.0.0': undefined,
    'registry.local:2.6/node': undefined, 'localhost:1234/calico/node': undefined, 'calico/node:master-2019': undefined, 'mycalico/nodejs:v2.0.0': undefined,
  };
  for (const [image, version] of Object.entries(others)) {
    it(`${image} is ${version ?? 'not told'}, and taken`, () => {
      expect(versionInName(image)).to.equal(version);
      refuseOldName(image);
    });
  }
});

describe('an image that is on this machine', () => {
  let docker: FakeEngine;
  beforeEach(() => (docker = FakeEngine.make('docker')));
  afterEach(() => docker.remove());

  /** What is said of an image, and how its programs were asked. */
  async function look(image: string, facts: Readonly<Record<string, unknown>>, versions = ''): Promise<{ message?: string; hint?: string | undefined; asked: string[][] }> {
    docker.holdImage(facts, versions);
    const engine = requireEngine('docker', { PATH: `${docker.folder}:/usr/bin:/bin` });
    const refusal = await refuseOldImage(engine, image, readImage(JSON.stringify([facts])), new AbortController().signal).then(() => undefined, (error: unknown) => error as CalicoError);
    return { ...(refusal && { message: refusal.message, hint: hintText(refusal.hint) }), asked: docker.calls() };
  }

  const CALICOS = { Config: { Cmd: ['start_runit'], Labels: null } };
  const ASKED = (image: string): string[] => ['run', '--rm', '--net=none', '--entrypoint=/bin/sh', image, '-c', 'calico-node -v 2>/dev/null || calico-felix --version 2>/dev/null'];

  it('by a digest, under another name that tells', async () => {
    const image = `quay.io/calico/node${DIGEST}`;
    expect(await look(image, { RepoTags: ['old:1', 'calico/node:v2.6.12'] })).to.deep.equal({ message: sentence(image, '2.6.12'), hint: HINT, asked: [] });
  });

  it('by its labels, those of Calico only', async () => {
    const labelled = (title: string, version: string): Readonly<Record<string, unknown>> => ({ RepoTags: null, Config: { Labels: { name: title, version }, Cmd: ['start_runit'] } });
    expect(await look('x:y', labelled('Calico node', 'v2.6.12'))).to.deep.equal({ message: sentence('x:y', '2.6.12'), hint: HINT, asked: [] });
    expect(await look('x:y', labelled('Calico node', 'v3.32.1'))).to.deep.equal({ asked: [] });
    expect(await look('x:y', labelled('ubi', '2.1'))).to.deep.equal({ asked: [ASKED('x:y')] });
  });

  it('latest may be anything: the programs of an image of Calico are asked', async () => {
    const image = 'quay.io/calico/node:latest';
    expect(await look(image, CALICOS, 'Version:            2.6.8\nFull git commit ID: 0\n')).to.deep.equal({ message: sentence(image, '2.6.8'), hint: HINT, asked: [ASKED(image)] });
    expect(await look(image, CALICOS, 'v3.32.1\n')).to.deep.equal({ asked: [ASKED(image)] });
    expect(await look(image, CALICOS)).to.deep.equal({ asked: [ASKED(image)] });
  });

  it('what is no image of Calico is not asked, nor one of which nothing can be read', async () => {
    expect(await look('test/node:1', { Config: { Entrypoint: ['/bin/sh'], Cmd: ['node'] } }, '1.0')).to.deep.equal({ asked: [] });
    expect(readImage('sha256:0')).to.deep.equal({ id: '', names: [], labels: {}, command: [] });
  });
});

describe('node run of an image that reads the v2 store', () => {
  const run = ['node', 'run', '--dryrun', '--name=host1', '--node-image=quay.io/calico/node:v2.6.12'];

  it('is refused before anything is done, also by --dryrun', async () => {
    expect(await calicoctl(run)).to.deep.equal({ code: 1, signal: null, stdout: '', stderr: `${sentence('quay.io/calico/node:v2.6.12', '2.6.12')}\nhint: ${HINT}\n` });
  });

  it('is as asked for with --force', async () => {
    const { code, stdout } = await calicoctl([...run, '--force']);
    expect([code, stdout.includes(' quay.io/calico/node:v2.6.12\n')]).to.deep.equal([0, true]);
  });
});
