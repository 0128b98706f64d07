import { expect } from 'chai';
import { after, before, it } from 'mocha';
import { ifbName } from '../../../src/dataplane/host/shaping.js';
import { Scene, workload } from '../../dataplane/host/scene.js';
import { describeAsRoot } from '../../support/root.js';
import { AppliedHost } from './applied-host.js';

interface ShownQdisc {
  readonly kind: string;
  readonly handle: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** As recorded of Felix: what it makes of 1 and 2 Mbit/s without a burst of their own. */
const ONE_MEGABIT = { rate: 125_000, burst: 34_359_738, lat: 34_084_860_454 };
const TWO_MEGABITS = { rate: 250_000, burst: 68_719_476, lat: 16_904_991_274 };
const IFB = ifbName('calia');

describeAsRoot('bandwidth', () => {
  let host: AppliedHost;
  before(async () => {
    host = await AppliedHost.start(new Scene());
    await host.addPair('calia');
  });
  after(() => host.host.stop());

  const shape = (qosControls: Record<string, number>): unknown => host.scene.with(workload('a', { ipNetworks: ['10.1.0.5'], qosControls }));
  const qdiscs = async (device: string): Promise<readonly ShownQdisc[]> => (await host.json<ShownQdisc[]>(`tc -json qdisc show dev ${device}`)).filter(({ kind }) => kind !== 'noqueue');
  const buckets = async (): Promise<readonly unknown[]> => [(await qdiscs('calia')).find(({ kind }) => kind === 'tbf')?.options, (await qdiscs(IFB).catch(() => []))[0]?.options];

  it('is limited as Felix does it, in both directions', async () => {
    shape({ ingressBandwidth: 1_000_000, ingressBurst: 4_294_967_296, egressBandwidth: 2_000_000, egressBurst: 4_294_967_296 });
    expect((await host.apply()).failures).to.deep.equal([]);
    expect(IFB).to.match(/^bwcali[0-9a-f]{9}$/);
    expect(await buckets()).to.deep.equal([ONE_MEGABIT, TWO_MEGABITS]);
    expect((await qdiscs('calia')).map(({ kind, handle }) => `${kind} ${handle}`)).to.deep.equal(['tbf 1:', 'ingress ffff:']);
    const filter = await host.host.do('tc filter show dev calia ingress');
    expect(filter).to.include('match 00000000/00000000 at 0').and.include(`mirred (Egress Redirect to device ${IFB}) stolen`).and.include('pref 1 u32');
    expect(await host.host.do(`ip -brief link show dev ${IFB}`)).to.match(/UP,LOWER_UP/);
  });

  it('changes with the endpoint, and nothing runs while it is the same', async () => {
    shape({ ingressBandwidth: 80_000_000, ingressBurst: 8_000_000, egressBandwidth: 2_000_000 });
    expect((await host.apply()).failures).to.deep.equal([]);
    expect(await buckets()).to.deep.equal([{ rate: 10_000_000, burst: 1_000_000, lat: 81_250 }, TWO_MEGABITS]);
    host.ran.length = 0;
    await host.apply();
    expect(host.ran).to.deep.equal([]);
  });

  it('is repaired', async () => {
    await host.host.do('tc qdisc del dev calia root', 'tc qdisc del dev calia ingress');
    host.applier.refresh();
    expect((await host.apply()).failures).to.deep.equal([]);
    expect((await qdiscs('calia')).map(({ kind }) => kind)).to.deep.equal(['tbf', 'ingress']);
    expect(await host.host.do('tc filter show dev calia ingress')).to.include(IFB);
    await host.host.do(`ip link del ${IFB}`);
    host.applier.refresh();
    expect((await host.apply()).failures).to.deep.equal([]);
    expect((await buckets())[1]).to.deep.equal(TWO_MEGABITS);
    expect((await host.host.do('tc filter show dev calia ingress')).match(/mirred/g)).to.have.length(1);
  });

  it('with a peak rate', async () => {
    shape({ ingressBandwidth: 80_000_000, ingressBurst: 8_000_000, ingressPeakrate: 160_000_000 });
    expect((await host.apply()).failures).to.deep.equal([]);
    expect(await host.host.do('tc qdisc show dev calia')).to.match(/^qdisc tbf 1: root .*rate 80Mbit burst 1000000b peakrate 160Mbit minburst \d+b/);
  });

  it('is free again when nothing limits it, after another start, and when the interface is gone', async () => {
    shape({ ingressBandwidth: 1_000_000, egressBandwidth: 1_000_000 });
    expect((await host.apply()).failures).to.deep.equal([]);
    shape({});
    host.restart();
    expect((await host.apply()).failures).to.deep.equal([]);
    expect([await qdiscs('calia'), (await host.host.do('ip -brief link show')).includes('bwcali')]).to.deep.equal([[], false]);
    shape({ egressBandwidth: 1_000_000 });
    await host.apply();
    await host.host.do('ip link del calia');
    expect((await host.apply()).failures).to.deep.equal([]);
    expect((await host.host.do('ip -brief link show')).includes('bwcali')).to.equal(false);
    await host.host.do('ip link add bwcali123456789 type ifb');
    host.restart();
    expect((await host.apply()).failures).to.deep.equal([]);
    expect((await host.host.do('ip -brief link show')).includes('bwcali')).to.equal(false);
  });
});
