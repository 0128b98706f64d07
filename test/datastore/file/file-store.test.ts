import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { after, before, describe, it } from 'mocha';
import { expect } from 'chai';
import fc from 'fast-check';
import { backupText } from '../../../src/datastore/file/backup-text.js';
import { FileStore } from '../../../src/datastore/file/file-store.js';
import type { BackupHeader } from '../../../src/datastore/file/lines.js';
import { openEntryFile } from '../../../src/datastore/file/open.js';
import type { Entry } from '../../../src/datastore/store.js';
import { failureOf, pagesOf } from '../../support/datastore.js';

const HEADER: BackupHeader = { calicoctlBackup: 1, made: '2026-11-29T12:00:00Z', madeBy: 'calicoctl v0.1.0', revision: '77', prefix: '/calico/' };
const NOBODY = Readable.from([]);

/** What it fails with. */
async function messageOf(work: Promise<unknown>): Promise<string> {
  return work.then(() => 'it did not fail', (error: unknown) => (error as Error).message);
}

/** Keys in the order of their bytes, more than fit between two marks; one is no text, one has a value that is none. */
function manyEntries(): Entry[] {
  const plain = Array.from({ length: 3000 }, (_, index): Entry => ({ key: `/calico/a/${String(index).padStart(5, '0')}`, value: `{"n":${index},"text":"${'é"\\\n'.repeat(20)}"}`, modRevision: String(index + 1) }));
  const bytes = { key: Buffer.from([...Buffer.from('/calico/b/'), 0xc3]), value: Buffer.from([0, 0xff, 0x80]) };
  return [
    ...plain,
    { key: '/calico/b', value: '', modRevision: '9007199254740993', leased: true },
    { key: bytes.key.toString(), value: bytes.value.toString(), modRevision: '5', invalid: true, bytes },
    { key: '/calico/b/\uffff', value: 'last of the plane', modRevision: '6' },
    { key: '/calico/b/\u{1f600}', value: 'beyond it', modRevision: '7' },
    { key: '/calico/c', value: 'end', modRevision: '8' },
  ];
}

