import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { IpSet } from '../../../src/dataplane/desired.js';
import { readSavedSets, setEdits } from '../../../src/dataplane/edits/set-edits.js';

function set(name: string, members: readonly string[], type: IpSet['type'] = 'hash:net'): [string, IpSet] {
  return [name, { name, type, family: name.startsWith('cali6') ? 6 : 4, members: new Set(members) }];
}

const SAVED = `create cali40a hash:net family inet hashsize 1024 maxelem 100 bucketsize 12 initval 0x1
add cali40a 10.0.0.1
add cali40a 10.0.1.0/24
add cali40a 10.0.0.2
create mine hash:ip family inet hashsize 1024 maxelem 65536 bucketsize 12 initval 0x2
add mine 1.2.3.4
create cali4t0 hash:net family inet hashsize 1024 maxelem 100
create felix-4-old hash:ip family inet hashsize 1024 maxelem 65536
`;

describe('edits of IP sets', () => {
  const kernel = readSavedSets(SAVED);
  const edits = (...desired: [string, IpSet][]): { readonly lines: readonly string[]; readonly stale: readonly string[] } => {
    const { lines, stale, after } = setEdits(kernel, new Map(desired), 100);
    expect(setEdits(after, new Map(desired), 100).lines, 'a second time').to.deep.equal([]);
    return { lines: lines.map(({ text }) => text), stale };
  };

  it('leave alone what is ours no more than what is as it should be', () => {
    expect([...kernel.keys()]).to.deep.equal(['cali40a', 'cali4t0', 'felix-4-old']);
    expect(edits(set('cali40a', ['10.0.0.1', '10.0.1.0/24', '10.0.0.2']))).to.deep.equal({ lines: [], stale: ['cali4t0', 'felix-4-old'] });
  });

  it('make what is missing, with its members', () => {
    expect(edits(set('cali60n:x', ['fd00::1,tcp:80'], 'hash:ip,port')).lines).to.deep.equal(['create cali60n:x hash:ip,port family inet6 maxelem 100', 'add cali60n:x fd00::1,tcp:80']);
  });

  it('add members before they take others away', () => {
    expect(edits(set('cali40a', ['10.0.0.1', '10.0.1.0/24', '10.0.0.3'])).lines).to.deep.equal(['add cali40a 10.0.0.3', 'del cali40a 10.0.0.2']);
  });

  it('swap in another set where most is different, or the size', () => {
    const members = ['10.1.0.1', '10.1.0.2', '10.1.0.3'];
    expect(edits(set('cali40a', members)).lines).to.deep.equal([
      'destroy cali4t0', 'create cali4t0 hash:net family inet maxelem 100', ...members.map((member) => `add cali4t0 ${member}`), 'swap cali4t0 cali40a', 'destroy cali4t0',
    ]);
    const { lines } = setEdits(kernel, new Map([set('cali40a', ['10.0.0.1'])]), 7);
    expect(lines.map(({ text }) => text)).to.include('create cali4t0 hash:net family inet maxelem 7').and.to.include('swap cali4t0 cali40a');
  });

  it('keep an address that moves from a set to another, or into a network, in one of them at every moment', () => {
    const before = new Map([set('cali40a', ['10.0.0.1', '10.0.1.0/24', '10.0.2.1', '10.0.2.2']), set('cali40b', ['10.0.3.1', '10.0.3.2'])].map(([name, { type, members }]) => [name, { type, family: 'inet', maxelem: 100, members }]));
    const { lines } = setEdits(before, new Map([set('cali40a', ['10.0.0.0/24', '10.0.1.0/25', '10.0.2.1', '10.0.2.2']), set('cali40b', ['10.0.3.1', '10.0.3.2', '10.0.1.128/25'])]), 100);
    expect(lines.map(({ text }) => text)).to.deep.equal([
      'add cali40a 10.0.0.0/24', 'add cali40a 10.0.1.0/25', 'add cali40b 10.0.1.128/25', 'del cali40a 10.0.0.1', 'del cali40a 10.0.1.0/24',
    ]);
  });

  it('swap in another set where old and new members do not fit in together', () => {
    const { lines, stale } = setEdits(kernel, new Map([set('cali40a', ['10.0.0.1', '10.0.0.2', '10.0.0.3'])]), 3);
    expect(lines.map(({ text }) => text)).to.include('swap cali4t0 cali40a');
    expect(stale).to.deep.equal(['felix-4-old']);
  });

  it('make a set of very many members', () => {
    const members = Array.from({ length: 300_000 }, (_, index) => `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`);
    expect(setEdits(new Map(), new Map([set('cali40a', members)]), 1_048_576).lines).to.have.length(300_001);
  });

  it('make one of another type anew', () => {
    expect(edits(set('cali40a', [], 'hash:ip')).lines).to.deep.equal(['destroy cali40a', 'create cali40a hash:ip family inet maxelem 100']);
  });
});
