import { expect } from 'chai';
import { after, afterEach, before, beforeEach, describe, it } from 'mocha';
import type { Ended } from '../../scripts/support/calicoctl.js';
import { startProxy, type Proxy } from '../support/proxy.js';
import { Workplace } from '../support/workplace.js';

const V3 = 'projectcalico.org/v3';
const BLOCKS = '/calico/ipam/v2/assignment/ipv4/block/';
const HOSTS = '/calico/ipam/v2/host/';
const RESOURCES = `/calico/resources/v3/${V3.split('/')[0]}/`;
const IDENTITIES: Readonly<Record<string, string>> = { bgppeers: 'BGPPeer', felixconfigurations: 'FelixConfiguration', ippools: 'IPPool', nodes: 'Node', workloadendpoints: 'WorkloadEndpoint' };
/** Every request takes its time: one of so many is tried, another one in each run. */
const STEP = process.env['CI'] === undefined ? 3 : 2;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

/** Blocks of four addresses: every few addresses are a transaction of their own. */
const OBJECTS = [
  { apiVersion: V3, kind: 'IPPool', metadata: { name: 'pool' }, spec: { cidr: '10.0.0.0/16', blockSize: 30, nodeSelector: 'all()' } },
  { apiVersion: V3, kind: 'Node', metadata: { name: 'n1' }, spec: {} },
  { apiVersion: V3, kind: 'Node', metadata: { name: 'n2' }, spec: {} },
  { apiVersion: V3, kind: 'BGPPeer', metadata: { name: 'peer' }, spec: { node: 'n1', peerIP: '192.168.0.9', asNumber: 64512 } },
  ...['10.0.0.1', '10.0.0.5'].map((ip, index) => ({
    apiVersion: V3,
    kind: 'WorkloadEndpoint',
    metadata: { namespace: 'shop', name: `n1-cni-c${index}-eth0` },
    spec: { node: 'n1', orchestrator: 'cni', workload: 'w', containerID: `c${index}`, endpoint: 'eth0', interfaceName: `cali${index}`, ipNetworks: [`${ip}/32`] },
  })),
];

interface Telling {
  /** What the command advises; the same again unless given. */
  readonly again?: (ended: Ended) => readonly string[];
  readonly prepare?: () => Promise<unknown>;
  /** Whether something done is told as part of a whole. */
  readonly implied?: (ended: Ended, deed: string) => boolean;
}

type Stored = Readonly<Record<string, unknown>>;

