import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { makeLayer, makeNodeImage } from '../../scripts/image/node-image.js';
import { fetchImagePackages } from '../../scripts/image/rootfs.js';

const LARGEST_BYTES = 130e6;

describe('the image of the node', () => {
  let folder: string;
  let archive: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'calicoctl-node-image-'));
    archive = join(folder, 'node.tar');
    makeNodeImage(archive, 'test/node:1');
    const [layer = ''] = (JSON.parse(execFileSync('tar', ['-xOf', archive, 'manifest.json'], { encoding: 'utf8' })) as [{ readonly Layers: readonly string[] }])[0].Layers;
    execFileSync('tar', ['-xf', archive, '-C', folder, '--strip-components=1', layer]);
    execFileSync('tar', ['-xf', join(folder, 'layer.tar'), '-C', folder, './licences', './usr/local/lib/calico']);
  });
  after(() => rmSync(folder, { recursive: true }));

  it('has the same bytes each time it is made', () => {
    const digest = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');
    makeLayer(join(folder, 'again.tar'));
    expect(digest(join(folder, 'again.tar'))).to.equal(digest(join(folder, 'layer.tar')));
  });

  it('is small enough', () => {
    expect(readFileSync(archive).length).to.be.lessThan(LARGEST_BYTES);
  });

  it('has the licences of all that is in it', () => {
    const packages = fetchImagePackages();
    expect(packages).to.include.members(['bird', 'runit', 'nftables']);
    const wanted = [...packages.map((name) => `licences/${name}`), 'usr/local/lib/calico/LICENSE', 'usr/local/lib/calico/dist/licences.txt'];
    expect(wanted.filter((path) => !existsSync(join(folder, path)) || statSync(join(folder, path)).size === 0)).to.deep.equal([]);
  });
});
