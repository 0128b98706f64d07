import { expect } from 'chai';
import { describe, it } from 'mocha';
import { Directory } from '../../src/insight/directory.js';
import { flowChanges } from '../../src/insight/flow-changes.js';
import { flowChangesText } from '../../src/output/views/policy/flow-changes.js';
import { compile } from '../../src/policy/compile.js';
import { evaluate } from '../../src/policy/evaluate.js';
import { packetOf } from '../../src/policy/flow.js';
import type { Model } from '../../src/policy/model.js';
import type { EndGroup } from '../../src/insight/ends.js';
import type { Address } from '../../src/policy/packet.js';
import { HOSTS, randomFlow, randomNetwork } from '../support/policy/random-network.js';
import { Random } from '../support/policy/random.js';

const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);

describe('rows of changed flows, against evaluate', () => {
  it(`each example changes as its row says, and each changed flow is between the ends of a row (SEED=${SEED})`, () => {
    let changed = 0;
    for (let seed = SEED; seed < SEED + 12 || (changed === 0 && seed < SEED + 200); seed++) {
      const random = new Random(seed);
      const objects = randomNetwork(random);
      // The second half of the policies is gone.
      const models = [compile(objects, HOSTS), compile(objects.filter(({ kind }, at) => !kind.endsWith('Policy') || at % 2 === 0), HOSTS)] as const;
      const directory = new Directory(objects, 'v3');
      const rows = flowChanges(...models, directory);
      for (const { before, after, example: { flow } } of rows) expect(models.map((model) => evaluate(model, flow).verdict), `seed ${seed} ${JSON.stringify(flow)}`).to.deep.equal([before, after]);
      for (const flow of random.times(80, () => randomFlow(random))) {
        const [before, after] = models.map((model) => evaluate(model, flow).verdict);
        if (before === after) continue;
        changed++;
        const { source, destination } = packetOf(models[1], flow);
        const found = rows.filter((row) => row.before === before && row.after === after && isAmong(row.from, source) && isAmong(row.to, destination));
        expect(found.length, `seed ${seed} ${JSON.stringify(flow)}`).to.be.greaterThan(0);
      }
      expect(flowChangesText(rows, directory).split('\n').filter((line) => line.length > 80), `seed ${seed}`).to.deep.equal([]);
    }
    expect(changed).to.be.greaterThan(0);
  });

  it('names ten thousand that change in a few lines', () => {
    const objects = (count: number, port: number): ReturnType<typeof randomNetwork> => [
      ...Array.from({ length: count }, (_, at) => workload(at)),
      { kind: 'GlobalNetworkPolicy', apiVersion: 'projectcalico.org/v3', metadata: { name: 'web' }, spec: { selector: "app == 'web'", types: ['Ingress'], ingress: [{ action: 'Allow', protocol: 'TCP', destination: { ports: [port] } }] } },
    ];
    const models: readonly Model[] = [80, 443].map((port) => compile(objects(10_000, port)));
    const directory = new Directory(objects(10_000, 443), 'v1');
    const lines = flowChangesText(flowChanges(models[0]!, models[1]!, directory), directory).trimEnd().split('\n');
    expect(lines).to.deep.equal([
      'FROM                    TO       PACKETS  BEFORE  AFTER  BY',
      'all workloads; other    app=web  tcp 443  deny    allow  ingress rule 1 of',
      'addresses                                                policy/web',
      '  e.g. 1.0.0.0 -> ns-0/pod-0, tcp port 443',
      'all workloads; other    app=web  tcp 80   allow   deny   end of tier default',
      'addresses',
      '  e.g. 1.0.0.0 -> ns-0/pod-0, tcp port 80',
    ]);
  });
});

function workload(at: number): ReturnType<typeof randomNetwork>[number] {
  const namespace = `ns-${at % 10}`;
  const spec = { orchestrator: 'k8s', node: `n${at % 100}`, pod: `pod-${at}`, endpoint: 'eth0', interfaceName: `cali${at}`, ipNetworks: [`10.65.${at >> 8}.${at & 255}/32`], profiles: ['projectcalico-default-allow'] };
  return { kind: 'WorkloadEndpoint', apiVersion: 'projectcalico.org/v3', metadata: { name: `w${at}`, namespace, labels: { app: at % 4 === 0 ? 'web' : 'db', 'projectcalico.org/namespace': namespace } }, spec };
}

/** Whether an address is of one of a group. */
function isAmong({ endpoints, hosts, sets, others }: EndGroup, { objects, place }: Address): boolean {
  if (place?.gate.kind === 'workload') return endpoints.some(({ id }) => objects.some((each) => each.id === id));
  if (place !== undefined) return hosts.includes(place.node);
  return objects.some(({ kind }) => kind === 'set') ? sets.some(({ id }) => objects.some((each) => each.id === id)) : others;
}
