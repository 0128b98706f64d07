import { expect } from 'chai';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import type { RenderedRule, TableState } from '../../../src/dataplane/desired.js';
import { withoutRefused } from '../../../src/dataplane/edits/refused.js';
import { isOurChain, readSaved, type SavedRule, type SavedTable } from '../../../src/dataplane/edits/saved-tables.js';
import { tableEdits } from '../../../src/dataplane/edits/table-edits.js';

function rule(id: string, rest = '--jump ACCEPT'): RenderedRule {
  return { id: id.padEnd(16, '_'), text: `-m comment --comment "cali:${id.padEnd(16, '_')}" ${rest}` };
}

/** What iptables-restore makes of a table: refuses what the kernel would refuse. */
function restored(table: SavedTable, lines: readonly string[]): Map<string, string[]> {
  const chains = new Map([...table].map(([name, rules]) => [name, rules.map(({ text }) => text)]));
  const of = (name: string): string[] => {
    const rules = chains.get(name);
    if (rules === undefined) throw new Error(`no chain ${name}`);
    return rules;
  };
  for (const line of lines) {
    const [, verb = '', chain = '', rest = ''] = /^(\S+) ?(\S*) ?(.*)$/.exec(line) ?? [];
    const at = Number(rest.split(' ')[0]) - 1;
    if (verb.startsWith('*') || verb === 'COMMIT') continue;
    else if (verb.startsWith(':')) chains.set(verb.slice(1), []);
    else if (verb === '-A') of(chain).push(rest);
    else if (verb === '-I') of(chain).unshift(rest);
    else if (verb === '-R') of(chain).splice(inside(of(chain), at), 1, rest.replace(/^\d+ /, ''));
    else if (verb === '-D') of(chain).splice(inside(of(chain), /^\d+$/.test(rest) ? at : of(chain).indexOf(rest)), 1);
    else if (verb === '--delete-chain') {
      const users = [...chains].filter(([, rules]) => rules.some((text) => text.endsWith(` ${chain}`))).map(([name]) => name);
      if (of(chain).length > 0 || users.length > 0) throw new Error(`${chain} is in use by ${users.join()}`);
      chains.delete(chain);
    } else throw new Error(line);
  }
  return chains;
}

function inside(rules: readonly string[], at: number): number {
  if (at < 0 || at >= rules.length) throw new Error('no such rule');
  return at;
}

function saved(chains: Readonly<Record<string, readonly string[]>>): SavedTable {
  const lines = Object.entries(chains).flatMap(([name, rules]) => [`:${name} - [0:0]`, ...rules.map((text) => `-A ${name} ${text}`)]);
  return readSaved(['*filter', ...lines, 'COMMIT'].join('\n')).get('filter')!;
}

function state(chains: Readonly<Record<string, readonly RenderedRule[]>>, hooks: Readonly<Record<string, readonly [RenderedRule[], RenderedRule[]]>> = {}): TableState {
  return { chains: new Map(Object.entries(chains)), hooks: new Map(Object.entries(hooks).map(([name, [inserted, appended]]) => [name, { inserted, appended }])) };
}

/** Applies the edits to a model of iptables and checks that all is as it should be. Returns them. */
function applied(kernel: SavedTable, desired: TableState): readonly string[] {
  const { lines, after } = tableEdits('filter', kernel, desired);
  const text = lines.map((line) => line.text);
  const made = restored(kernel, text);
  for (const [chain, rules] of desired.chains) expect(made.get(chain), chain).to.deep.equal(rules.map((each) => each.text));
  expect([...made.keys()].filter((name) => isOurChain(name) && !desired.chains.has(name))).to.deep.equal([]);
  for (const [chain, rules] of kernel) {
    if (isOurChain(chain)) continue;
    const { inserted = [], appended = [] } = desired.hooks.get(chain) ?? {};
    const foreign = rules.filter(({ isOurs }) => !isOurs).map((each) => each.text);
    const ids = (texts: readonly string[]): readonly string[] => texts.map((each) => /cali:([\w-]+)/.exec(each)?.[1] ?? each);
    expect(ids(made.get(chain)!), chain).to.deep.equal([...inserted.map(({ id }) => id), ...foreign, ...appended.map(({ id }) => id)]);
  }
  for (const [chain, rules] of after) expect(rules.map(({ id }) => id), chain).to.deep.equal(made.get(chain)!.map((each) => /cali:([\w-]+)/.exec(each)?.[1] ?? ''));
  expect(tableEdits('filter', after, desired).lines, 'a second time').to.deep.equal([]);
  return text;
}

