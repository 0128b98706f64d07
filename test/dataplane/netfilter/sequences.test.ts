import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { NetfilterPlanner } from '../../../src/dataplane/netfilter/iptables/planner.js';
import type { TableName } from '../../../src/dataplane/desired.js';
import type { Link } from '../../../src/dataplane/input.js';
import { changesThatRestart, type Settings } from '../../../src/dataplane/settings/settings.js';
import { objectsIn, recordedLink, recordedLinks, recordedSettings, sequenceRecordings, type RecordedSet, type RecordedStep, type SequenceRecording, type StoredObjects } from '../../support/recordings.js';
import { FAMILIES, plannedIds, plannedSets, plannerOf, recordedIds, recordedSets } from './recorded-tables.js';

/** What Felix could not program is not there, nor what it had done before it could not. */
const REFUSED = 'deny by reject: the kernel refuses it in the table raw, and Felix ends itself again and again';

/** The kernel as the recording has it, step by step. */
class RecordedKernel {
  readonly tables: Record<string, Record<string, { policies: Record<string, string>; chains: Record<string, readonly string[]> }>>;
  readonly sets: Record<string, RecordedSet>;
  links: Readonly<Record<string, unknown>>;

  constructor({ start }: SequenceRecording) {
    this.tables = structuredClone(start.iptables) as never;
    this.sets = { ...start.ipsets };
    this.links = start.links;
  }

  take({ changed }: RecordedStep): void {
    for (const [what, value] of Object.entries(changed)) {
      const [part, one = '', table = '', chain = ''] = what.split(' ');
      if (part === 'iptables') {
        if (value === null) Reflect.deleteProperty(this.tables[one]![table]!.chains, chain);
        else this.tables[one]![table]!.chains[chain] = value as readonly string[];
      } else if (part === 'ipset') {
        if (value === null) Reflect.deleteProperty(this.sets, one);
        else this.sets[one] = value as RecordedSet;
      } else if (part === 'links') this.links = value as Readonly<Record<string, unknown>>;
    }
  }
}

/** A host that plans what it is told of, as the agent would. */
class PlayedHost {
  private store: Record<string, string>;
  private links: readonly Link[];
  private objects: StoredObjects;
  private settings: Settings;
  private planner: NetfilterPlanner;
  private isStopped = false;
  private isCutOff = false;

  constructor(private readonly recording: SequenceRecording) {
    this.store = { ...recording.store };
    this.links = recordedLinks(recording);
    this.objects = objectsIn(this.store);
    this.settings = recordedSettings(recording, this.objects.byKind);
    this.planner = plannerOf(this.settings, this.links);
  }

  take({ store = {}, host = [] }: RecordedStep): void {
    for (const command of host) this.carryOut(command);
    for (const [key, value] of Object.entries(store)) {
      if (value === null) Reflect.deleteProperty(this.store, key);
      else this.store[key] = value;
    }
  }

  /** Undefined while it does not work, or waits until the store says that it is ready. */
  plan(devices: Readonly<Record<string, unknown>>): ReturnType<NetfilterPlanner['plan']> | undefined {
    const objects = objectsIn(this.store, this.objects);
    const isReady = objects.byKind.get('ClusterInformation')?.[0]?.spec['datastoreReady'] === true;
    if (this.isStopped || this.isCutOff || !isReady) return undefined;
    this.objects = objects;
    const settings = recordedSettings(this.recording, objects.byKind);
    if (changesThatRestart(this.settings, settings).length > 0) this.planner = plannerOf(settings, this.links);
    this.settings = settings;
    const made = Object.entries(devices).map(([name, device], at) => ({ name, index: 100 + at, isUp: true, mtu: 1450, addresses: (device as { addresses?: readonly string[] }).addresses ?? [] }));
    return this.planner.plan(objects.byKind, [...this.links, ...made]);
  }

  private carryOut(command: string): void {
    const [, appearing] = /^interface (\S+) appears/.exec(command) ?? [];
    const [, vanishing] = /^ip link del (\S+)/.exec(command) ?? [];
    if (appearing !== undefined) this.links = [...this.links, recordedLink({ name: appearing }, this.links.length + 1)];
    if (vanishing !== undefined) this.links = this.links.filter(({ name }) => name !== vanishing);
    if (command.startsWith('Felix ')) this.isStopped = command.includes('SIGTERM');
    if (command.startsWith('etcd ')) this.isCutOff = command.includes('stopped');
  }
}

describe('iptables and sets of a host, one change after another', () => {
  for (const recording of sequenceRecordings().values()) {
    it(recording.about, () => {
      const kernel = new RecordedKernel(recording);
      const host = new PlayedHost(recording);
      compare(host, kernel, 'at the start');
      for (const step of recording.steps) {
        kernel.take(step);
        host.take(step);
        if (step.about !== REFUSED) compare(host, kernel, step.about);
      }
    });
  }
});

function compare(host: PlayedHost, kernel: RecordedKernel, when: string): void {
  const plan = host.plan(kernel.links);
  if (plan === undefined) return;
  for (const [name, family] of FAMILIES) {
    for (const [table, recorded] of Object.entries(kernel.tables[name]!)) expect(plannedIds(plan, family, table as TableName), `${when}: ${name} ${table}`).to.deep.equal(recordedIds(recorded));
  }
  expect(plannedSets(plan), when).to.deep.equal(recordedSets(kernel.sets));
}
