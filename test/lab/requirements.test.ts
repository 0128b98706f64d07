import { expect } from 'chai';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { type CalicoError } from '../../src/base/errors.js';
import { checkRequirements, labSearchPath } from '../../src/lab/requirements.js';

describe('what a lab needs', () => {
  let folder = '';
  const has = (...names: string[]): void => names.forEach((name) => {
    writeFileSync(join(folder, name), '');
    chmodSync(join(folder, name), 0o755);
  });
  const missing = (isRoot: boolean, encapsulation: 'routed' | 'vxlan', hasSystemd = true): CalicoError | undefined => {
    try {
      checkRequirements({ isRoot, searchPath: folder, encapsulation, hasSystemd });
      return undefined;
    } catch (error) {
      return error as CalicoError;
    }
  };

  before(() => (folder = mkdtempSync(join(tmpdir(), 'calicoctl-programs-'))));
  after(() => rmSync(folder, { recursive: true }));

  it('is said at once, with the packages to install', () => {
    has('ip', 'unshare', 'nsenter', 'mount', 'hostname', 'iptables', 'conntrack');
    const error = missing(false, 'routed');
    expect(error?.message).to.equal('a lab needs what is not here: the rights of root, to make namespaces, the programs etcd, ipset, nft, bird and bird6');
    expect(error?.hint).to.equal('install what is missing: apt-get install etcd-server ipset nftables bird; unless this machine uses them, end the services that this starts, which no lab needs: systemctl disable --now etcd bird bird6; run it as root, such as with sudo');
    expect(error?.meaning).to.equal('precondition');
  });

  it('is BIRD only where BGP brings the routes', () => {
    has('etcd', 'ipset', 'nft');
    expect(missing(true, 'vxlan')).to.equal(undefined);
    expect(missing(true, 'routed')?.hint).to.equal('install what is missing: apt-get install bird; unless this machine uses them, end the services that this starts, which no lab needs: systemctl disable --now bird bird6');
    expect(missing(true, 'routed', false)?.hint).to.equal('install what is missing: apt-get install bird; no lab needs the services that this may start: bird and bird6');
    has('bird');
    expect(missing(true, 'routed')?.hint).to.match(/^bird6 comes with BIRD 1\.6 .* --vxlan, which needs neither$/);
    has('bird6');
    expect(missing(true, 'routed')).to.equal(undefined);
    expect(missing(false, 'routed')?.hint).to.equal('run it as root, such as with sudo');
  });

  it('is also looked for where root has its programs, once', () => {
    expect(labSearchPath('/usr/bin:/usr/sbin')).to.equal('/usr/bin:/usr/sbin:/usr/local/sbin:/sbin');
    expect(labSearchPath(undefined).split(':')).to.include('/usr/sbin');
  });
});
