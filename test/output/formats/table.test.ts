import { expect } from 'chai';
import { describe, it } from 'mocha';
import { InvalidRequest } from '../../../src/base/errors.js';
import { customColumns } from '../../../src/output/formats/custom-columns.js';
import { ColumnTable } from '../../../src/output/formats/table.js';
import type { Column } from '../../../src/resources/column.js';

interface Peer {
  readonly scope: string;
  readonly ip: string;
  readonly node: string;
  readonly asNumber: number | undefined;
}

const columns: readonly Column<Peer>[] = [
  { heading: 'SCOPE', cell: (peer) => peer.scope },
  { heading: 'PEERIP', cell: (peer) => peer.ip },
  { heading: 'NODE', cell: (peer) => peer.node },
  { heading: 'ASN', cell: (peer, context) => (peer.asNumber === undefined ? `(${context.globalAsNumber})` : String(peer.asNumber)) },
];

const context = { globalAsNumber: '64512' };

function table<T>(of: readonly Column<T>[], items: readonly T[]): string {
  const printed = new ColumnTable(of, context);
  for (const item of items) printed.add(item);
  return [...printed.text()].join('');
}

const peers: readonly Peer[] = [
  { scope: 'global', ip: '10.2.3.4', node: '', asNumber: 1 },
  { scope: 'global', ip: 'fd00::1', node: '', asNumber: 4294967295 },
  { scope: 'node', ip: 'fd00::1', node: 'n10', asNumber: undefined },
];

describe('ColumnTable', () => {
  it('pads every cell to its column and ends with an empty line', () => {
    expect(table(columns, peers)).to.equal([
      'SCOPE    PEERIP     NODE   ASN          ',
      'global   10.2.3.4          1            ',
      'global   fd00::1           4294967295   ',
      'node     fd00::1    n10    (64512)      ',
      '',
      '',
    ].join('\n'));
  });

  it('prints the heading of an empty table', () => {
    expect(table(columns, [])).to.equal('SCOPE   PEERIP   NODE   ASN   \n\n');
  });

  it('makes no column narrower than five', () => {
    expect(table([{ heading: 'A', cell: (text: string) => text }], ['x'])).to.equal('A    \nx    \n\n');
  });

  it('counts characters, wide ones once', () => {
    const one: readonly Column<string>[] = [{ heading: 'NAME', cell: (text) => text }, { heading: 'B', cell: () => 'b' }];
    expect(table(one, ['日本語', '😀😀', 'é'])).to.equal('NAME   B    \n日本語    b    \n😀😀     b    \né      b    \n\n');
  });

  it('shows what a terminal or a script would act on as an escape', () => {
    expect(table([{ heading: 'NAME', cell: (text: string) => text }], ['a\tb\nc', '\x1b[2J'])).to.equal('NAME      \na\\tb\\nc   \n\\x1b[2J   \n\n');
  });

  it('gives a long table in pieces', () => {
    const printed = new ColumnTable(columns, context);
    for (let count = 0; count < 5000; count += 1) printed.add(peers[count % 3] as Peer);
    const pieces = [...printed.text()];
    expect(pieces.length).to.equal(4);
    expect(pieces.join('').split('\n').length).to.equal(5003);
  });
});

describe('customColumns', () => {
  const headings = (request: string): string[] => customColumns(request, columns, (heading, path) => ({ heading: `${heading}@${path}`, cell: () => '' })).map((column) => column.heading);

  it('gives the columns in the order asked, repeats included', () => {
    expect(headings('ASN,SCOPE,ASN')).to.deep.equal(['ASN', 'SCOPE', 'ASN']);
  });

  it('takes paths beside headings, and leaves their commas alone', () => {
    expect(headings('N:.metadata.name,ASN,A:[0,1],B:{.x[?(@.y=="a,b")].z},C:.a\\,b')).to.deep.equal(['N@.metadata.name', 'ASN', 'A@[0,1]', 'B@{.x[?(@.y=="a,b")].z}', 'C@.a\\,b']);
  });

  for (const [request, message] of [
    ['N:', '"N:" is no column'],
    [':.a', '":.a" is no column'],
    ['', 'need to specify at least one column'],
    ['FOO', 'Unknown heading FOO, valid values are: ASN, NODE, PEERIP, SCOPE'],
    ['ASN,asn', 'Unknown heading asn, valid values are: ASN, NODE, PEERIP, SCOPE'],
    ['ASN,', 'Unknown heading , valid values are: ASN, NODE, PEERIP, SCOPE'],
  ] as const) {
    it(`refuses ${JSON.stringify(request)}`, () => {
      expect(() => headings(request)).to.throw(InvalidRequest).that.deep.includes({ message, meaning: 'invalid-request' });
    });
  }
});

