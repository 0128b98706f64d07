import { expect } from 'chai';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { ROOT } from '../../scripts/support/calicoctl.js';
import { makeFolder } from '../../src/base/make-folder.js';

describe('a folder that is made with those above it', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'calicoctl-make-folder-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('has the mode that is asked for, and may be there already', () => {
    const path = join(folder, 'a/b/c');
    makeFolder(path, 0o700);
    makeFolder(path);
    for (const each of ['a', 'a/b', 'a/b/c']) expect(statSync(join(folder, each)).mode & 0o777).to.equal(0o700);
  });

  it('is refused where something else has its name, or nothing can be made', () => {
    writeFileSync(join(folder, 'file'), '');
    expect(() => makeFolder(join(folder, 'file'))).to.throw(/EEXIST/);
    expect(() => makeFolder(join(folder, 'file/inside'))).to.throw(/ENOTDIR/);
    expect(() => makeFolder('/proc/nowhere/inside')).to.throw(/ENOENT/);
  });

  it('is made in no other way', () => {
    const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
    expect(sources.filter((name) => /\bmkdir(?:Sync)?\([^;]*recursive: true/.test(readFileSync(join(ROOT, 'src', name), 'utf8')))).to.deep.equal([]);
  });
});
