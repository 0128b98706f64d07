import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'mocha';
import { startEtcd, type Etcd } from '../../../scripts/support/etcd.js';
import { startUp } from '../../../src/agent/startup/startup.js';
import { runTunnels } from '../../../src/agent/tunnels/index.js';
import type { Store } from '../../../src/datastore/store.js';
import { connect } from '../../../src/datastore/etcd/connect.js';
import { HostOfData, logOf, type RecordedInterface } from '../../support/agent-host.js';
import { become, settingsFor, stored } from '../../support/datastore.js';

/** What the official programs did: environment, interfaces and store before, exit codes, complaints, store and files after. Values of keys by their place in a list. */
interface Recording {
  readonly name: string;
  readonly about: string;
  readonly hostname: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly interfaces: readonly RecordedInterface[];
  readonly before: Readonly<Record<string, number>>;
  readonly steps: readonly { readonly part: 'startup' | 'tunnel-addresses'; readonly exit: number | 'does not end'; readonly complaints: readonly string[] }[];
  readonly after: Readonly<Record<string, number>>;
  readonly files: Readonly<Record<string, string>>;
}

const { values, recordings } = JSON.parse(readFileSync(new URL('../../cases/dataplane/startup/recordings.json', import.meta.url), 'utf8')) as { values: string[]; recordings: Recording[] };

const textsOf = (store: Recording['before']): Map<string, string> => new Map(Object.entries(store).map(([key, at]) => [key, values[at]!]));

/** For how long a start must wait for a datastore that is not there. */
const WAITS_MS = 1200;

/** A value without what is new every time. */
function comparable(value: string): string {
  return value
    .replace(/"uid":"[0-9a-f-]{36}"/, '"uid":"@UID@"')
    .replace(/"creationTimestamp":"[^"]*"/, '"creationTimestamp":"@TIME@"')
    .replace(/"clusterGUID":"[0-9a-f]{32}"/, '"clusterGUID":"@GUID@"')
    .replace(/"cidr":"fd[0-9a-f:]+::\/48"/, '"cidr":"@ULA48@"')
    .replace(/"affinity_claim_time":"[^"]*"/, '"affinity_claim_time":"@TIME@"')
    .replace(/"sequenceNumber":("@RANDOM@"|\d{6,})/, '"sequenceNumber":"@RANDOM@"')
    .replace(/("sequenceNumberForAllocation":\{"\d+":)\d{6,}/, '$1"@RANDOM@"');
}

const identityOf = (value: string): string | undefined => /"uid":"[^"]*","creationTimestamp":"[^"]*"/.exec(value)?.[0];

describe('recorded starts of a node', () => {
  let etcd: Etcd;
  let store: Store;
  before(async () => {
    etcd = await startEtcd();
    store = await connect(settingsFor(etcd.endpoint), { timeoutMs: 60_000 });
  });
  after(async () => {
    store?.close();
    await etcd?.stop();
  });

  for (const recording of recordings) {
    it(`${recording.name}: ${recording.about}`, async () => {
      const before = textsOf(recording.before);
      await become(store, before);
      const host = new HostOfData(recording.hostname, recording.interfaces);
      const env = { ...recording.environment, ETCD_ENDPOINTS: recording.environment['ETCD_ENDPOINTS']!.replace('@ETCD@', etcd.endpoint) };
      for (const step of recording.steps) {
        const { code, lines } = await run(step.part, env, host);
        expect(code, lines.join('')).to.equal(step.exit);
        if (step.complaints.length > 0) expect(lines.join(''), step.complaints[0]).to.match(/\[(WARNING|ERROR)\]/);
      }
      const now = [...(await stored(store)).values()];
      expect(Object.fromEntries(now.map(({ key, value }) => [key, comparable(value)]))).to.deep.equal(Object.fromEntries([...textsOf(recording.after)].map(([key, value]) => [key, comparable(value)])));
      for (const { key, value } of now) if (before.has(key)) expect(identityOf(value), key).to.equal(identityOf(before.get(key)!));
      expect(Object.fromEntries(host.files)).to.deep.equal(recording.files);
    });
  }
});

async function run(part: Recording['steps'][number]['part'], env: Record<string, string>, host: HostOfData): Promise<{ code: number | 'does not end'; lines: string[] }> {
  const { log, lines } = logOf();
  const ending = new AbortController();
  const context = { env, log, host, signal: ending.signal, version: 'test', sources: { now: () => new Date(), uuid: randomUUID } };
  const running = part === 'startup' ? startUp(context) : runTunnels({ ...context, args: ['--once'] });
  if (!env['ETCD_ENDPOINTS']!.endsWith(':9')) return { code: await running, lines };
  const first = await Promise.race([running, new Promise<'does not end'>((resolve) => setTimeout(() => resolve('does not end'), WAITS_MS))]);
  ending.abort(new Error('SIGTERM'));
  expect(await running).to.equal(1);
  return { code: first, lines };
}
