import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { Bundle, safeName } from '../../src/host/archive/bundle.js';
import { Redactor } from '../../src/host/archive/redact.js';
import { tarEnd, tarHeader, tarPadding } from '../../src/host/archive/tar.js';
import { propertyRuns } from '../support/runs.js';

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
    this.timeout(60_000);
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

/** What is left of a text that comes in pieces of a size. */
function redacted(text: string, secrets: readonly string[] = [], size = Infinity): string {
  const redactor = new Redactor(secrets);
  const bytes = Buffer.from(text);
  const out: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += Math.min(size, bytes.length)) out.push(redactor.push(bytes.subarray(at, at + size)));
  out.push(redactor.end());
  return Buffer.concat(out).toString();
}

const KEY = '-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEIB\nsecretsecret\n-----END EC PRIVATE KEY-----';

describe('secrets in diagnoses', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['ETCD_PASSWORD=canary and more', 'ETCD_PASSWORD=[redacted] and more'],
    ['"etcdPassword": "can\\"ary", "x": 1', '"etcdPassword": [redacted], "x": 1'],
    ["password: 'can ary'", 'password: [redacted]'],
    ['  neighbor 10.0.0.1; password "canary";', '  neighbor 10.0.0.1; password [redacted];'],
    ['calicoctl --etcd-password canary get', 'calicoctl --etcd-password [redacted] get'],
    ['https://user:canary@etcd:2379/v3', 'https://[redacted]@etcd:2379/v3'],
    ['Authorization: Basic Y2FuYXJ5', 'Authorization: [redacted]'],
    ['curl -H "authorization: Bearer canary.canary" x', 'curl -H "authorization: [redacted]" x'],
    ['got Bearer canary-canary', 'got Bearer [redacted]'],
    ['token=canary&other=1', 'token=[redacted]&other=1'],
    ['aws_secret_access_key = canary', 'aws_secret_access_key = [redacted]'],
    [KEY, '[redacted]\n[redacted]\n[redacted]\n[redacted]'],
    [`key: ${KEY.replaceAll('\n', '\\n')} after`, 'key: [redacted] after'],
    ['plain text, keys and passes of the 10.0.0.0/8 kind: http://etcd:2379', 'plain text, keys and passes of the 10.0.0.0/8 kind: http://etcd:2379'],
  ];
  for (const [text, left] of cases) it(JSON.stringify(text), () => expect(redacted(`${text}\nlast`)).to.equal(`${left}\nlast`));

  it('a secret that is known stands nowhere, in whatever form', () => {
    const secret = 'Ge/heim+1';
    const text = `a ${secret} b ${encodeURIComponent(secret)} c ${Buffer.from(secret).toString('base64')} d`;
    expect(redacted(text, [secret, 'xyz'])).to.equal('a [redacted] b [redacted] c [redacted] d');
  });

  it('a key that never ends does not take the whole file with it', () => {
    const lines = redacted(`-----BEGIN RSA PRIVATE KEY-----\n${'line\n'.repeat(300)}`).split('\n');
    expect(lines.filter((line) => line === 'line').length).to.equal(100);
  });

  it('bytes that are not UTF-8 stay as they are', () => {
    const redactor = new Redactor([]);
    const bytes = Buffer.from([0xff, 0x00, 0xe4, 0x0a, 0xfe]);
    expect(Buffer.concat([redactor.push(bytes), redactor.end()])).to.deep.equal(bytes);
  });

  it('a line without end is cut, and no half of a secret is left', () => {
    const line = `${'x'.repeat((1 << 20) - 8)}canary-canary${'y'.repeat(1000)}`;
    expect(redacted(`${line}\nnext`, ['canary-canary'], 4096)).to.equal(`${'x'.repeat((1 << 20) - 4096)} [the rest of this line was left out]\nnext`);
  });

  const hostile = ['a.', 'token', 'password="', '-----BEGIN PRIVATE KEY-----', 'http://a:', '--token-', 'authorization:', '"\\\\'];
  for (const piece of hostile) {
    it(`a long line of ${piece} takes no longer than others`, () => {
      const line = `${piece.repeat(Math.ceil(900_000 / piece.length))} token ://`;
      expect(redacted(`${line}\nlast`).split('\n').length).to.equal(2);
    });
  }

  it('a secret is found whatever the pieces it comes in', () => {
    const piece = fc.oneof(fc.string(), fc.constantFrom('Kanarienvogel', '\n', 'password=', ' '));
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), fc.integer({ min: 1, max: 9 }), (parts, size) => {
        const left = redacted(parts.join(''), ['Kanarienvogel'], size);
        expect(left).to.not.contain('Kanarienvogel');
        expect(left).to.equal(redacted(parts.join(''), ['Kanarienvogel']));
      }),
      propertyRuns(),
    );
  });
});

describe('archives of diagnoses', () => {
  const parent = withFolder();

  const extracted = (bundle: Bundle): Record<string, string> => {
    const to = join(parent(), 'jail');
    mkdirSync(to);
    execFileSync('tar', ['-xzf', bundle.path, '-C', to]);
    return Object.fromEntries(readdirSync(to, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => [join(entry.parentPath, entry.name).slice(to.length + 1), readFileSync(join(entry.parentPath, entry.name), 'utf8')]));
  };

  it('only its owner can read it, and nothing else is left', async () => {
    chmodSync(parent(), 0o777);
    const bundle = await Bundle.create(parent(), 'd.tar.gz', { secrets: ['canary-canary'] });
    await bundle.add('one', (write) => write(Buffer.from('has canary-canary in it\n')));
    await bundle.add('logs/two', async (write) => {
      await write(Buffer.from('before\n'));
      throw new Error('it broke');
    });
    await bundle.finish();
    expect([statSync(bundle.folder).mode & 0o777, statSync(bundle.path).mode & 0o777, readdirSync(bundle.folder)]).to.deep.equal([0o700, 0o600, ['d.tar.gz']]);
    expect(extracted(bundle)).to.deep.equal({ 'diagnostics/one': 'has [redacted] in it\n', 'diagnostics/logs/two': 'before\n' });
  });

  it('limits of a file and of all files', async () => {
    const bundle = await Bundle.create(parent(), 'd.tar.gz', { limits: { file: 10, total: 25 } });
    const line = (count: number) => (write: (piece: Buffer) => Promise<boolean>) => write(Buffer.from('x\n'.repeat(count)));
    const stored = [];
    for (const [name, count] of [['a', 100], ['b', 5], ['c', 4], ['d', 1]] as const) stored.push(await bundle.add(name, line(count)));
    stored.push(await bundle.add('manifest', line(5), true));
    await bundle.finish();
    expect(stored.map(({ bytes, truncated, outcome }) => [bytes, truncated, outcome])).to.deep.equal([
      [10, true, { status: 'fulfilled', value: false }],
      [10, false, { status: 'fulfilled', value: true }],
      [5, true, { status: 'fulfilled', value: false }],
      [0, true, { status: 'fulfilled', value: false }],
      [10, false, { status: 'fulfilled', value: true }],
    ]);
    expect(Object.values(extracted(bundle)).map((text) => text.length)).to.deep.equal([10, 10, 5, 0, 10]);
  });

  it('what is discarded is gone', async () => {
    const bundle = await Bundle.create(parent(), 'd.tar.gz', {});
    await bundle.add('one', (write) => write(Buffer.from('x')));
    await bundle.discard();
    expect(existsSync(bundle.folder)).to.equal(false);
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