describe('FileStore', () => {
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), 'calicoctl-file-'))));
  after(() => rmSync(folder, { recursive: true }));

  async function textOf(entries: Iterable<Entry>, header = HEADER): Promise<string> {
    let text = '';
    for await (const piece of backupText(header, [entries])) text += piece;
    return text;
  }

  async function open(text: string): Promise<FileStore> {
    const path = join(folder, 'store');
    writeFileSync(path, text);
    return new FileStore(await openEntryFile(path, NOBODY));
  }

  describe('of a backup', () => {
    const entries = manyEntries();
    let store: FileStore;
    before(async () => (store = await open(await textOf(entries))));
    after(() => store.close());

    it('has every entry as it was, byte for byte', async () => {
      expect((await pagesOf(store, '')).flatMap((page) => page.entries)).to.deep.equal(entries);
      expect((await pagesOf(store, '/calico/')).flatMap((page) => page.entries)).to.deep.equal(entries);
    });

    it('finds single keys wherever they are', async () => {
      for (const entry of [...entries.filter((_, index) => index % 97 === 0), ...entries.slice(-4)]) if (entry.bytes === undefined) expect(await store.get(entry.key)).to.deep.equal(entry);
      for (const key of ['/', '/calico/a/00000x', '/calico/a/', '/calico/z']) expect(await store.get(key)).to.equal(undefined);
    });

    it('lists prefixes and ranges as etcd does', async () => {
      const keys = async (prefix: string): Promise<string[]> => (await pagesOf(store, prefix)).flatMap((page) => page.entries.map(({ key }) => key));
      expect(await keys('/calico/a/0299')).to.deep.equal(Array.from({ length: 10 }, (_, index) => `/calico/a/0299${index}`));
      expect(await keys('/calico/b')).to.deep.equal(entries.slice(-5, -1).map(({ key }) => key));
      expect(await pagesOf(store, '/nothing/')).to.deep.equal([{ entries: [], revision: '77' }]);
      const { revision, ranges } = await store.snapshot([{ from: '/calico/a/02998', to: '/calico/b/\u{1f600}' }, { key: '/calico/c' }, { prefix: '/calico/a/0000', keysOnly: true }], { revision: '77' });
      expect(revision).to.equal('77');
      expect(ranges.map((range) => range.length)).to.deep.equal([5, 1, 10]);
      expect(new Set(ranges[2]?.map(({ value }) => value))).to.deep.equal(new Set(['']));
    });

    it('lets a page be read when others have been, and again', async () => {
      const pages = [];
      for await (const page of store.list('/calico/a/')) pages.push(page);
      expect(pages.length).to.be.greaterThan(0);
      for (const _ of [1, 2]) expect(pages.reduce((sum, page) => sum + [...page.entries].length, 0)).to.equal(3000);
    });

    it('hands snapshots out in pages', async () => {
      const seen: string[] = [];
      const { ranges } = await store.snapshot([{ prefix: '/calico/b' }, { key: '/calico/c' }], { onPage: async (page, range) => void seen.push(...[...page].map(({ value }) => `${range} ${value}`)) });
      expect(ranges).to.deep.equal([[], []]);
      expect(seen).to.deep.equal(['0 ', '0 \u0000\ufffd\ufffd', '0 last of the plane', '0 beyond it', '1 end']);
    });

    it('knows one revision, and takes nothing', async () => {
      const refused = { stage: 'compaction', message: `${join(folder, 'store')} shows the datastore at revision 77 only` };
      expect(await failureOf(store.get('/calico/c', { revision: '76' }))).to.deep.equal(refused);
      expect(await failureOf(pagesOf(store, '/', { revision: '78' }))).to.deep.equal(refused);
      expect(await messageOf(store.commit())).to.equal(`nothing can be written to ${join(folder, 'store')}: a file that stands in for etcd is only read`);
    });
  });

  it('finds what a list of all finds, for any keys', async () => {
    const keys = fc.uniqueArray(fc.string({ unit: fc.constantFrom('/', 'a', 'b', 'é', '\uffff', '\u{1f600}', 'x'.repeat(30_000)), minLength: 1, maxLength: 4 }), { maxLength: 12 });
    await fc.assert(fc.asyncProperty(keys, fc.string({ unit: fc.constantFrom('/', 'a', 'é', '\u{1f600}'), maxLength: 2 }), async (some, prefix) => {
      const sorted = some.sort((a, b) => Buffer.from(a).compare(Buffer.from(b)));
      const store = await open(await textOf(sorted.map((key) => ({ key, value: key, modRevision: '1' }))));
      expect((await pagesOf(store, prefix)).flatMap((page) => page.entries.map(({ key }) => key))).to.deep.equal(sorted.filter((key) => key.startsWith(prefix)));
      for (const key of sorted) expect((await store.get(key))?.value).to.equal(key);
      store.close();
    }), { numRuns: 60 });
  });

  it('reads a JSON object of keys to values: texts as they are, objects as Calico stores them', async () => {
    const store = await open('{"/b": {"n": 9223372036854775807, "text": "a<b"}, "/a": "not { JSON", "/a\uffff": "", "/a\u{1f600}": {}}');
    expect((await pagesOf(store, '')).flatMap((page) => page.entries)).to.deep.equal([
      { key: '/a', value: 'not { JSON', modRevision: '1' },
      { key: '/a\uffff', value: '', modRevision: '1' },
      { key: '/a\u{1f600}', value: '{}', modRevision: '1' },
      { key: '/b', value: '{"n":9223372036854775807,"text":"a\\u003cb"}', modRevision: '1' },
    ]);
    store.close();
  });

  it('reads standard input', async () => {
    const text = await textOf([{ key: '/calico/x', value: 'y', modRevision: '3' }]);
    const store = new FileStore(await openEntryFile('-', Readable.from([...text].map((each) => Buffer.from(each)))));
    expect(await store.get('/calico/x')).to.deep.equal({ key: '/calico/x', value: 'y', modRevision: '3' });
    store.close();
  });

  describe('refuses', () => {
    const good = textOf([{ key: '/calico/a', value: '{"a":1}', modRevision: '3' }, { key: '/calico/b', value: 'x', modRevision: '4' }]);
    const lines = async (): Promise<string[]> => (await good).split(/(?<=\n)/);
    const cases: readonly (readonly [string, () => Promise<string>, string])[] = [
      ['an empty file', async () => '', 'is empty'],
      ['blanks', async () => ' \n\n', 'is empty'],
      ['what is no JSON', async () => 'hello', 'is neither a backup nor a JSON object of keys and values: it is no JSON'],
      ['a list', async () => '[]', 'is neither a backup nor a JSON object of keys and values'],
      ['a map with a number', async () => '{"/a": 1}', 'has a value for "/a" that is neither a text nor a JSON object'],
      ['a map with null', async () => '{"/a": null}', 'has a value for "/a" that is neither a text nor a JSON object'],
      ['a backup cut in its first line', async () => (await good).slice(0, 60), 'is cut off in the middle of its first line'],
      ['a backup of the first line alone', async () => (await lines())[0] as string, 'is cut off: the last line of a backup, with its checksum, is missing'],
      ['a backup without the last line', async () => (await lines()).slice(0, -1).join(''), 'is cut off: the last line of a backup, with its checksum, is missing'],
      ['a backup without the last character', async () => (await good).slice(0, -1), 'is cut off: the last line of a backup, with its checksum, is missing'],
      ['a backup with something behind it', async () => `${await good}\n`, 'is cut off: the last line of a backup, with its checksum, is missing'],
      ['a changed value', async () => (await good).replace('\\"a\\":1', '\\"a\\":2'), 'was changed after it was made: its checksum is wrong'],
      ['a changed header', async () => (await good).replace('"77"', '"78"'), 'was changed after it was made: its checksum is wrong'],
      ['a line left out', async () => (await lines()).filter((_, index) => index !== 1).join(''), 'was changed after it was made: its checksum is wrong'],
      ['two lines in another order', async () => lines().then(([first, a, b, last]) => [first, b, a, last].join('')), 'was changed after it was made: its checksum is wrong'],
      ['a changed checksum', async () => (await good).replace(/"sha256":"./, (text) => `${text.slice(0, -1)}${text.endsWith('0') ? '1' : '0'}`), 'was changed after it was made: its checksum is wrong'],
      ['another number of keys', async () => (await good).replace('"keys":2', '"keys":3'), 'was changed after it was made: it has 2 keys instead of 3'],
      ['a newer form', async () => (await good).replace('"calicoctlBackup":1', '"calicoctlBackup":2'), 'is a backup in form 2, made by calicoctl v0.1.0; this calicoctl reads form 1'],
      ['a newer form of which only that is known', async () => '{"calicoctlBackup":3}\nbinary', 'is a backup in form 3; this calicoctl reads form 1'],
    ];
    for (const [name, text, reason] of cases) {
      it(name, async () => {
        expect(await messageOf(open(await text()))).to.equal(`${join(folder, 'store')} ${reason}`);
      });
    }

    it('a folder and a file that is not there', async () => {
      for (const [path, why] of [[folder, 'is a directory'], [join(folder, 'none'), 'does not exist']] as const) {
        expect(await messageOf(openEntryFile(path, NOBODY))).to.equal(`${path} ${why}`);
      }
    });

    it('lines that no backup has, under a right checksum, once they are read', async () => {
      const store = await open(await textOf([{ key: '/calico/a', value: '', modRevision: '1"}\n{"x":"' }]).then((text) => text.replace('"keys":1', '"keys":2')));
      expect(await messageOf(pagesOf(store, ''))).to.equal(`${join(folder, 'store')} has a line that is no key of a backup`);
      store.close();
    });
  });
});
