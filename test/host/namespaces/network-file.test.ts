import { expect } from 'chai';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { openNetwork } from '../../../src/host/namespaces/network-file.js';
import { runHere, runIn } from '../../../src/host/run.js';
import { NetworkNamespace } from '../../support/network-namespace.js';

describe('a network namespace that is open', () => {
  let namespace: NetworkNamespace;
  before(async () => (namespace = await NetworkNamespace.start()));
  after(() => namespace.stop());

  it('stays though the process that was in it ends', async () => {
    await namespace.do('ip link add here type veth peer name there');
    const open = openNetwork(`/proc/${namespace.pid}/ns/net`);
    namespace.stop();
    expect(open?.isOurs).to.equal(false);
    expect(await runIn({ net: open!.path })(['ip', '-oneline', 'link', 'show', 'here'])).to.contain('here@there');
    open?.close();
  });

  it('is known to be ours', () => {
    const open = openNetwork(`/proc/${process.pid}/ns/net`);
    expect(open?.isOurs).to.equal(true);
    open?.close();
  });

  it('is none where there is no file', () => {
    expect(openNetwork('/run/netns/never-made')).to.equal(undefined);
    expect(openNetwork('/etc/hostname/x')).to.equal(undefined);
  });

  it('is refused where the file is another one', () => {
    expect(() => openNetwork('/etc/hostname')).to.throw('/etc/hostname is no network namespace');
    expect(() => openNetwork(`/proc/${process.pid}/ns`)).to.throw('is no network namespace');
    expect(() => openNetwork('/dev/zero')).to.throw('is no network namespace');
  });

  it('is not waited for where nobody writes into the file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'calicoctl-network-'));
    const pipe = join(folder, 'pipe');
    await runHere(['mkfifo', pipe]);
    expect(() => openNetwork(pipe)).to.throw('is no network namespace');
    rmSync(folder, { recursive: true });
  });
});
