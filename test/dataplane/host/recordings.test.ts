import { expect } from 'chai';
import { describe, it } from 'mocha';
import { isOurRoute } from '../../../src/dataplane/host/ownership.js';
import { burstFor } from '../../../src/dataplane/host/shaping.js';
import { routeKey, type HostState, type KernelSetting, type Shaping } from '../../../src/dataplane/host/state.js';
import { felixRecordings, type RecordedState } from '../../support/recordings.js';
import { planned, recordedDevice, recordedFdb, recordedNeighbours, recordedRoute, sorted } from './recorded-host.js';

/** Felix programmed nothing there: it waited, or ended itself before. */
const IDLE = new Set(['empty-store', 'not-ready', 'invalid-action']);

interface RecordedLink {
  readonly kind: string;
  readonly mtu: number;
  readonly mac: string;
  readonly addresses: readonly string[];
  readonly data: Readonly<Record<string, unknown>>;
  readonly qdisc?: RecordedQdisc;
}

interface RecordedQdisc {
  readonly qdiscs: readonly { readonly kind: string; readonly options: { readonly rate: number; readonly burst: number; readonly lat: number } }[];
}

describe('what Felix put into the kernel besides netfilter', () => {
  for (const [name, recording] of felixRecordings()) {
    if (IDLE.has(name)) continue;
    it(name, () => {
      const { state, global, settings } = planned(recording);
      const { result } = recording;
      const recorded = result.routes.map(recordedRoute);
      const strange = recorded.filter((route) => !state.routes!.has(routeKey(route)));
      expect(sorted(state.routes!.values())).to.deep.equal(sorted(recorded.filter((route) => !strange.includes(route))));
      // On a new interface Felix leaves them for a while.
      expect(strange.filter((route) => isOurRoute(route, settings)).map(({ device }) => device)).to.deep.equal(name === 'unknown-interface' ? ['cali0ef24b2'] : []);
      expectNeighbours(state, result);
      expectDevices(state, result);
      expectSettings([...global, ...[...state.settings.values()].flat()], new Set(state.settings.keys()), result);
      const addresses = Object.entries(result.interface_addresses ?? {}).filter(([, list]) => list.length > 0);
      expect(Object.fromEntries(state.addresses)).to.deep.equal(Object.fromEntries(addresses));
      expect(String(state.workloadMtu)).to.equal(result.files['/var/lib/calico/mtu']);
      expectShaping(state, result);
    });
  }
});

function expectNeighbours(state: HostState, recorded: RecordedState): void {
  const devices = [...state.vxlan.values()].filter((device) => device !== undefined);
  expect(sorted([...state.neighbours.values(), ...devices.flatMap((device) => device.neighbours)])).to.deep.equal(sorted(recordedNeighbours(recorded)));
  expect(sorted(devices.flatMap((device) => device.fdb))).to.deep.equal(sorted(recordedFdb(recorded)));
}

function expectDevices(state: HostState, { links }: RecordedState): void {
  const recorded = Object.entries(links as Readonly<Record<string, RecordedLink>>).filter(([, { kind }]) => kind === 'vxlan').map(([name, { kind, mtu, mac, addresses, data }]) =>
    [name, { kind, mtu, mac, addresses, id: data['id'], local: data['local'] ?? data['local6'], parent: data['link'], port: data['port'], family: data['local'] === undefined ? 6 : 4 }]);
  const made = [...state.vxlan.values()].flatMap((device) => (device === undefined ? [] : [[device.name, recordedDevice(device)]]));
  expect(Object.fromEntries(made)).to.deep.equal(Object.fromEntries(recorded));
}

/** The recorded ones are those that changed: ours hold all of them but those that the kernel derives from others. */
function expectSettings(written: readonly KernelSetting[], programmed: ReadonlySet<string>, { sysctls = {}, interface_sysctls: perInterface }: RecordedState): void {
  const values = new Map(written.map(({ path, value }) => [path, value]));
  for (const [path, value] of Object.entries(sysctls)) {
    const [, device = ''] = /^net\/ipv[46]\/conf\/([^/]+)\/(?:forwarding|accept_redirects)$/.exec(path) ?? [];
    if (device === '' || programmed.has(device)) expect([path, values.get(path)]).to.deep.equal([path, value]);
  }
  for (const [name, settings] of Object.entries(perInterface)) {
    const recorded = Object.entries(settings).map(([pattern, value]) => [pattern.replace('*', name), value] as const);
    if (programmed.has(name)) expect(recorded.filter(([path]) => values.has(path)).map(([path]) => [path, values.get(path)])).to.deep.equal(recorded.filter(([path]) => values.has(path)));
  }
  const changed = written.filter(({ path }) => path.endsWith('/proxy_arp')).map(({ path }) => path);
  expect(changed.sort()).to.deep.equal(Object.keys(sysctls).filter((path) => path.endsWith('/proxy_arp')).sort());
}

function expectShaping(state: HostState, { qdiscs, links }: RecordedState): void {
  const recorded = Object.entries((qdiscs ?? {}) as Readonly<Record<string, RecordedQdisc>>).filter(([, { qdiscs: list }]) => list.length > 0);
  expect([...state.shaping.keys()].sort()).to.deep.equal(recorded.map(([device]) => device).sort());
  for (const [device, qdisc] of recorded) {
    const { ingress, egress } = state.shaping.get(device)!;
    expectBucket(ingress, qdisc);
    if (egress !== undefined) expectBucket(egress.bucket, (links as Readonly<Record<string, RecordedLink>>)[egress.ifb]!.qdisc!);
  }
}

/** Compares with what tc prints of a bucket that it made of our burst and limit. */
function expectBucket(bucket: Shaping['ingress'], { qdiscs }: RecordedQdisc): void {
  const tbf = qdiscs.find(({ kind }) => kind === 'tbf');
  expect(bucket === undefined).to.equal(tbf === undefined);
  if (bucket === undefined || tbf === undefined) return;
  const ticks = Math.floor((burstFor(bucket) / bucket.rate) * 15_625_000) % 2 ** 32;
  const microseconds = Math.floor(ticks / 15.625);
  const burst = Math.floor((bucket.rate * microseconds) / 1_000_000);
  expect({ rate: bucket.rate, burst, lat: Math.round((bucket.limit / bucket.rate) * 1_000_000) - microseconds }).to.deep.equal(tbf.options);
}
