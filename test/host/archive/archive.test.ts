import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { DiagnosticArchive, safeName } from '../../../src/host/archive/archive.js';
import { tarEnd, tarHeader, tarPadding } from '../../../src/host/archive/tar.js';
import { propertyRuns } from '../../support/runs.js';

const WHEN = new Date('2026-11-21T08:00:00Z');

/** A temporary folder for each test. */
function withFolder(): () => string {
  let folder = '';
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'calicoctl-archive-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  return () => folder;
}

describe('tar archives', () => {
  const folder = withFolder();

  /** What GNU tar says of an archive of these files. */
  function listed(files: Readonly<Record<string, string>>): string[] {
    const entries = Object.entries(files).flatMap(([name, text]) => [tarHeader({ name, size: Buffer.byteLength(text), mode: 0o600, modified: WHEN }), Buffer.from(text), tarPadding(Buffer.byteLength(text))]);
    const path = join(folder(), 'a.tar');
    writeFileSync(path, Buffer.concat([...entries, tarEnd()]));
    return execFileSync('tar', ['--utc', '--full-time', '--quoting-style=escape', '-tvf', path], { encoding: 'utf8', env: { PATH: process.env['PATH'], LC_ALL: 'C' } }).trim().split('\n').map((line) => line.replace(/\s+/g, ' '));
  }

  it('GNU tar reads names, sizes, modes and times', () => {
    const long = `diagnostics/${'deep/'.repeat(30)}${'n'.repeat(120)}`;
    expect(listed({ 'diagnostics/': '', 'diagnostics/date': 'now\n', [long]: 'x'.repeat(513), 'diagnostics/äöü': '' })).to.deep.equal([
      'drw------- root/root 0 2026-11-21 08:00:00 diagnostics/',
      '-rw------- root/root 4 2026-11-21 08:00:00 diagnostics/date',
      `-rw------- root/root 513 2026-11-21 08:00:00 ${long}`,
      '-rw------- root/root 0 2026-11-21 08:00:00 diagnostics/\\303\\244\\303\\266\\303\\274',
    ]);
  });

  it('whatever the names and contents, GNU tar gives them back', function () {
    const name = fc.array(fc.constantFrom('a', 'Z', '0', '.x', ' ', 'ß', '漢'), { minLength: 1, maxLength: 120 }).map((parts) => `f${parts.join('')}`.slice(0, 80));
    fc.assert(
      fc.property(fc.dictionary(name, fc.string({ maxLength: 1500 }), { minKeys: 1, maxKeys: 20 }), (files) => {
        const entries = Object.entries(files).map(([file, text]) => [`diagnostics/${file}`, text] as const);
        listed(Object.fromEntries(entries));
        for (const [file, text] of entries) expect(execFileSync('tar', ['-xOf', join(folder(), 'a.tar'), '--', file], { encoding: 'utf8' })).to.equal(text);
      }),
      // Each case starts programs.
      { numRuns: 10 },
    );
  });

  it('a size that eleven octal digits cannot say stands in the pax header', () => {
    const header = tarHeader({ name: 'diagnostics/large', size: 2 ** 33, mode: 0o600, modified: WHEN });
    expect(header.subarray(512, 1024).toString('latin1').replace(/\0+$/, '')).to.equal('26 path=diagnostics/large\n19 size=8589934592\n');
    expect(header.length).to.equal(1536);
  });
});

