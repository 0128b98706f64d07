import { expect } from 'chai';
import { describe, it } from 'mocha';
import { setLocked } from '../../src/changes/lock.js';
import { getWithTemplate, readTemplate } from '../../src/output/views/get/template.js';
import { parseIp } from '../../src/net/address.js';
import { assignAddress } from '../../src/ipam/operations/assign-address.js';
import { decodeBlock, encodeBlock, isUnreadable } from '../../src/ipam/records/block-codec.js';
import { assign } from '../../src/ipam/records/block.js';
import { goJson } from '../../src/go/json.js';
import { keyOf } from '../../src/resources/keys.js';
import type { Kind } from '../../src/resources/kind.js';
import { classicOf, STORED_KINDS } from '../../src/resources/registry.js';
import { changeSetting } from '../../src/settings/change.js';
import { findSetting } from '../../src/settings/setting.js';
import { printed, results, SOURCES, write } from '../support/changes.js';
import { MemoryStore } from '../support/memory-store.js';

const V3 = 'projectcalico.org/v3';
const LONG = [2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n)];
const BEYOND_INT64 = 2n ** 64n - 1n;

/** Specs that Calico takes, for kinds that need more than none. */
const SPECS: Readonly<Record<string, object>> = {
  BGPPeer: { peerIP: '10.0.0.9', asNumber: 64512 },
  GlobalNetworkPolicy: { tier: 'default', order: 3, types: ['Ingress'] },
  IPPool: { cidr: '10.0.0.0/16', vxlanMode: 'Never', ipipMode: 'Never', blockSize: 26, nodeSelector: 'all()', allowedUses: ['Workload', 'Tunnel'], assignmentMode: 'Automatic' },
  HostEndpoint: { node: 'n1', interfaceName: 'eth0' },
  Node: { bgp: { ipv4Address: '10.0.0.1/24' } },
  Profile: {},
  GlobalNetworkSet: { nets: ['10.0.0.0/8'] },
  FelixConfiguration: { bpfConnectTimeLoadBalancing: 'TCP' },
};

function storeWith(kind: string, generation: bigint, extra: object = {}): { readonly store: MemoryStore; readonly key: string; readonly stored: (typeof STORED_KINDS)[number] } {
  const stored = STORED_KINDS.find((each) => each.kind === kind);
  if (stored === undefined) throw new Error(kind);
  const name = kind === 'FelixConfiguration' ? 'default' : 'a';
  const metadata = { name, uid: '6a1b0f0e-1c2d-4e3f-8a9b-000000000000', generation, creationTimestamp: '2024-01-01T00:00:00Z', ...(kind === 'GlobalNetworkPolicy' ? { labels: { 'projectcalico.org/tier': 'default' } } : {}) };
  const key = keyOf(stored, name);
  return { store: new MemoryStore({ [key]: goJson({ kind, apiVersion: V3, metadata, spec: { ...SPECS[kind], ...extra } }) }), key, stored };
}

/** Whether a text has just this number. */
function has(text: string | undefined, number: bigint): boolean {
  return new RegExp(`(?<![\\d-])${number}(?!\\d)`).test(text ?? '');
}

