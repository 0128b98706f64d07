import { expect } from 'chai';
import { describe, it } from 'mocha';
import { Directory } from '../../src/insight/directory.js';
import type { EndGroup } from '../../src/insight/ends.js';
import { exposureOf, type Exposed } from '../../src/insight/exposure.js';
import { formatIp } from '../../src/net/address.js';
import { exposureText } from '../../src/output/views/policy/exposure.js';
import { compile } from '../../src/policy/compile.js';
import { evaluate } from '../../src/policy/evaluate.js';
import { packetOf, type Flow } from '../../src/policy/flow.js';
import type { Model } from '../../src/policy/model.js';
import type { Address } from '../../src/policy/packet.js';
import type { StoredObject } from '../../src/resources/kind.js';
import { HOSTS, randomFlow, randomNetwork } from '../support/policy/random-network.js';
import { Random } from '../support/policy/random.js';

const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);

describe('what is exposed, against evaluate', () => {
  it(`each example is allowed, and what is allowed from outside, or from another namespace, is in a row (SEED=${SEED})`, () => {
    const allowed = { outside: 0, namespaces: 0 };
    for (let seed = SEED; seed < SEED + 12; seed++) {
      const random = new Random(seed);
      const objects = randomNetwork(random);
      const model = compile(objects, HOSTS);
      const exposure = exposureOf(model, new Directory(objects, 'v3'));
      for (const { example: { flow } } of [...exposure.fromOutside, ...(exposure.fromOtherNamespaces ?? [])]) expect(evaluate(model, flow).verdict, `seed ${seed} ${JSON.stringify(flow)}`).to.equal('allow');
      for (const flow of flowsOf(random, model)) {
        const { source, destination } = packetOf(model, flow);
        const rows = rowsFor(exposure, source, destination);
        if (rows === undefined || evaluate(model, flow).verdict === 'deny') continue;
        allowed[source.place === undefined ? 'outside' : 'namespaces']++;
        expect(rows.filter((row) => isAmong(row.from, source) && isAmong(row.to, destination)).length, `seed ${seed} ${JSON.stringify(flow)}`).to.be.greaterThan(0);
      }
      expect(exposureText(exposure).split('\n').filter((line) => line.length > 80), `seed ${seed}`).to.deep.equal([]);
    }
    // Few random networks let anything from one namespace into another: test/cases/cli/policy-exposure.txt has one.
    expect(allowed.outside).to.be.greaterThan(0);
  });

  it('compares no namespaces where that would take too long, and says so', () => {
    const objects = Array.from({ length: 700 }, (_, at): readonly StoredObject[] => [
      { kind: 'WorkloadEndpoint', apiVersion: 'projectcalico.org/v3', metadata: { name: `w${at}`, namespace: `ns${at % 3}`, labels: { app: `a${at}` } }, spec: { node: 'n', interfaceName: `cali${at}`, ipNetworks: [`10.65.${at >> 8}.${at & 255}/32`] } },
      { kind: 'GlobalNetworkPolicy', apiVersion: 'projectcalico.org/v3', metadata: { name: `p${at}` }, spec: { selector: `app == 'a${at}'`, types: ['Ingress'] } },
    ]).flat();
    const exposure = exposureOf(compile(objects), new Directory(objects, 'v3'));
    expect(exposure).to.deep.include({ fromOtherNamespaces: undefined, kinds: 700 });
    const text = exposureText({ ...exposure, openHosts: Array.from({ length: 9 }, (_, at) => `host-with-a-rather-long-name-${at}`) });
    expect(text).to.include('policies tell 700 kinds of workloads apart');
    expect(text.split('\n').filter((line) => line.length > 80)).to.deep.equal([]);
  });

  it('has no row for whom nothing gets to', () => {
    for (let seed = SEED; seed < SEED + 6; seed++) {
      const random = new Random(seed);
      const objects = randomNetwork(random);
      const model = compile(objects, HOSTS);
      const exposure = exposureOf(model, new Directory(objects, 'v3'));
      const told = new Set(exposure.fromOutside.flatMap(({ to }) => to.endpoints.map(({ id }) => id)));
      for (const flow of flowsOf(random, model)) {
        const { source, destination: { place } } = packetOf(model, flow);
        if (source.place !== undefined || place?.gate.kind !== 'workload' || place.gate.endpoint === undefined || told.has(place.gate.endpoint.id)) continue;
        expect(evaluate(model, flow).verdict, `seed ${seed} ${JSON.stringify(flow)}`).to.equal('deny');
      }
    }
  });
});

/** Flows that come to an endpoint: those that are random, and more to endpoints. */
function flowsOf(random: Random, model: Model): readonly Flow[] {
  const addresses = model.parts.endpoints.filter(({ kind }) => kind === 'workload').flatMap(({ nets }) => nets.map(({ address }) => formatIp(address)));
  const flows = random.times(150, () => randomFlow(random)).filter(({ via, from, to }) => via === undefined && from === undefined && to === undefined);
  const alike = (text: string): readonly string[] => addresses.filter((each) => each.includes(':') === text.includes(':') && each !== text);
  return flows.flatMap((flow) => [flow, ...alike(flow.src).slice(0, 4).flatMap((dst) => [{ ...flow, dst }, ...alike(dst).slice(-3).map((src) => ({ ...flow, src, dst }))])]);
}

/** The rows in which a flow has to be if it is allowed; undefined where it is none of those that are asked about. */
function rowsFor({ fromOutside, fromOtherNamespaces }: ReturnType<typeof exposureOf>, source: Address, destination: Address): readonly Exposed[] | undefined {
  if (destination.place === undefined) return undefined;
  if (source.place === undefined) return fromOutside;
  const [own, other] = [source, destination].map(({ place }) => (place?.gate.kind === 'workload' ? place.gate.endpoint?.id.split('/')[0] : undefined));
  return own === undefined || other === undefined || own === other ? undefined : fromOtherNamespaces;
}

function isAmong({ endpoints, hosts, sets, others }: EndGroup, { place, objects }: Address): boolean {
  if (place?.gate.kind === 'workload') return endpoints.some(({ id }) => id === (place.gate.kind === 'workload' ? place.gate.endpoint?.id : undefined));
  if (place !== undefined) return hosts.includes(place.node);
  return others || sets.some(({ id }) => objects.some((each) => each.id === id));
}