describe('edits of a table of iptables', () => {
  const hooks = { FORWARD: [[rule('hook', '--jump cali-a')], [rule('last')]] } as const;

  it('are none where all is as it should be', () => {
    const desired = state({ 'cali-a': [rule('1')] }, { FORWARD: [[...hooks.FORWARD[0]], [...hooks.FORWARD[1]]] });
    const kernel = saved({ FORWARD: [hooks.FORWARD[0][0].text, '-s 1.2.3.4/32 -j ACCEPT', hooks.FORWARD[1][0].text], 'cali-a': [rule('1').text], 'other-chain': ['-j DROP'] });
    expect(applied(kernel, desired)).to.deep.equal([]);
  });

  it('replace from where it differs, append, and take away', () => {
    const kernel = saved({ 'cali-a': ['1', '2', '3', '4'].map((id) => rule(id).text) });
    const text = applied(kernel, state({ 'cali-a': [rule('1'), rule('x'), rule('3')] }));
    expect(text).to.deep.equal(['*filter', `-R cali-a 2 ${rule('x').text}`, '-D cali-a 4', 'COMMIT']);
    expect(applied(kernel, state({ 'cali-a': ['1', '2', '3', '4', '5'].map((id) => rule(id)) }))).to.deep.equal(['*filter', `-A cali-a ${rule('5').text}`, 'COMMIT']);
  });

  it('take away what an older release or run has left, and leave what is not ours', () => {
    const kernel = saved({
      FORWARD: ['-m comment --comment "cali:BBBBBBBBBBBBBBBB" -j cali-old', '-s 1.2.3.4/32 -j ACCEPT', '-j felix-FORWARD', '-m comment --comment mine -j ACCEPT'],
      'cali-old': ['-g califw-x'], 'califw-x': ['-j DROP'], 'felix-FORWARD': [], 'other-chain': ['-j cali-old', '-j DROP'], INPUT: [],
    });
    const text = applied(kernel, state({ 'cali-a': [] }, { FORWARD: [[...hooks.FORWARD[0]], [...hooks.FORWARD[1]]], INPUT: [[rule('in', '--jump cali-a')], []] }));
    expect(text.filter((line) => line.startsWith('-D'))).to.deep.equal(['-D FORWARD -m comment --comment "cali:BBBBBBBBBBBBBBBB" -j cali-old', '-D FORWARD -j felix-FORWARD', '-D other-chain -j cali-old']);
  });

  it('put our rules back into their places in the kernel’s chains', () => {
    const [first, last] = [hooks.FORWARD[0][0], hooks.FORWARD[1][0]];
    for (const order of [['-j LOG', first.text, last.text], [first.text, last.text, '-j LOG'], [first.text], [last.text, first.text], [first.text, first.text, last.text]]) {
      applied(saved({ FORWARD: order, 'cali-a': [] }), state({ 'cali-a': [] }, { FORWARD: [[first], [last]] }));
    }
  });

  it('make any table of any other', () => {
    const ids = fc.array(fc.constantFrom(...'abcdefgh').map((id) => rule(id)), { maxLength: 6 });
    const chains = fc.dictionary(fc.constantFrom('cali-a', 'cali-b', 'cali-c', 'felix-d'), ids);
    const foreign = fc.array(fc.constantFrom('-j DROP', '-s 1.2.3.4/32 -j ACCEPT'), { maxLength: 3 });
    fc.assert(fc.property(chains, chains, ids, foreign, ids, ids, ids, (before, wanted, first, others, last, inserted, appended) => {
      const text = (rules: readonly RenderedRule[]): readonly string[] => rules.map((each) => each.text);
      const kernel = saved({ ...Object.fromEntries(Object.entries(before).map(([name, rules]) => [name, text(rules)])), FORWARD: [...text(first), ...others, ...text(last)] });
      applied(kernel, state(wanted, { FORWARD: [inserted, appended] }));
    }));
  });
});