describe('commands of several transactions that are ended in the middle', function () {
  this.timeout(300_000);
  let at: Workplace;
  let proxy: Proxy;
  let furnished: Stored;
  let signals = 0;
  before(async () => {
    at = await Workplace.open();
    await command(['create', '-f', '-'], JSON.stringify(OBJECTS.filter(({ kind }) => kind !== 'WorkloadEndpoint')));
    for (const ip of ['10.0.0.1', '10.0.0.5']) await command(['ipam', 'assign', '--node', 'n1', `--ip=${ip}`, '--handle', 'held']);
    await command(['create', '-f', '-'], JSON.stringify(OBJECTS.filter(({ kind }) => kind === 'WorkloadEndpoint')));
    furnished = await at.stored();
  });
  after(() => at.close());
  beforeEach(async () => (proxy = await startProxy(at.etcd.port)));
  afterEach(() => proxy.stop());

  const env = { CALICOCTL_DIALECT: 'v3' };

  async function command(args: readonly string[], stdin = ''): Promise<Ended> {
    const ended = await at.quickly(args, { stdin, env });
    expect(ended, args.join(' ')).to.deep.include({ code: 0, stderr: '' });
    return ended;
  }

  async function furnish(prepare: () => Promise<unknown>): Promise<Stored> {
    await at.wipe();
    await at.put(Object.fromEntries(Object.entries(furnished).map(([key, value]) => [key, JSON.stringify(value)])));
    await prepare();
    return at.stored();
  }

  /** Interrupts a command at its so-many-th request; undefined where it had ended before. */
  async function interruptedAt(request: number, args: readonly string[]): Promise<Ended | undefined> {
    let hit = false;
    let interrupt = (): void => undefined;
    proxy.onNextRequest(() => interrupt(), request);
    const running = at.start(args, { env: { ...env, ETCD_ENDPOINTS: proxy.endpoint } });
    interrupt = () => {
      hit = true;
      running.kill(SIGNALS[signals++ % SIGNALS.length]!);
    };
    const ended = await running.ended;
    return hit ? ended : undefined;
  }

  /** Interrupts a command at each of its requests in turn: what it says it did is all that it did, and what it advises does the rest. */
  async function tellsExactly(args: readonly string[], { again = () => args, prepare = async () => undefined, implied }: Telling): Promise<number> {
    const whole = await furnish(prepare);
    expect((await at.run(args, { env })).code).to.equal(0);
    const wanted = shape(await at.stored());
    let partial = 0;
    for (let request = 1 + Math.floor(Math.random() * STEP); ; request += STEP) {
      const before = await furnish(prepare);
      expect(shape(before)).to.deep.equal(shape(whole));
      const ended = await interruptedAt(request, args);
      if (ended === undefined) return partial;
      const done = deeds(before, await at.stored());
      if (ended.stderr === '') expect(shape(await at.stored())).to.deep.equal(wanted);
      else expect({ request, code: ended.code, said: saidBy(ended) }, ended.stdout + ended.stderr).to.deep.equal({ request, code: 130, said: done.filter((deed) => implied?.(ended, deed) !== true) });
      if (ended.stderr === '' || done.length === 0) continue;
      partial++;
      await command(again(ended));
      expect(shape(await at.stored()), ended.stdout + ended.stderr).to.deep.equal(wanted);
    }
  }

  it('delete of a node', async () => {
    const again = ({ stderr }: Ended): readonly string[] => {
      expect(stderr).to.include('\nnot deleted: Node(n1)\nRun the same command again with --skip-not-exists to do the rest.\n');
      return ['delete', 'node', 'n1', '--skip-not-exists'];
    };
    expect(await tellsExactly(['delete', 'node', 'n1'], { again })).to.be.greaterThan(2);
  });

  it('delete of a pool, between two nodes', async () => {
    const args = ['delete', 'Node/n1', 'IPPool/pool', 'Node/n2'];
    const implied = ({ stderr }: Ended, deed: string): boolean => /^deleted: Node\(n1\)$/m.test(stderr) && !/Node|IPPool/.test(deed);
    expect(await tellsExactly(args, { again: () => [...args, '--skip-not-exists'], implied })).to.be.greaterThan(2);
  });

  it('delete of a node with one of its endpoints', async () => {
    const args = ['delete', 'Node/n1', 'WorkloadEndpoint/shop/n1-cni-c0-eth0'];
    expect(await tellsExactly(args, { again: () => [...args, '--skip-not-exists'] })).to.be.greaterThan(2);
  });

  it('ipam assign, which says how many are left', async () => {
    const again = ({ stderr, stdout }: Ended): readonly string[] => {
      const [, count] = /^(?:\d+) of 12 addresses were assigned; the same command with --count (\d+) assigns the rest\.$/m.exec(stderr) ?? [];
      expect(Number(count) + stdout.trimEnd().split('\n').filter((line) => line !== '').length, stderr).to.equal(12);
      return ['ipam', 'assign', '--node', 'n1', '--count', String(count)];
    };
    expect(await tellsExactly(['ipam', 'assign', '--node', 'n1', '--count', '12'], { again })).to.be.greaterThan(0);
  });

  it('ipam release --node', async () => {
    expect(await tellsExactly(['ipam', 'release', '--node', 'n1'], { prepare: vanish })).to.be.greaterThan(0);
  });

  it('ipam repair --finding', async () => {
    expect(await tellsExactly(['ipam', 'repair', '--finding', 'leaked-address', '--finding', 'vanished-node'], { prepare: vanish, implied: ({ stdout }, deed) => stdout.includes('leaked-address: 2 of 2 repaired\n') && deed.includes('IP address') })).to.be.greaterThan(0);
  });

  it('ipam split', async () => {
    const args = ['ipam', 'split', '512', '--name', 'pool'];
    expect(await tellsExactly(args, { prepare: () => command(['datastore', 'migrate', 'lock']) })).to.be.greaterThan(0);
  });

  it('says what perhaps was done where the answer is lost, and that the whole command was not one transaction', async () => {
    for (const args of [['delete', 'ippool', 'pool'], ['ipam', 'assign', '--node', 'n1', '--count', '12'], ['ipam', 'release', '--ip=10.0.0.1', '--ip=10.0.0.5', '--force']]) {
      let doubtful = 0;
      for (let request = 2; doubtful < 1 && request < 40; request++) if (await isInDoubtAt(request, args)) doubtful++;
      expect(doubtful, args.join(' ')).to.equal(1);
    }
  });

  /** Lets a request get lost, and all after it. Whether that left anything in doubt; said is only what is so, and nothing else was done. */
  async function isInDoubtAt(request: number, args: readonly string[]): Promise<boolean> {
    const before = await furnish(async () => undefined);
    proxy.cutNext('request', async () => void proxy.hang(), request);
    const ended = await at.run([...args, '--timeout', '1s'], { env: { ...env, ETCD_ENDPOINTS: proxy.endpoint } });
    await proxy.stop();
    proxy = await startProxy(at.etcd.port);
    const [said, done] = [saidBy(ended), deeds(before, await at.stored())];
    const perhaps = [...ended.stderr.matchAll(/^perhaps (.*?)(?: from block .*)?$/gm)].map(([, deed]) => deed);
    expect(done).to.include.members(said);
    expect([...said, ...perhaps]).to.include.members(done);
    expect([ended.code, ended.stderr.includes('All of it')], ended.stderr).to.deep.equal([said.length > 0 ? 6 : 4, false]);
    return perhaps.length > 0;
  }

  async function vanish(): Promise<void> {
    await at.etcd.etcdctl('del', `${RESOURCES}nodes/n1`);
    await at.etcd.etcdctl('del', '--prefix', `${RESOURCES}workloadendpoints/`);
  }
});