describe('whole numbers beyond 2^53', () => {
  for (const kind of Object.keys(SPECS)) {
    it(`pass every view of a ${kind}, and what is made of it, unchanged`, async () => {
      for (const number of LONG) {
        const { store, key, stored } = storeWith(kind, number, { newer: BEYOND_INT64 });
        const views: readonly Kind[] = [stored, classicOf(stored)].filter((each) => each !== undefined);
        for (const view of views) {
          for (const format of ['yaml', 'json'] as const) {
            const text = await printed(store, view, format);
            expect(has(text, number) && has(text, BEYOND_INT64), `${view.dialect} ${format}: ${text}`).to.equal(true);
            for (const verb of ['apply', 'replace'] as const) {
              expect((await write(store, verb, { [`a.${format}`]: text })).plan.refused).to.deep.equal([]);
              expect(has(store.content()[key], number) && has(store.content()[key], BEYOND_INT64), `${verb} ${format}: ${String(store.content()[key])}`).to.equal(true);
            }
          }
        }
      }
    });

    it(`stay in the store when a ${kind} is changed`, async () => {
      for (const number of LONG) {
        const { store, key } = storeWith(kind, number, { newer: BEYOND_INT64 });
        const changed = { apiVersion: V3, kind, metadata: { name: kind === 'FelixConfiguration' ? 'default' : 'a', labels: { changed: 'yes' } }, spec: SPECS[kind] };
        expect(results(await write(store, 'apply', { 'a.yaml': changed })).map((line) => line.split(' ').at(-1))).to.deep.equal(['replaced']);
        expect(store.content()[key]).to.include('"changed":"yes"');
        expect(has(store.content()[key], number) && has(store.content()[key], BEYOND_INT64), store.content()[key]).to.equal(true);
      }
    });
  }

  it('are printed by templates', async () => {
    for (const number of LONG) {
      const { store, stored } = storeWith('Profile', number);
      let text = '';
      const template = readTemplate('{{range .}}{{range .Items}}{{if eq .ObjectMeta.Name "a"}}{{.ObjectMeta.Generation}}{{end}}{{end}}{{end}}');
      await getWithTemplate(store, [{ by: 'all', kind: stored, showNamespace: false }], template, {
        context: { globalAsNumber: '64512' },
        write: (piece) => void (text += piece),
      });
      expect(text).to.equal(String(number));
    }
  });

  it('stay when a setting or the lock is changed', async () => {
    const felix = storeWith('FelixConfiguration', LONG[0] as bigint);
    await changeSetting(felix.store, findSetting('LogSeverityScreen', 'felix'), { value: 'Debug' }, SOURCES);
    expect(felix.store.content()[felix.key]).to.include('Debug').and.to.include(String(LONG[0]));
    const key = '/calico/resources/v3/projectcalico.org/clusterinformations/default';
    const store = new MemoryStore({ [key]: goJson({ kind: 'ClusterInformation', apiVersion: V3, metadata: { name: 'default', generation: LONG[1] }, spec: { datastoreReady: true } }) });
    await setLocked(store, true, SOURCES);
    expect(store.content()[key]).to.include('"datastoreReady":false').and.to.include(String(LONG[1]));
  });

  it('are taken from manifests as they stand, and an order is the double that Go reads', async () => {
    const store = new MemoryStore();
    const endpoint = { apiVersion: V3, kind: 'Tier', metadata: { name: 't' }, spec: { order: 1 } };
    await write(store, 'create', { 'a.yaml': goJson(endpoint).replace('"order":1', '"order":9007199254740993') });
    expect(store.content()['/calico/resources/v3/projectcalico.org/tiers/t']).to.include('"order":9007199254740992');
  });
});

describe('the last sequence number of a block', () => {
  const text = (number: bigint): string => `{"cidr":"10.0.0.0/30","affinity":"host:n1","allocations":[null,null,null,null],"unallocated":[0,1,2,3],"attributes":[],"sequenceNumber":${number},"sequenceNumberForAllocation":{},"deleted":false}`;

  function read(number: bigint): Exclude<ReturnType<typeof decodeBlock>, { readonly problem: string }> {
    const block = decodeBlock(text(number));
    if (isUnreadable(block)) throw new Error(block.problem);
    return block;
  }

  it('is read and written', () => {
    expect(encodeBlock(read(BEYOND_INT64))).to.equal(text(BEYOND_INT64));
    expect(encodeBlock(assign(read(BEYOND_INT64 - 1n), [0], { handle: 'h', attributes: {} }))).to.include(`"sequenceNumber":${BEYOND_INT64},"sequenceNumberForAllocation":{"0":${BEYOND_INT64 - 1n}}`);
  });

  it('has none after it: the change is refused, and nothing is written', async () => {
    const pool = { kind: 'IPPool', apiVersion: V3, metadata: { name: 'a' }, spec: { ...SPECS['IPPool'], cidr: '10.0.0.0/16', blockSize: 30 } };
    const store = new MemoryStore({
      '/calico/resources/v3/projectcalico.org/ippools/a': goJson(pool),
      '/calico/resources/v3/projectcalico.org/nodes/n1': goJson({ kind: 'Node', apiVersion: V3, metadata: { name: 'n1' }, spec: {} }),
      '/calico/ipam/v2/assignment/ipv4/block/10.0.0.0-30': text(BEYOND_INT64),
      '/calico/ipam/v2/host/n1/ipv4/block/10.0.0.0-30': '{"state":"confirmed"}',
    });
    const before = store.content();
    const failure = await assignAddress(store, { ip: parseIp('10.0.0.1')!, host: 'n1', owner: { handle: 'h', attributes: {} } }).catch((error: unknown) => String(error));
    expect(failure).to.include('the block 10.0.0.0/30 can no longer be changed: its sequence number is the highest that a block can have');
    expect(store.content()).to.deep.equal(before);
  });
});
