import { expect } from 'chai';
import { describe, it } from 'mocha';
import { routeOf, type EndAddress } from '../../src/insight/alike.js';
import { Connections } from '../../src/insight/graph/connections.js';
import { groupingOf, groupsOf, usualGrouping } from '../../src/insight/graph/groups.js';
import type { End } from '../../src/insight/end.js';
import { containsIp, formatIp, parseIp, type Ip } from '../../src/net/address.js';
import { compile } from '../../src/policy/compile.js';
import { evaluate } from '../../src/policy/evaluate.js';
import { holdsPacket } from '../../src/policy/packet-set.js';
import { HOSTS, randomNetwork } from '../support/policy/random-network.js';
import { ADDRESSES } from '../support/policy/random-rule.js';
import { Random } from '../support/policy/random.js';

const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const FLOWS = [{ protocol: 'tcp', sport: 40_000, dport: 80 }, { protocol: 'udp', sport: 40_000, dport: 53 }, { protocol: 47 }] as const;

/** Of a set those that are in it among the addresses that something is known of. */
function addressesOf({ nets, addresses }: End): readonly Ip[] {
  if (nets === undefined) return addresses.filter(({ version }) => version === 4);
  return ADDRESSES[0]!.map((text) => parseIp(text)!).filter((ip) => nets.some((net) => containsIp(net, ip)));
}

describe('who may talk to whom, against evaluate', () => {
  it(`a group may send what one of its members may, and all may send what each may (SEED=${SEED})`, () => {
    let compared = 0;
    for (let at = SEED; at < SEED + 12; at++) {
      const resources = randomNetwork(new Random(at));
      const model = compile(resources, HOSTS);
      const grouping = at % 2 === 0 ? usualGrouping(model, resources) : groupingOf(['namespace'], model);
      const groups = groupsOf(model, resources, grouping, 'v3');
      const connections = new Connections(model, groups).among(groups);
      const endpoints = groups.filter(({ kind }) => kind === 'workload' || kind === 'host' || kind === 'set');
      for (const from of endpoints) {
        for (const to of endpoints.filter(({ kind }) => kind !== 'set' || from.kind !== 'set')) {
          const hasSet = from.kind === 'set' || to.kind === 'set';
          const passing = connections.find((each) => each.from === from && each.to === to)?.passing.find(({ version }) => version === 4);
          for (const flow of FLOWS) {
            const verdicts = from.ends.flatMap((sender) => to.ends.flatMap((receiver) => {
              const [source, destination] = [sender, receiver].map((end): EndAddress[] => addressesOf(end).map((ip) => ({ end, ip, text: formatIp(ip), node: undefined }))) as [EndAddress[], EndAddress[]];
              return source.flatMap((one) => destination.filter(({ text }) => text !== one.text).map((other) => evaluate(model, { ...routeOf({ from: one, to: other }), ...flow })));
            }));
            if (verdicts.length === 0) continue;
            compared++;
            const { packet } = verdicts[0]!;
            const note = `seed ${at} ${JSON.stringify([from.shared, to.shared, flow])}`;
            // What no workload may send is no line of its own, and takes nothing from one that says everything.
            if (verdicts.some(({ by }) => by === 'encapsulation')) continue;
            const [some, all] = [passing?.some ?? [], passing?.all ?? []].map((packets) => holdsPacket(packets, packet));
            const [isAny, isEvery] = [verdicts.some(({ verdict }) => verdict === 'allow'), verdicts.every(({ verdict }) => verdict === 'allow')];
            // Of a set not every address is tried.
            if (!hasSet || isAny) expect(some, note).to.equal(isAny);
            if (!hasSet || !isEvery) expect(all, note).to.equal(isEvery);
          }
        }
      }
    }
    expect(compared).to.be.greaterThan(100);
  });

  it('knows labels, namespaces and profiles, and nothing else', () => {
    const resources = randomNetwork(new Random(7));
    const model = compile(resources, HOSTS);
    expect(groupingOf(['app', 'host'], model)).to.deep.equal({ by: 'labels', keys: ['app', 'host'] });
    expect(groupingOf(['profile'], model)).to.deep.equal({ by: 'profiles' });
    expect(() => groupingOf(['nobody'], model)).to.throw('no endpoint and no network set has the label nobody');
    for (const { kind, ends } of groupsOf(model, resources, { by: 'profiles' }, 'v3').slice(0, -1)) expect(ends.length, kind).to.be.greaterThan(0);
  });
});