/** What was done, in the words of an account, by what differs. */
function deeds(before: Stored, then: Stored): string[] {
  const deleted = (prefix: string): string[] => Object.keys(before).filter((key) => key.startsWith(prefix) && !(key in then)).map((key) => key.slice(prefix.length));
  const resources = deleted(RESOURCES).map((key) => [key.slice(0, key.indexOf('/')), key.slice(key.indexOf('/') + 1)]);
  const pools = Object.keys(then).filter((key) => key.startsWith(`${RESOURCES}ippools/`));
  const [had, has] = [addresses(before), addresses(then)];
  return [
    ...resources.map(([kind, name]) => `deleted: ${IDENTITIES[kind!]}(${name})`),
    ...pools.filter((key) => key in before && spec(then[key])['disabled'] === true).map((key) => `disabled: IPPool(${key.split('/').at(-1)}): no node can claim a block from it any more`),
    ...pools.filter((key) => !(key in before)).map((key) => `created: ${key.split('/').at(-1)} with CIDR ${String(spec(then[key])['cidr'])}`),
    ...deleted(HOSTS).map((key) => `released: block ${key.split('/').at(-1)!.replace('-', '/')} of node ${key.split('/')[0]}`),
    ...had.filter((ip) => !has.includes(ip)).map((ip) => `released: IP address ${ip}`),
    ...has.filter((ip) => !had.includes(ip)).map((ip) => `assigned: IP address ${ip}`),
  ].sort();
}

function spec(value: unknown): Record<string, unknown> {
  return (value as { spec: Record<string, unknown> }).spec;
}

/** What a command says it did, on both streams; counts of wholes are not of parts. */
function saidBy({ stdout, stderr }: Ended): string[] {
  const lines = `${stdout}${stderr}`.split('\n').map((line) => line.replace(/^Successfully (assigned|released) /, '$1: ').replace(/^Created (.*)\.$/, 'created: $1').replace(/^(assigned: .*) from block .*/, '$1'));
  return lines.filter((line) => /^(deleted|disabled|created|released|assigned|repaired|changed|written): /.test(line)).sort();
}

/** The allocated addresses. */
function addresses(stored: Stored): string[] {
  return Object.entries(stored).flatMap(([key, value]) => {
    if (!key.startsWith(BLOCKS)) return [];
    const [, base = '', last = ''] = /^(.*\.)(\d+)-\d+$/.exec(key.slice(BLOCKS.length)) ?? [];
    return (value as { allocations: (number | null)[] }).allocations.flatMap((each, ordinal) => (each === null ? [] : `${base}${Number(last) + ordinal}`));
  });
}

/** What of a store does not depend on the moment: keys, and which addresses are allocated. */
function shape(stored: Stored): object {
  return { keys: Object.keys(stored), addresses: addresses(stored) };
}
