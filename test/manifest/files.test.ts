import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, openSync, rmSync, symlinkSync, ftruncateSync, closeSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { hintText } from '../../src/output/views/hint.js';
import { CalicoError } from '../../src/base/errors.js';
import { toDiagnostics } from '../../src/manifest/manifests.js';
import { names, policy, readAll, shown } from './reading.js';

const NO_INPUT = Readable.from([]);

describe('sources of manifests', function () {
  this.timeout(120_000);

  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'manifests-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  function write(name: string, text: string): string {
    const path = join(directory, name);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, text);
    return path;
  }

  async function found(sources: string[], options: { recursive?: boolean; stdin?: AsyncIterable<Uint8Array> } = {}): Promise<[string, unknown[]][]> {
    const { files, resources, diagnostics } = await readAll(sources, { stdin: NO_INPUT, ...options });
    expect(shown(diagnostics)).to.deep.equal([]);
    return files.map((name) => [name.replace(directory, '.'), names(resources.filter(({ origin }) => origin.source.source.name === name))]);
  }

  async function failure(sources: string[]): Promise<{ message: string; meaning: string; hint: string | undefined }> {
    try {
      await readAll(sources, { stdin: NO_INPUT });
    } catch (error) {
      if (!(error instanceof CalicoError)) throw error;
      return { message: error.message.replaceAll(directory, '.'), meaning: error.meaning, hint: hintText(error.hint) };
    }
    throw new Error('a failure expected');
  }

  /** What is said of paths that cannot be read; whatever can be is read all the same. */
  async function unread(sources: string[], expected: readonly string[] = []): Promise<string[]> {
    const { failures, resources } = await readAll(sources, { stdin: NO_INPUT });
    expect(names(resources)).to.deep.equal(expected);
    return failures.map((line) => line.replaceAll(directory, '.'));
  }

  it('reads files and standard input in the order they are named', async () => {
    const [a, b] = [write('a', policy('a')), write('b.txt', policy('b'))];
    const bytes = Buffer.from(policy('caf\u00e9'));
    const stdin = Readable.from([bytes.subarray(0, bytes.length - 2), bytes.subarray(bytes.length - 2)]);
    expect(await found([b, '-', a], { stdin })).to.deep.equal([['./b.txt', ['b']], ['<stdin>', ['caf\u00e9']], ['./a', ['a']]]);
  });

  it('reads the manifests of a directory in lexical order', async () => {
    for (const name of ['b.yml', 'a.YAML', 'B.json', 'c.txt', 'yaml', 'sub/d.yaml', '.hidden.yaml']) write(name, policy(name));
    mkdirSync(join(directory, 'e.yaml'));
    symlinkSync(join(directory, 'c.txt'), join(directory, 'link.yaml'));
    symlinkSync(directory, join(directory, 'loop'));
    expect(await found([directory])).to.deep.equal([
      ['./.hidden.yaml', ['.hidden.yaml']], ['./B.json', ['B.json']], ['./a.YAML', ['a.YAML']], ['./b.yml', ['b.yml']], ['./link.yaml', ['c.txt']],
    ]);
    expect(await found([directory], { recursive: true })).to.deep.equal([
      ['./.hidden.yaml', ['.hidden.yaml']], ['./B.json', ['B.json']], ['./a.YAML', ['a.YAML']], ['./b.yml', ['b.yml']], ['./link.yaml', ['c.txt']], ['./sub/d.yaml', ['sub/d.yaml']],
    ]);
  });

  it('names what has the name of a manifest in a directory and is none: nobody may miss it', async () => {
    execFileSync('mkfifo', [join(directory, 'pipe.yaml'), join(directory, 'other')]);
    write('a.yaml', policy('a'));
    expect(await unread([directory], ['a'])).to.deep.equal(['cannot read ./pipe.yaml: it is not a regular file (name it with -f to read it anyway)']);
  });

  it('gives a file without documents', async () => {
    expect(await found([write('a.yaml', '')])).to.deep.equal([['./a.yaml', []]]);
  });

  it('names every file that is not there', async () => {
    const there = write('a.yaml', policy('a'));
    symlinkSync('self', join(directory, 'self'));
    expect(await unread([join(directory, 'x.yaml'), there, join(there, 'y.yaml'), join(directory, 'self')], ['a'])).to.deep.equal([
      'cannot read ./x.yaml: no such file or directory',
      'cannot read ./a.yaml/y.yaml: a part of the path is not a directory',
      'cannot read ./self: too many symbolic links',
    ]);
  });

  it('names a broken link in a directory', async () => {
    write('a.yaml', policy('a'));
    symlinkSync('nowhere', join(directory, 'b.yaml'));
    expect(await unread([directory], ['a'])).to.deep.equal(['cannot read ./b.yaml: no such file or directory']);
  });

  it('names files it may not read', async () => {
    const path = write('a.yaml', policy('a'));
    const readable = write('b.yaml', policy('b'));
    chmodSync(path, 0);
    chmodSync(directory, 0o755);
    const script = `
      import { readManifests } from ${JSON.stringify(new URL('../../src/manifest/manifests.ts', import.meta.url).href)};
      // What is loaded late is loaded now: the other user may not be able to read this folder.
      await readManifests([${JSON.stringify(readable)}], { stdin: process.stdin }, () => undefined);
      if (process.getuid() === 0) process.setuid(65534);
      await readManifests([${JSON.stringify(path)}], { stdin: process.stdin }, () => undefined).then(({ failures }) => console.log(failures.join()));`;
    const output = execFileSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], { encoding: 'utf8', env: { ...process.env, TSX_DISABLE_CACHE: '1' } });
    expect(output.replace(directory, '.')).to.equal('cannot read ./a.yaml: permission denied\n');
  });

  it('refuses a directory without manifests', async () => {
    write('a.txt', policy('a'));
    write('sub/b.yaml', policy('b'));
    const empty = async (recursive: boolean): Promise<unknown> => {
      const { empty: error } = await readAll([directory], { recursive, stdin: NO_INPUT });
      return error && { message: error.message.replaceAll(directory, '.'), meaning: error.meaning, hint: hintText(error.hint) };
    };
    expect(await empty(false)).to.deep.equal({
      message: 'no manifests in directory .', meaning: 'invalid-document', hint: 'files ending in .yaml, .yml or .json are read; -R includes subdirectories; --skip-empty ignores this',
    });
    rmSync(join(directory, 'sub/b.yaml'));
    expect(await empty(true)).to.deep.equal({ message: 'no manifests in directory .', meaning: 'invalid-document', hint: 'files ending in .yaml, .yml or .json are read; --skip-empty ignores this' });
    expect(names((await readAll([join(directory, 'sub'), write('c.yaml', policy('c'))], { skipEmpty: true, stdin: NO_INPUT })).resources)).to.deep.equal(['c']);
    expect(await readAll([join(directory, 'sub')], { skipEmpty: true, stdin: NO_INPUT })).to.deep.include({ resources: [], diagnostics: [] });
  });

  it('says why standard input cannot be read', async () => {
    const stdin = new Readable({ read: () => stdin.destroy(Object.assign(new Error(), { code: 'EISDIR' })) });
    expect((await readAll(['-'], { stdin })).failures).to.deep.equal(['cannot read <stdin>: is a directory']);
  });

  it('refuses a second standard input', async () => {
    expect(await failure(['-', '-'])).to.deep.equal({ message: 'standard input (-) can be read only once', meaning: 'invalid-request', hint: undefined });
  });

  it('reads a pipe as it comes, and what a device has', async () => {
    const pipe = join(directory, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const reading = found([pipe, '/dev/null']);
    const writer = await open(pipe, 'w');
    const bytes = Buffer.from(policy('caf\u00e9'));
    await writer.write(bytes.subarray(0, bytes.length - 2));
    await writer.write(bytes.subarray(bytes.length - 2));
    await writer.close();
    expect(await reading).to.deep.equal([['./pipe', ['caf\u00e9']], ['/dev/null', []]]);
    expect(await failure(['/dev/zero'])).to.deep.equal({ message: '/dev/zero: the manifests are larger than 128 MiB', meaning: 'invalid-document', hint: 'use several commands' });
  });

  it('reads no more than 128 MiB in all', async () => {
    const path = write('big.yaml', '');
    const file = openSync(path, 'r+');
    ftruncateSync(file, 200 * 1024 * 1024);
    closeSync(file);
    expect(await failure([write('a.yaml', policy('a')), path])).to.deep.equal({
      message: './big.yaml: the manifests are larger than 128 MiB', meaning: 'invalid-document', hint: 'use several commands',
    });
  });

  it('shows the problems of all files, in their order', async () => {
    const sources = [write('b.yaml', 'a: @b\n'), write('a.yaml', `${policy('a')}---\nkind: policy\n`), write('c.json', '{"apiVersion": "v1"')];
    const manifests = await readAll(sources, { stdin: NO_INPUT });
    expect(toDiagnostics(manifests, []).map(({ file, line, column, message }) => `${file.replace(directory, '.')}:${line}:${column}: ${message}`)).to.deep.equal([
      './b.yaml:1:4: a value cannot start with @',
      './a.yaml:6:1: the resource has no apiVersion',
      './c.json:1:1: this { is not closed',
    ]);
    expect(names(manifests.resources)).to.deep.equal(['a']);
  });

  it('reads a file of 100 MB', async () => {
    const document = `${policy('big')}spec:\n${'  # a comment that says nothing at all, and says it at length\n'.repeat(16_000)}`;
    const { resources } = await readAll([write('big.yaml', `${document}---\n`.repeat(100))], { stdin: NO_INPUT });
    expect(resources.length).to.equal(100);
  });
});
