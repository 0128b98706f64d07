import { expect } from 'chai';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { readRegularFile, UnfitFileError, whyUnread } from '../../src/base/regular-file.js';

describe('a file that has to be a regular one', () => {
  let path: string;
  before(() => {
    path = join(mkdtempSync(join(tmpdir(), 'calicoctl-regular-')), 'file');
  });
  after(() => rmSync(join(path, '..'), { recursive: true }));

  it('is read up to its limit, whatever its size', () => {
    for (const size of [0, 1, 100, 64 * 1024, 300_000]) {
      writeFileSync(path, 'x'.repeat(size), { mode: 0o640 });
      const { bytes, mode } = readRegularFile(path, size);
      expect([bytes.toString() === 'x'.repeat(size), mode & 0o7777]).to.deep.equal([true, 0o640]);
      if (size > 0) expect(() => readRegularFile(path, size - 1)).to.throw(UnfitFileError, /^is larger than /);
    }
  });

  it('is read where the system says no size', () => {
    expect(readRegularFile('/proc/filesystems', 1024 * 1024).bytes.toString()).to.equal(readFileSync('/proc/filesystems', 'utf8'));
    expect(() => readRegularFile('/proc/filesystems', 10)).to.throw(UnfitFileError);
  });

  it('says why not', () => {
    const why = (name: string): string => {
      try {
        readRegularFile(name, 1);
      } catch (error) {
        return whyUnread(error);
      }
      return 'it was read';
    };
    expect([join(path, '../none'), '/dev', '/dev/null', join(path, 'below')].map(why)).to.deep.equal(['does not exist', 'is a directory', 'is a device; only regular files are read here', 'cannot be read (ENOTDIR)']);
  });
});
