import { Mirror } from '../../../src/agent/sync/mirror.js';
import { globalSettings } from '../../../src/dataplane/host/interface-settings.js';
import { HostPlanner } from '../../../src/dataplane/host/planner.js';
import type { FdbEntry, HostState, Neighbour, Route, VxlanDevice } from '../../../src/dataplane/host/state.js';
import type { Settings } from '../../../src/dataplane/settings/settings.js';
import { recordedLinks, recordedSettings, type FelixRecording, type RecordedState, type StoreContent } from '../../support/recordings.js';

/** A store as the agent's sync hands it on. */
export function mirrorOf(store: StoreContent): Mirror {
  const mirror = new Mirror(() => undefined);
  for (const [key, value] of Object.entries(store)) mirror.put({ key, value, modRevision: '1' });
  return mirror;
}

/** What the planner makes of a recorded host. */
export function planned(recording: FelixRecording): { readonly state: HostState; readonly global: ReturnType<typeof globalSettings>; readonly settings: Settings } {
  const mirror = mirrorOf(recording.store);
  const settings = recordedSettings(recording, mirror.objects());
  const planner = new HostPlanner(settings, sourceCheckOf(recording));
  const state = planner.plan({ objects: mirror.objects(), blocks: mirror.blocks(), links: recordedLinks(recording), now: 0 });
  return { state, global: globalSettings(settings), settings };
}

function sourceCheckOf({ prepare = [] }: FelixRecording): string {
  return /echo (\d) > \/proc\/sys\/net\/ipv4\/conf\/default\/rp_filter/.exec(prepare.join('; '))?.[1] ?? '0';
}

/** A recorded route as the planner has it. */
export function recordedRoute(recorded: Readonly<Record<string, unknown>>): Route {
  const { family, type, dst, gateway, dev, protocol, scope, metric = 0, prefsrc, flags = [], metrics = [] } = recorded as unknown as RecordedRoute;
  return {
    family, type, gateway, scope, metric,
    destination: dst.includes('/') ? dst : `${dst}/${family === 4 ? 32 : 128}`,
    device: type === 'blackhole' ? undefined : dev,
    isOnLink: flags.includes('onlink'),
    protocol: PROTOCOLS[protocol] ?? Number(protocol), source: prefsrc, mtu: metrics[0]?.mtu,
  };
}

const PROTOCOLS: Readonly<Record<string, number>> = { boot: 3, static: 4, openr: 99 };

interface RecordedRoute extends Pick<Route, 'family' | 'type' | 'gateway' | 'scope'> {
  readonly dst: string;
  readonly dev?: string;
  readonly protocol: string;
  readonly metric?: number;
  readonly prefsrc?: string;
  readonly flags?: readonly string[];
  readonly metrics?: readonly { readonly mtu?: number }[];
}

export function recordedNeighbours({ neighbours }: Pick<RecordedState, 'neighbours'>): readonly Neighbour[] {
  return neighbours.map(({ family, dev, dst, lladdr }) => ({ family, device: dev, address: dst, mac: lladdr }) as Neighbour);
}

export function recordedFdb({ fdb }: Pick<RecordedState, 'fdb'>): readonly FdbEntry[] {
  return fdb.map(({ dev, mac, dst }) => ({ device: dev, mac, destination: dst }) as FdbEntry);
}

/** Values without what is undefined, sorted, to be compared. */
export function sorted(values: Iterable<Route | Neighbour | FdbEntry>): readonly string[] {
  return [...values].map((each) => JSON.stringify(each, Object.keys(each).sort())).sort();
}

/** A VXLAN device as the recordings have it. */
export function recordedDevice({ family, mtu, mac, address, vni, local, parent, port }: VxlanDevice): Readonly<Record<string, unknown>> {
  return { kind: 'vxlan', mtu, mac, addresses: [address], id: vni, local, parent, port, family };
}
