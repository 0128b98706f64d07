import { expect } from 'chai';
import { parseQuantity } from '../../../src/cni/kubernetes/quantity.js';
import { qosOf } from '../../../src/cni/kubernetes/qos.js';

const ours = (fields: Record<string, string>): Record<string, string> => Object.fromEntries(Object.entries(fields).map(([name, value]) => [`qos.projectcalico.org/${name}`, value]));

describe('quantities of Kubernetes', () => {
  it('are read as whole numbers, rounded away from zero', () => {
    const read: Readonly<Record<string, bigint>> = { '0': 0n, '10': 10n, '1k': 1000n, '10M': 10_000_000n, '1.5Gi': 1_610_612_736n, '1e3': 1000n, '1E3': 1000n, '1.5e-1': 1n, '100m': 1n, '1001m': 2n, '-1.5': -2n, '+2': 2n, '.5': 1n, '5.': 5n, '1E': 10n ** 18n, '1Ei': 1n << 60n, '1n': 1n, '1u': 1n };
    expect(Object.keys(read).map((text) => [text, parseQuantity(text)])).to.deep.equal(Object.entries(read));
  });

  it('anything else is none', () => {
    for (const text of ['', '.', '-', '10Mb', '1 M', 'M', '1K', '1ki', '1e', '1e3M', '0x10', '1'.repeat(101)]) expect(parseQuantity(text), text).to.equal(undefined);
  });
});

describe('the limits of a pod', () => {
  it('none where there are no annotations', () => {
    expect(qosOf({ 'qos.projectcalico.org/other': '1' })).to.deep.equal({ controls: undefined, problems: [] });
  });

  it('all of them', () => {
    const every = { ingressBandwidth: '1M', ingressBurst: '2M', ingressPeakrate: '3M', ingressMinburst: '1500', egressBandwidth: '1k', egressBurst: '2k', egressPeakrate: '3k', egressMinburst: '1k', ingressPacketRate: '100', ingressPacketBurst: '10', egressPacketRate: '200', egressPacketBurst: '20', ingressMaxConnections: '7', egressMaxConnections: '8' };
    const { controls, problems } = qosOf(ours({ ...every, dscp: '20' }));
    expect(problems).to.deep.equal([]);
    expect(controls).to.deep.equal({ ...Object.fromEntries(Object.entries(every).map(([name, text]) => [name, Number(parseQuantity(text))])), dscp: 20 });
  });

  it('those of Kubernetes count where ours are not there, and bursts are filled in', () => {
    const kubernetes = { 'kubernetes.io/ingress-bandwidth': '1M', 'kubernetes.io/egress-bandwidth': '2M' };
    expect(qosOf(kubernetes).controls).to.deep.equal({ ingressBandwidth: 1_000_000, ingressBurst: 4_294_967_296, egressBandwidth: 2_000_000, egressBurst: 4_294_967_296 });
    expect(qosOf({ ...kubernetes, ...ours({ egressBandwidth: '3M', egressPacketRate: '9' }) }).controls).to.include({ ingressBandwidth: 1_000_000, egressBandwidth: 3_000_000, egressPacketBurst: 5 });
  });

  it('what is out of range counts as the nearest end, and it is said', () => {
    const { controls, problems } = qosOf(ours({ ingressBandwidth: '1', egressPacketRate: '1G', dscp: 'AF11' }));
    expect(controls).to.include({ ingressBandwidth: 1000, egressPacketRate: 10_000, dscp: 'AF11' });
    expect(problems).to.deep.equal([
      'the annotation qos.projectcalico.org/ingressBandwidth is "1", and the least that can be is 1000; that counts',
      'the annotation qos.projectcalico.org/egressPacketRate is "1G", and the most that can be is 10000; that counts',
    ]);
  });

  it('what means nothing by itself is left aside, and it is said', () => {
    const { controls, problems } = qosOf(ours({ ingressBurst: '1M', ingressMinburst: '1k', egressBandwidth: '2M', egressPeakrate: '1M', egressMinburst: '1k', ingressPacketBurst: '3', egressMaxConnections: 'x', dscp: '64' }));
    expect(controls).to.deep.equal({ egressBandwidth: 2_000_000, egressBurst: 4_294_967_296 });
    expect(problems).to.deep.equal([
      'the annotation qos.projectcalico.org/egressMaxConnections is "x", which is not a quantity such as 10M; it is left aside',
      'ingressBurst means nothing without ingressBandwidth; it is left aside',
      'ingressMinburst means nothing without ingressPeakrate; it is left aside',
      'ingressPacketBurst means nothing without ingressPacketRate; it is left aside',
      'egressPeakrate means nothing without a lower egressBandwidth; it is left aside',
      'egressMinburst means nothing without egressPeakrate; it is left aside',
      'the annotation qos.projectcalico.org/dscp is "64", which is neither a number from 0 to 63 nor a name such as AF11; it is left aside',
    ]);
  });
});