describe('what the kernel has of tables', () => {
  it('is read with ids and what is ours', () => {
    const tables = readSaved('# x\n*raw\n:PREROUTING ACCEPT [1:2]\n-A PREROUTING -m comment --comment cali:abc_-d -j cali-x\n-A PREROUTING -g felix-y\n-A PREROUTING\nCOMMIT\n*nat\n:c - [0:0]\nCOMMIT\n*unknown\n:x - [0:0]\n-A x -j DROP\nCOMMIT\n');
    const expected: readonly SavedRule[] = [
      { id: 'abc_-d', text: '-m comment --comment cali:abc_-d -j cali-x', isOurs: true }, { id: '', text: '-g felix-y', isOurs: true }, { id: '', text: '', isOurs: false },
    ];
    expect(tables.get('raw')?.get('PREROUTING')).to.deep.equal(expected);
    expect([...tables].map(([name, chains]) => [name, [...chains.keys()]])).to.deep.equal([['raw', ['PREROUTING']], ['mangle', []], ['nat', ['c']], ['filter', []]]);
  });
});

describe('a table without what the kernel refuses', () => {
  const ACCEPT = '0x10000';
  const sets = (mark: string, match = ''): string => `${match}--jump MARK --set-mark ${mark}/${mark}`;
  const allow = [rule('a1', sets(ACCEPT, '-m icmp --icmp-type 8 ')), rule('a2', '-m mark --mark 0x10000/0x10000 --jump RETURN')];
  const deny = [rule('d1', sets('0x40000', '-m bad ')), rule('d2', '-m mark --mark 0x40000/0x40000 --jump DROP')];
  const blocks = [rule('b1', '--jump MARK --set-mark 0x0/0x180000'), rule('b2', sets('0x80000', '--source 10.0.0.0/8 ')), rule('b3', '--source 10.1.0.0/16 --jump MARK --set-mark 0x0/0x80000')];
  const end = [rule('e1', sets(ACCEPT, '-m mark --mark 0x80000/0x80000 ')), rule('e2', '-m mark --mark 0x10000/0x10000 --jump RETURN')];

  function left(chain: string, rules: readonly RenderedRule[], ...refused: readonly [string, number][]): readonly string[] {
    const table = withoutRefused(state({ [chain]: rules }), new Map(refused.map(([id, tries]) => [rule(id).id, tries])), 0x10000);
    return table.chains.get(chain)!.map(({ text }) => text.replace(/-m comment --comment "cali:_*([^_"]+)_*" /, '$1 '));
  }

  it('has no part of a rule that allows', () => {
    expect(left('cali-pi-gnp/x', [...allow, ...deny], ['a1', 2])[0]).to.match(/^a2 /);
    // A block that takes something away again is refused: without it more would pass.
    expect(left('cali-pi-gnp/x', [...blocks, ...end], ['b3', 2]).map((text) => text.split(' ')[0])).to.deep.equal(['b1', 'b2', 'e2']);
  });

  it('drops everything where something is denied or passed on', () => {
    const rules = left('cali-pi-gnp/x', [...allow, ...deny, ...end], ['d1', 2]);
    expect(rules).to.have.lengthOf(6);
    expect(rules[2]).to.equal('1d --jump DROP');
    expect(left('cali-pri-x', [rule('p1', sets('0x20000', '-m bad ')), rule('p2', '-m mark --mark 0x20000/0x20000 --jump RETURN')], ['p1', 2])[0]).to.equal('1p --jump DROP');
  });

  it('has no log, and elsewhere only not the rule itself', () => {
    expect(left('cali-po-gnp/x', [rule('l1', '-m bad --jump LOG --log-prefix x'), ...deny], ['l1', 2])).to.have.lengthOf(2);
    expect(left('cali-PREROUTING', [rule('r1', '-m rpfilter --jump DROP'), rule('r2')], ['r1', 2])).to.deep.equal(['r2 --jump ACCEPT']);
  });

  it('drops what cannot be rejected, first', () => {
    const reject = rule('r1', '-m rpfilter --invert --jump REJECT --reject-with tcp-reset');
    expect(left('cali-PREROUTING', [reject], ['r1', 1])).to.deep.equal(['1r -m rpfilter --invert --jump DROP']);
    expect(left('cali-PREROUTING', [reject], ['r1', 3])).to.deep.equal([]);
  });
});
