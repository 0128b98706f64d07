import { expect } from 'chai';
import { after, before, it } from 'mocha';
import { setTimeout as sleep } from 'node:timers/promises';
import { compile } from '../../src/policy/compile.js';
import { evaluate } from '../../src/policy/evaluate.js';
import type { Flow } from '../../src/policy/flow.js';
import type { StoredObject } from '../../src/resources/kind.js';
import { Agents, NODES } from '../support/packets/agents.js';
import { PacketNetwork } from '../support/packets/network.js';
import { entriesOf, flowsIn, isSecond, markOf, networkOf, workloadsIn } from '../support/packets/stored-network.js';
import { Streams, type Stream, type Streamed } from '../support/packets/streams.js';
import { randomChange } from '../support/policy/random-change.js';
import { HOSTS } from '../support/policy/random-network.js';
import { Random } from '../support/policy/random.js';
import { describeAsRoot } from '../support/root.js';
import { eventually } from '../../scripts/support/wait.js';

/** By hand more: PACKET_ROUNDS=20 PACKET_CHANGES=500 PACKET_MODE=Legacy, or nftables. */
const CHANGES = Number(process.env['PACKET_CHANGES'] ?? 40);
const ROUNDS = Number(process.env['PACKET_ROUNDS'] ?? 1);
const FIRST_SEED = Number(process.env['PACKET_SEED'] ?? 2);
const MODE = process.env['PACKET_MODE'] ?? 'NFT';
const SETTINGS = MODE === 'nftables' ? { FELIX_NFTABLESMODE: 'Enabled' } : { FELIX_IPTABLESBACKEND: MODE };
/** How many streams of each kind there are at most. */
const EACH = 6;
/** The longest pause after a change: most are applied alone, some together. */
const PAUSE_MS = 120;
const LONG = ROUNDS > 1;

function verdicts(objects: readonly StoredObject[], flows: readonly Flow[]): readonly boolean[] {
  const model = compile(objects, HOSTS);
  return flows.map((flow) => evaluate(model, flow).verdict === 'allow');
}

function streamsIn(random: Random, objects: readonly StoredObject[], network: PacketNetwork): readonly Stream[] {
  const flows = flowsIn(random, objects, network).filter(({ protocol }) => protocol === 'udp');
  const known = verdicts(objects, flows);
  const allowed = flows.filter((_, at) => known[at]).slice(0, 2 * EACH);
  return [
    ...allowed.map((flow, at): Stream => ({ flow, kind: at % 2 === 0 || isSecond(flow.dst) ? 'allowed' : 'established' })),
    ...flows.filter((_, at) => !known[at]).slice(0, EACH).map((flow): Stream => ({ flow, kind: 'denied' })),
  ];
}

/** Networks, each one change from the one before, in all of which the streams fare alike. */
function statesFrom(random: Random, objects: readonly StoredObject[], streams: readonly Stream[], count: number): readonly (readonly StoredObject[])[] {
  const states: (readonly StoredObject[])[] = [];
  for (let state = objects; states.length < count; ) {
    const next = randomChange(random, state);
    const now = verdicts(next, streams.map(({ flow }) => flow));
    if (streams.every(({ kind }, at) => now[at] === (kind !== 'denied'))) states.push((state = next));
  }
  return states;
}

function isWrong({ kind, sent, arrived, answersSent, answersArrived }: Streamed): boolean {
  if (kind === 'denied') return arrived > 0;
  return sent === 0 || arrived !== sent || (kind === 'established' && (answersSent < sent / 2 || answersArrived !== answersSent));
}

/** The same network with other settings, under which packets fare alike: rules in nftables, or other marks. */
function withOtherSettings(objects: readonly StoredObject[], at: number): readonly StoredObject[] {
  const before = objects.find(({ kind, metadata }) => kind === 'FelixConfiguration' && metadata.name === 'default');
  const made: StoredObject = { kind: 'FelixConfiguration', apiVersion: 'projectcalico.org/v3', metadata: { name: 'default' }, spec: { ...before?.spec, ...(at % 2 === 0 ? { nftablesMode: 'Enabled' } : { iptablesMarkMask: 0xff000000 }) } };
  return [...objects.filter((object) => object !== before), made];
}

