import { expect } from 'chai';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { writeNewFile } from '../../src/base/new-file.js';

describe('a file that is written', () => {
  let folder: string;
  const at = (name: string): string => (name.startsWith('/') ? name : join(folder, name));
  const failure = (name: string, pieces: Iterable<string> = ['x']): Promise<string> => writeNewFile(at(name), pieces).then(() => 'written', (error: unknown) => (error as Error).message);
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'calicoctl-new-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is there whole, replaces what was there, and keeps its mode', async () => {
    await writeNewFile(at('a'), ['one ', 'two']);
    expect(readFileSync(at('a'), 'utf8')).to.equal('one two');
    chmodSync(at('a'), 0o604);
    const before = statSync(at('a')).ino;
    await writeNewFile(at('a'), ['three']);
    expect([readFileSync(at('a'), 'utf8'), statSync(at('a')).mode & 0o777, statSync(at('a')).ino === before, readdirSync(folder)]).to.deep.equal(['three', 0o604, false, ['a']]);
  });

  it('follows no link, and replaces nothing but files', async () => {
    writeFileSync(at('precious'), 'mine');
    symlinkSync('precious', at('link'));
    symlinkSync('nowhere', at('dangling'));
    mkdirSync(at('folder'));
    expect(await Promise.all(['link', 'dangling', 'folder', '/dev/null'].map((name) => failure(name)))).to.deep.equal([
      'is a symbolic link, which is not followed', 'is a symbolic link, which is not followed', 'is a directory', 'is not a regular file',
    ]);
    expect([readFileSync(at('precious'), 'utf8'), readlinkSync(at('link')), readdirSync(folder).length]).to.deep.equal(['mine', 'precious', 4]);
  });

  it('is what it was where the writing fails, and nothing else is left', async () => {
    writeFileSync(at('a'), 'before');
    const broken = function* (): Generator<string> {
      yield 'half';
      throw new Error('no more');
    };
    expect(await failure('a', broken())).to.equal('no more');
    expect([readFileSync(at('a'), 'utf8'), readdirSync(folder)]).to.deep.equal(['before', ['a']]);
    expect(await failure('no/such/a')).to.equal(`ENOENT: no such file or directory, open '${at('no/such/a')}'`);
  });
});
