import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { seal } from '../../src/programs/calicoctl/code-cache.js';
import { keptCache } from '../../src/programs/calicoctl/kept-caches.js';
import { describeAsRoot } from '../support/root.js';

const root = join(import.meta.dirname, '../..');
const SOURCE = Buffer.from('(function () {})');
const NOBODY = 65534;

describe('code caches of an installed program', () => {
  let folder: string;
  let home: string | undefined;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'calicoctl-caches-'));
    home = process.env['XDG_CACHE_HOME'];
    process.env['XDG_CACHE_HOME'] = folder;
  });
  afterEach(() => {
    if (home === undefined) delete process.env['XDG_CACHE_HOME'];
    else process.env['XDG_CACHE_HOME'] = home;
    rmSync(folder, { recursive: true });
  });

  function kept(mode = 0o644, source = SOURCE): string {
    const file = join(folder, 'calicoctl/get.bin');
    mkdirSync(join(folder, 'calicoctl'));
    writeFileSync(file, seal(Buffer.concat([Buffer.from([1, 2, 0, 0]), Buffer.from('code')]), source));
    chmodSync(file, mode);
    return file;
  }

  it('are read with the figure that they were kept with', () => {
    kept();
    expect(keptCache('get.bin', SOURCE)).to.deep.equal({ code: 513, cache: Buffer.from('code') });
  });
  it('of another bundle are none', () => {
    kept(0o644, Buffer.from('(function () { old; })'));
    expect(keptCache('get.bin', SOURCE)).to.equal(undefined);
  });
  for (const mode of [0o664, 0o646, 0o666]) it(`that others may write to are none: ${mode.toString(8)}`, () => {
    kept(mode);
    expect(keptCache('get.bin', SOURCE)).to.equal(undefined);
  });
  describeAsRoot('of another user', () => {
    for (const whose of ['calicoctl/get.bin', 'calicoctl', '.']) it(`are none: ${whose}`, () => {
      kept();
      chownSync(join(folder, whose), NOBODY, NOBODY);
      expect(keptCache('get.bin', SOURCE)).to.equal(undefined);
    });
  });
  // Another user could put there what this one has from him: a file of an archive, a folder of a repository.
  for (const whose of ['calicoctl', '.']) it(`in a folder that others may write to are none: ${whose}`, () => {
    kept();
    chmodSync(join(folder, whose), 0o777);
    expect(keptCache('get.bin', SOURCE)).to.equal(undefined);
  });
  for (const linked of ['calicoctl/get.bin', 'calicoctl']) it(`behind a link are none: ${linked}`, () => {
    kept();
    renameSync(join(folder, linked), join(folder, 'elsewhere'));
    symlinkSync(join(folder, 'elsewhere'), join(folder, linked));
    expect(keptCache('get.bin', SOURCE)).to.equal(undefined);
  });
  it('that are a pipe, empty, huge, or have no figure, are none', () => {
    const file = kept();
    truncateSync(file, 3 * 1024 ** 3);
    expect(keptCache('get.bin', SOURCE)).to.equal(undefined);
    for (const content of [Buffer.alloc(0), seal(Buffer.alloc(0), SOURCE), seal(Buffer.from('abc'), SOURCE)]) {
      writeFileSync(file, content);
      expect(keptCache('get.bin', SOURCE)).to.equal(undefined);
    }
    rmSync(file);
    execFileSync('mkfifo', [file]);
    expect(keptCache('get.bin', SOURCE)).to.equal(undefined);
  });

  /** A copy of the program as a package holds it, and one use of it. */
  function installed(uid?: number): (args: readonly string[], env?: NodeJS.ProcessEnv) => string {
    const copy = join(folder, 'installed');
    mkdirSync(copy);
    cpSync(join(root, 'bin'), join(copy, 'bin'), { recursive: true });
    cpSync(join(root, 'dist'), join(copy, 'dist'), { recursive: true, filter: (path) => !path.endsWith('/cache') && !path.endsWith('.map') });
    const store = join(folder, 'store.json');
    writeFileSync(store, '{}');
    return (args, env = {}) => execFileSync(process.execPath, [join(copy, 'bin/run.js'), ...args, '--store', store], { encoding: 'utf8', env: { PATH: process.env['PATH'], XDG_CACHE_HOME: folder, ...env }, uid });
  }
  const files = (): string[] => readdirSync(join(folder, 'calicoctl'));
  const madeAt = (name: string): bigint => statSync(join(folder, 'calicoctl', name), { bigint: true }).mtimeNs;

  it('are made at the first use, and again where a use needs much that they lack', () => {
    const use = installed();
    use(['get', 'nodes']);
    expect(files()).to.deep.equal(['get.bin']);
    const first = madeAt('get.bin');
    expect(statSync(join(folder, 'calicoctl/get.bin')).mode & 0o777).to.equal(0o644);
    use(['get', 'nodes']);
    expect(madeAt('get.bin')).to.equal(first);
    use(['get', 'all', '-o', 'go-template={{range .}}{{printf "%v" .}}{{end}}']);
    const second = madeAt('get.bin');
    expect(second > first).to.equal(true);
    use(['get', 'nodes']);
    expect(madeAt('get.bin')).to.equal(second);
  });
  it('that were damaged are made anew', () => {
    const use = installed();
    use(['get', 'nodes']);
    const file = join(folder, 'calicoctl/get.bin');
    const whole = readFileSync(file);
    writeFileSync(file, whole.subarray(0, 1000));
    const before = use(['get', 'nodes']);
    expect(readFileSync(file)).to.have.length.greaterThan(whole.length * 0.9);
    expect(use(['get', 'nodes'])).to.equal(before);
  });
  it('are not made in a folder that others may write to, nor of code for a debugger, nor where there is no place', () => {
    const use = installed();
    mkdirSync(join(folder, 'calicoctl'));
    chmodSync(join(folder, 'calicoctl'), 0o777);
    use(['get', 'nodes']);
    expect(files()).to.deep.equal([]);
    chmodSync(join(folder, 'calicoctl'), 0o755);
    use(['get', 'nodes'], { NODE_OPTIONS: '--max-old-space-size=500' });
    expect(files()).to.deep.equal([]);
    writeFileSync(join(folder, 'a-file'), '');
    expect(use(['get', 'nodes'], { XDG_CACHE_HOME: join(folder, 'a-file') })).to.equal(use(['get', 'nodes']));
    for (const nowhere of ['/proc', '/dev/full']) expect(use(['get', 'nodes'], { XDG_CACHE_HOME: nowhere })).to.equal(use(['get', 'nodes']));
    expect(files()).to.deep.equal(['get.bin']);
  });
  describeAsRoot('and a user that is a number alone, without a home', () => it('leave all as it is', () => {
    const use = installed(54_321);
    chmodSync(folder, 0o755);
    expect(use(['get', 'nodes'], { XDG_CACHE_HOME: undefined })).to.equal('NAME   \n\n');
    expect(readdirSync(folder).sort()).to.deep.equal(['installed', 'store.json']);
  }));
});
