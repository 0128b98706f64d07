import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Mirror } from '../../../src/agent/sync/mirror.js';
import { HostPlanner } from '../../../src/dataplane/host/planner.js';
import { isOurRoute } from '../../../src/dataplane/host/ownership.js';
import { routeKey } from '../../../src/dataplane/host/state.js';
import type { Link } from '../../../src/dataplane/input.js';
import { changesThatRestart, type Settings } from '../../../src/dataplane/settings/settings.js';
import { recordedLink, recordedLinks, recordedSettings, sequenceRecordings, type RecordedState, type RecordedStep, type SequenceRecording } from '../../support/recordings.js';
import { mirrorOf, recordedFdb, recordedNeighbours, recordedRoute, sorted } from './recorded-host.js';

/** Routes of an earlier run stay on workloads' interfaces for a while. */
const GRACE = new Set(['started']);

/** A host whose store and interfaces change as recorded. */
class PlayedHost {
  private readonly mirror: Mirror;
  private links: readonly Link[];
  private settings: Settings;
  private planner: HostPlanner;
  private isStopped = false;
  private isCutOff = false;

  constructor(private readonly recording: SequenceRecording) {
    this.mirror = mirrorOf(recording.store);
    this.links = recordedLinks(recording);
    this.settings = recordedSettings(recording, this.mirror.objects());
    this.planner = new HostPlanner(this.settings, '0');
  }

  take({ store = {}, host = [] }: RecordedStep): void {
    for (const command of host) for (const part of command.split('; ')) this.carryOut(part);
    for (const [key, value] of Object.entries(store)) {
      if (value === null) this.mirror.remove(key);
      else this.mirror.put({ key, value, modRevision: '1' });
    }
  }

  /** Undefined while nothing is planned. */
  plan(): { readonly state: ReturnType<HostPlanner['plan']>; readonly settings: Settings } | undefined {
    const objects = this.mirror.objects();
    if (this.isStopped || this.isCutOff || objects.get('ClusterInformation')?.[0]?.spec['datastoreReady'] !== true) return undefined;
    const settings = recordedSettings(this.recording, objects);
    if (changesThatRestart(this.settings, settings).length > 0) this.planner = new HostPlanner(settings, '0');
    this.settings = settings;
    return { state: this.planner.plan({ objects, blocks: this.mirror.blocks(), links: this.links, now: 0 }), settings };
  }

  private carryOut(command: string): void {
    const [, appearing] = /^interface (\S+) appears/.exec(command) ?? [];
    const [, vanishing] = /^ip link del (\S+)/.exec(command) ?? [];
    const [, name, way] = /^ip link set (\S+) (up|down)/.exec(command) ?? [];
    if (appearing !== undefined) this.links = [...this.links, recordedLink({ name: appearing }, this.links.length + 1)];
    if (vanishing !== undefined) this.links = this.links.filter((link) => link.name !== vanishing);
    if (name !== undefined) this.links = this.links.map((link) => (link.name === name ? { ...link, isUp: way === 'up' } : link));
    if (command.startsWith('Felix ')) this.isStopped = command.includes('SIGTERM');
    if (command.startsWith('etcd ')) this.isCutOff = command.includes('stopped');
  }
}

type Compared = Pick<RecordedState, 'routes' | 'neighbours' | 'fdb' | 'links' | 'files'>;

function compare(host: PlayedHost, recorded: Compared, when: string): void {
  const planned = host.plan();
  if (planned === undefined) return;
  const { state, settings } = planned;
  const routes = recorded.routes.map(recordedRoute);
  const strange = GRACE.has(when) ? routes.filter((route) => !state.routes!.has(routeKey(route)) && isOurRoute(route, settings)) : [];
  const devices = [...state.vxlan.values()].filter((device) => device !== undefined);
  expect(sorted(state.routes!.values()), when).to.deep.equal(sorted(routes.filter((route) => !strange.includes(route))));
  expect(sorted([...state.neighbours.values(), ...devices.flatMap((device) => device.neighbours)]), when).to.deep.equal(sorted(recordedNeighbours(recorded)));
  expect(sorted(devices.flatMap((device) => device.fdb)), when).to.deep.equal(sorted(recordedFdb(recorded)));
  expect(devices.map(({ name }) => name), when).to.deep.equal(Object.keys(recorded.links));
  expect(String(state.workloadMtu), when).to.equal(recorded.files['/var/lib/calico/mtu']);
}

describe('routes and devices of a host, one change after another', () => {
  for (const recording of sequenceRecordings().values()) {
    it(recording.about, () => {
      const host = new PlayedHost(recording);
      let recorded: Compared = recording.start;
      compare(host, recorded, 'at the start');
      for (const step of recording.steps) {
        host.take(step);
        recorded = { ...recorded, ...(step.changed as Partial<Compared>) };
        compare(host, recorded, step.about);
      }
    });
  }
});