describe('ColumnTable on a terminal', () => {
  const wide: readonly Column<readonly string[]>[] = ['NAME', 'NETWORKS', 'NATS', 'PROFILES'].map((heading, at) => ({ heading, cell: (row) => row[at] ?? '' }));
  const rows = [['web-1', '10.0.0.1/32,fd00::1/128,10.0.0.2/32', '', 'profile-frontend'], ['a-name-that-is-longer-than-it-may-be', '10.0.0.3/32', '', 'b']];
  const lines = (room: number): readonly string[] => {
    const printed = new ColumnTable(wide, { globalAsNumber: '', room });
    for (const row of rows) printed.add(row);
    return [...printed.text()].join('').split('\n');
  };

  it('is no wider than that: what does not fit goes on below, and nothing is lost', () => {
    expect(lines(60)).to.deep.equal([
      'NAME              NETWORKS           NATS   PROFILES',
      'web-1             10.0.0.1/32,              profile-frontend',
      '                  fd00::1/128,',
      '                  10.0.0.2/32',
      'a-name-that-is-   10.0.0.3/32               b',
      'longer-than-it-',
      'may-be',
      '', '',
    ]);
    for (const room of [24, 40, 50, 70, 90]) expect(Math.max(...lines(room).map(({ length }) => length)), String(room)).to.be.at.most(room);
  });
  it('has a line for each column where even narrow columns are too wide together', () => {
    expect(lines(40)).to.deep.equal([
      'NAME       web-1',
      'NETWORKS   10.0.0.1/32,fd00::1/128,',
      '           10.0.0.2/32',
      'NATS',
      'PROFILES   profile-frontend',
      '',
      'NAME       a-name-that-is-longer-than-',
      '           it-may-be',
      'NETWORKS   10.0.0.3/32',
      'NATS',
      'PROFILES   b',
      '', '',
    ]);
  });
  it('is as in a pipe where it fits', () => {
    const printed = new ColumnTable(wide, { globalAsNumber: '' });
    for (const row of rows) printed.add(row);
    expect(lines(120).join('\n')).to.equal([...printed.text()].join(''));
  });
  it('counts what the eye sees: a wide character takes two columns', () => {
    const printed = new ColumnTable(wide.slice(0, 2), { globalAsNumber: '', room: 30 });
    for (const row of [['東京東京', 'a'], ['e\u0301e\u0301', '東京東京東京東京東京東京']]) printed.add(row);
    expect([...printed.text()].join('').split('\n')).to.deep.equal(['NAME       NETWORKS', '東京東京   a', 'e\u0301e\u0301         東京東京東京東京東', '           京東京', '', '']);
  });
  it('stays so while lines follow: those that no longer fit are broken, too', () => {
    const printed = new ColumnTable(wide.slice(0, 2), { globalAsNumber: '', room: 30 });
    printed.add(['web-1', '10.0.0.1/32']);
    expect([...printed.lines()].join('')).to.equal('NAME    NETWORKS      \nweb-1   10.0.0.1/32   \n');
    expect(printed.nextLine(['web-2', '10.0.0.1/32,10.0.0.2/32'])).to.equal('web-2   10.0.0.1/32,\n        10.0.0.2/32\n');
    expect(printed.nextLine(['web-3', '10.0.0.3/32'])).to.equal('web-3   10.0.0.3/32\n');
  });
  for (const room of [0, 1, 2]) it(`ends also where there is hardly any room: ${room}`, () => {
    expect(lines(room).join('')).to.include('longer-');
  });
});