describeAsRoot('packets while everything changes', function () {
  this.timeout(90_000 + ROUNDS * (60_000 + CHANGES * 400));
  let network: PacketNetwork;
  let agents: Agents;
  let marks = 0;
  before(async () => {
    network = await PacketNetwork.start();
    agents = await Agents.start(network, SETTINGS);
  });
  after(async () => {
    agents?.stop();
    await network?.stop();
  });

  /** Stores a network, and waits until it is programmed. */
  const settle = async (objects: readonly StoredObject[]): Promise<void> => {
    const number = marks++;
    const mark = networkOf(new Random(1), number).filter(({ kind }) => kind === 'BGPConfiguration');
    await agents.store(entriesOf([...objects.filter(({ kind }) => kind !== 'BGPConfiguration'), ...mark]));
    if (number === 0) agents.startDataplanes();
    await eventually(`network ${number} is programmed`, async () => {
      const saved = await Promise.all(NODES.map((node) => network.run(node, 'sh', '-c', MODE === 'nftables' ? 'nft list table ip calico' : `iptables-${MODE.toLowerCase()}-save -t filter`)));
      return saved.every(({ stdout }) => stdout.includes(markOf(number)));
    }, 30_000).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${NODES.map((node) => `${node}: ${agents.logOf(node)}`).join('\n')}`);
    });
    await sleep(400);
  };

  /** Sends all the while that something is done with the states of a network; returns what did not fare as it should. */
  const during = async (seed: number, count: number, work: (states: readonly (readonly StoredObject[])[], random: Random) => Promise<void>): Promise<readonly string[]> => {
    const random = new Random(seed);
    const objects = networkOf(random, 0).filter(({ spec }) => spec['doNotTrack'] !== true);
    await network.place(workloadsIn(objects));
    await settle(objects);
    const streams = streamsIn(random, objects, network);
    const states = statesFrom(random, objects, streams, count);
    const running = await Streams.start(network, streams);
    const early: string[] = [];
    network.onArrival = (id) => early.length < 20 && early.push(`${new Date().toISOString()} ${id}`);
    await work(states, random);
    await settle(states.at(-1)!);
    const ended = await running.stop();
    if (LONG) console.log(`seed ${seed}: ${ended.length} streams, ${ended.reduce((sum, { sent }) => sum + sent, 0)} packets`, ...early);
    return ended.filter(isWrong).map((stream) => `seed ${seed}: ${JSON.stringify(stream)}`);
  };

  const seeds = Array.from({ length: ROUNDS }, (_, round) => FIRST_SEED + round);

  it(`fare in ${ROUNDS} times ${CHANGES} changes of what is stored as they do before and after each`, async () => {
    const wrong: string[] = [];
    for (const seed of seeds) {
      wrong.push(...(await during(seed, CHANGES, async (states, random) => {
        for (const state of states) {
          await agents.store(entriesOf(state));
          await sleep(random.below(PAUSE_MS));
        }
      })));
    }
    expect(wrong).to.deep.equal([]);
  });

  it('fare alike while agents are killed, etcd is away and settings change', async () => {
    const wrong: string[] = [];
    for (const seed of seeds) {
      wrong.push(...(await during(seed + 1000, 24, async (states, random) => {
        let at = 0;
        let settings = (objects: readonly StoredObject[]): readonly StoredObject[] => objects;
        const change = async (pauseMs = random.below(PAUSE_MS)): Promise<void> => {
          await agents.store(entriesOf(settings(states[at++]!)));
          await sleep(pauseMs);
        };
        for (const node of NODES) {
          await change(random.below(60));
          await agents.end(node, 'SIGKILL');
          await change();
        }
        await agents.follows('node-a');
        const since = performance.now();
        expect(await agents.end('node-a', 'SIGTERM')).to.equal(0);
        expect(performance.now() - since).to.be.lessThan(2000);
        await change(1000);
        await change(random.below(60));
        await agents.end('etcd', 'SIGKILL');
        await sleep(300);
        await agents.startStore();
        await change();
        // What is compacted while an agent is cut off, it has to compare.
        await network.run('node-b', 'ip', 'link', 'set', 'mgmt0', 'down');
        for (let times = 0; times < 3; times++) await change();
        await agents.compact();
        await network.run('node-b', 'ip', 'link', 'set', 'mgmt0', 'up');
        await agents.without('node-a', 'SIGKILL', async () => {
          for (let times = 0; times < 4; times++) await change(0);
        });
        await change(1000);
        settings = (objects) => withOtherSettings(objects, seed);
        const restarts = agents.ended.length;
        await change();
        await eventually('both have ended because of settings', () => NODES.every((node) => agents.ended.slice(restarts).includes(`${node} 129`)));
        await change(1000);
        if (LONG) {
          await agents.emptyStore();
          await sleep(4000);
          await change(2000);
        }
        settings = (objects) => objects;
      })));
    }
    expect(wrong).to.deep.equal([]);
  });
});
