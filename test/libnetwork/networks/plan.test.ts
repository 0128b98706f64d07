import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { EngineNetwork, NetworkSpec } from '../../../src/libnetwork/engine-network.js';
import { planNetworks, type Step } from '../../../src/libnetwork/networks/plan.js';
import { encodeHostNetwork, encodeNetwork, readKept, sameSpec } from '../../../src/libnetwork/networks/record.js';
import { dockerHostKey, dockerNetworkKey } from '../../../src/resources/docker-keys.js';

const NODE = 'host1';
const spec = (name: string, more: Partial<NetworkSpec> = {}): NetworkSpec => ({ name, subnets: [], ipv4: true, ipv6: false, labels: {}, ...more });
const here = (id: string, of: NetworkSpec = spec('net'), created = '1'): EngineNetwork => ({ id, created, spec: of, reserved: [], endpoints: [] });
const entry = (key: string, value: string): Parameters<typeof readKept>[0] extends Iterable<infer E> ? E : never => ({ key, value, modRevision: '7' });
const shared = (of: NetworkSpec): ReturnType<typeof entry> => entry(dockerNetworkKey(of.name), encodeNetwork(of, { node: 'host2', time: '2026-11-30T12:00:00Z' }));
const own = (id: string, name = 'net'): ReturnType<typeof entry> => entry(dockerHostKey(NODE, name), encodeHostNetwork(id));

/** What is planned, in short: what is done, with the id or the problem. */
function planned(engine: readonly EngineNetwork[], entries: readonly ReturnType<typeof entry>[], leaving: readonly string[] = []): readonly string[] {
  const short = (step: Step): string => {
    if (step.do === 'create') return `create ${step.spec.name}${step.wasHere ? ' again' : ''}`;
    if (step.do === 'tell') return `tell ${step.name}: ${step.problem}`;
    return `${step.do} ${step.do === 'forget' ? step.own.name : step.network.id}`;
  };
  return planNetworks(engine, readKept(entries, NODE), new Set(leaving)).map(short);
}

describe('the networks of an engine and those of all hosts', () => {
  const other = spec('net', { subnets: ['10.0.0.0/16'] });
  const cases: readonly (readonly [string, readonly EngineNetwork[], readonly ReturnType<typeof entry>[], readonly string[]])[] = [
    ['nothing', [], [], []],
    ['made here', [here('a')], [], ['publish a']],
    ['made elsewhere', [], [shared(spec('net'))], ['create net']],
    ['was being made here when we ended', [], [shared(spec('net')), own('')], ['create net']],
    ['was made here when we ended', [here('a')], [shared(spec('net')), own('')], ['note a']],
    ['was being made here, and removed elsewhere meanwhile', [here('a')], [own('')], ['remove a']],
    ['here and noted', [here('a')], [shared(spec('net')), own('a')], []],
    ['made here and elsewhere at once, the same', [here('a')], [shared(spec('net'))], ['note a']],
    ['made here and elsewhere at once, otherwise', [here('a')], [shared(other)], ['tell net: the other hosts have a network of this name with other subnets, families or labels: remove this one, and theirs comes in its place']],
    ['the engine lost it, or removes it', [], [shared(spec('net')), own('a')], ['create net again']],
    ['the engine has it under another id', [here('b')], [shared(spec('net')), own('a')], ['note b']],
    ['removed elsewhere', [here('a')], [own('a')], ['remove a']],
    ['removed elsewhere, and made here since', [here('b')], [own('a')], ['publish b']],
    ['removed elsewhere and made anew, otherwise', [here('a')], [shared(other), own('a')], ['remove a']],
    ['gone here and everywhere', [], [own('a')], ['forget net']],
    ['twice here', [here('b', spec('net'), '2'), here('a', spec('net'), '1')], [], ['publish a', 'tell net: this engine has 2 networks of this name: only a is that of all hosts']],
    ['twice here, noted', [here('b', spec('net'), '2'), here('a', spec('net'), '1')], [shared(spec('net')), own('b')], ['tell net: this engine has 2 networks of this name: only b is that of all hosts']],
    ['unreadable', [here('a')], [entry(dockerNetworkKey('net'), '{'), own('a')], ['tell net: what the datastore says of it cannot be read']],
    ['of another name than its key', [], [entry(dockerNetworkKey('net'), JSON.stringify(spec('ten')))], ['tell net: what the datastore says of it cannot be read']],
    ['several', [here('a', spec('x'))], [shared(spec('y')), own('q', 'z')], ['publish a', 'create y', 'forget z']],
  ];
  for (const [what, engine, entries, expected] of cases) it(`are brought together: ${what}`, () => expect(planned(engine, entries)).to.deep.equal(expected));

  it('wait for one that the engine is about to remove', () => {
    expect(planned([here('a')], [], ['a'])).to.deep.equal([]);
    expect(planned([here('a')], [shared(spec('net')), own('a')], ['a'])).to.deep.equal([]);
    expect(planned([here('b')], [], ['a'])).to.deep.equal(['publish b']);
  });

  it('are the same by subnets in their order, families and labels', () => {
    const full = spec('net', { subnets: ['10.0.0.0/16', '10.1.0.0/16'], labels: { a: '1', b: '2' } });
    expect(sameSpec(full, spec('net', { subnets: ['10.0.0.0/16', '10.1.0.0/16'], labels: { b: '2', a: '1' } }))).to.equal(true);
    expect(sameSpec(full, { ...full, subnets: [...full.subnets].reverse() })).to.equal(false);
    for (const change of [{ ipv6: true }, { ipv4: false }, { labels: {} }, { name: 'x' }]) expect(sameSpec(full, { ...full, ...change })).to.equal(false);
  });

  it('come out of the datastore as they went in', () => {
    const full = spec('net', { subnets: ['10.0.0.0/16', 'fd00::/48'], ipv6: true, ipv4: false, labels: { a: '1' } });
    expect(readKept([shared(full)], NODE).shared.get('net')?.spec).to.deep.equal(full);
    expect(readKept([entry(dockerNetworkKey('net'), '{"name":"net","subnets":[],"labels":{}}')], NODE).shared.get('net')?.spec).to.deep.equal(spec('net'));
  });
});