describe('archives of diagnoses', () => {
  const parent = withFolder();

  const extracted = (archive: DiagnosticArchive): Record<string, string> => {
    const to = join(parent(), 'jail');
    mkdirSync(to);
    execFileSync('tar', ['-xzf', archive.path, '-C', to]);
    return Object.fromEntries(readdirSync(to, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => [join(entry.parentPath, entry.name).slice(to.length + 1), readFileSync(join(entry.parentPath, entry.name), 'utf8')]));
  };

  it('only its owner can read it, and nothing else is left', async () => {
    chmodSync(parent(), 0o777);
    const archive = await DiagnosticArchive.create(parent(), 'd.tar.gz', { secrets: ['canary-canary'] });
    await archive.add('one', (write) => write(Buffer.from('has canary-canary in it\n')));
    await archive.add('logs/two', async (write) => {
      await write(Buffer.from('before\n'));
      throw new Error('it broke');
    });
    await archive.finish();
    expect([statSync(archive.folder).mode & 0o777, statSync(archive.path).mode & 0o777, readdirSync(archive.folder)]).to.deep.equal([0o700, 0o600, ['d.tar.gz']]);
    expect(extracted(archive)).to.deep.equal({ 'diagnostics/one': 'has [redacted] in it\n', 'diagnostics/logs/two': 'before\n' });
  });

  it('limits of a file and of all files', async () => {
    const archive = await DiagnosticArchive.create(parent(), 'd.tar.gz', { limits: { file: 10, total: 25 } });
    const line = (count: number) => (write: (piece: Buffer) => Promise<boolean>) => write(Buffer.from('x\n'.repeat(count)));
    const stored = [];
    for (const [name, count] of [['a', 100], ['b', 5], ['c', 4], ['d', 1]] as const) stored.push(await archive.add(name, line(count)));
    stored.push(await archive.add('manifest', line(5), true));
    await archive.finish();
    expect(stored.map(({ bytes, truncated, outcome }) => [bytes, truncated, outcome.status])).to.deep.equal([
      [10, true, 'fulfilled'],
      [10, false, 'fulfilled'],
      [5, true, 'fulfilled'],
      [0, true, 'fulfilled'],
      [10, false, 'fulfilled'],
    ]);
    expect(Object.values(extracted(archive)).map((text) => text.length)).to.deep.equal([10, 10, 5, 0, 10]);
  });

  it('what is packed or wide is unpacked before its secrets are taken out', async () => {
    const archive = await DiagnosticArchive.create(parent(), 'd.tar.gz', { secrets: ['canary-canary'] });
    const text = 'has canary-canary in it\ncäfé pwd=canary\n';
    const clean = 'has [redacted] in it\ncäfé pwd=[redacted]\n';
    const wide = (bom: string, swap: boolean): Buffer => {
      const bytes = Buffer.from(bom + text, 'utf16le');
      return swap ? bytes.swap16() : bytes;
    };
    const long = 'a line of a log\n'.repeat(20_000);
    const packed = gzipSync(long + text);
    const contents: Readonly<Record<string, Buffer>> = {
      gz: gzipSync(text), long: packed, le: wide('\ufeff', false), be: wide('\ufeff', true), 'le-bare': wide('', false), 'be-bare': wide('', true),
      'gz-le': gzipSync(wide('\ufeff', false)), holes: Buffer.concat([Buffer.alloc(100_000), Buffer.from(text)]), later: Buffer.concat([Buffer.from(long), Buffer.from('pwd=canary\n', 'utf16le')]),
    };
    const stored: Record<string, string | null> = {};
    for (const [name, content] of Object.entries(contents)) {
      for (const size of name === 'long' ? [1000] : [7, 1 << 20]) {
        const { file, outcome } = await archive.add(`${name}-${size}`, async (write) => {
          for (let at = 0; at < content.length; at += size) await write(content.subarray(at, at + size));
        });
        expect(outcome.status, name).to.equal('fulfilled');
        stored[`${name}-${size}`] = file;
      }
    }
    await archive.finish();
    const files = extracted(archive);
    for (const [name, file] of Object.entries(stored)) {
      const left = name.startsWith('long') ? long + clean : name.startsWith('later') ? `${long}pwd=[redacted]\n` : clean;
      expect(files[`diagnostics/${file}`] === left, name).to.equal(true);
      expect(file).to.equal(/^(?:gz|long)/.test(name) ? `${name}.unpacked` : name);
    }
  });

  it('what no secret can be looked for in is left out, and it is said what it is', async () => {
    const archive = await DiagnosticArchive.create(parent(), 'd.tar.gz', {});
    const text = Buffer.from('password=canary\n');
    const tar = Buffer.concat([tarHeader({ name: 'x', size: text.length, mode: 0o600, modified: WHEN }), text, tarPadding(text.length), tarEnd()]);
    const reasons: unknown[] = [];
    for (const [name, content] of Object.entries({
      bz: Buffer.from('425a68393141592653598f', 'hex'), xz: Buffer.from('fd377a585a000004', 'hex'), zst: Buffer.from('28b52ffd0458810000', 'hex'), zip: Buffer.from('504b0304140000', 'hex'), twice: gzipSync(gzipSync(text)), tar, gzTar: gzipSync(tar),
      wide: Buffer.from([...text].flatMap((byte) => [byte, 0, 0, 0])), binary: Buffer.from([1, 2, 3, 4, 5, 65]),
    })) {
      const { file, bytes, outcome } = await archive.add(name, (write) => write(content));
      reasons.push([name, file, bytes, outcome.status === 'rejected' && (outcome.reason as Error).message.replace(' and was left out, since secrets in it cannot be found', '')]);
    }
    const broken = gzipSync(`${'a line\n'.repeat(1000)}password=canary`);
    const { file, outcome } = await archive.add('broken', (write) => write(broken.subarray(0, -12)));
    await archive.finish();
    expect(reasons).to.deep.equal([
      ['bz', null, 0, 'it is packed with bzip2'], ['xz', null, 0, 'it is packed with xz'], ['zst', null, 0, 'it is packed with zstd'], ['zip', null, 0, 'it is packed with zip'], ['twice', null, 0, 'it is packed twice'],
      ['tar', null, 0, 'it is a tar archive'], ['gzTar', null, 0, 'it is a tar archive'], ['wide', null, 0, 'it is UTF-32'], ['binary', null, 0, 'it is no text'],
    ]);
    expect([file, outcome.status === 'rejected' && (outcome.reason as Error).message]).to.deep.equal(['broken.unpacked', 'what gzip packed in it is damaged']);
    expect(Object.keys(extracted(archive))).to.deep.equal(['diagnostics/broken.unpacked']);
  });

  it('no more is unpacked than has room', async () => {
    const archive = await DiagnosticArchive.create(parent(), 'd.tar.gz', { limits: { file: 1000, total: 5000 } });
    const bomb = gzipSync(Buffer.alloc(50_000_000, 'x\n'));
    const { bytes, truncated } = await archive.add('bomb', async (write) => {
      for (let at = 0; at < bomb.length; at += 1000) if (!(await write(bomb.subarray(at, at + 1000)))) return at;
      return bomb.length;
    });
    await archive.finish();
    expect([bytes, truncated]).to.deep.equal([1000, true]);
  });

  it('what is discarded is gone', async () => {
    const archive = await DiagnosticArchive.create(parent(), 'd.tar.gz', {});
    await archive.add('one', (write) => write(Buffer.from('x')));
    await archive.discard();
    expect(existsSync(archive.folder)).to.equal(false);
  });

  it('names are harmless, and different ones stay different', () => {
    const names = ['felix.log', '..', '.', '', '../../etc/passwd', '/abs', 'a\nb', '-rf', 'ü', 'x'.repeat(300)];
    expect(names.map(safeName)).to.deep.equal(['felix.log', '%2E%2E', '%2E', '', '..%2F..%2Fetc%2Fpasswd', '%2Fabs', 'a%0Ab', '-rf', '%C3%BC', `${'x'.repeat(200)}-0d4e2ca9e9cb`]);
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), (one, other) => {
        expect(safeName(one)).to.match(/^(?!\.{1,2}$)[A-Za-z0-9._%@-]+$/);
        if (!Buffer.from(one).equals(Buffer.from(other))) expect(safeName(one)).to.not.equal(safeName(other));
      }),
      propertyRuns(),
    );
  });
});
