import { expect } from 'chai';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEtcd, type Etcd } from '../../../scripts/support/etcd.js';
import { eventually } from '../../../scripts/support/wait.js';
import { Dataplane, type KernelProgrammer } from '../../../src/agent/dataplane/dataplane.js';
import type { Programmed, View } from '../../../src/agent/dataplane/programmer.js';
import { Log } from '../../../src/text/log.js';
import { settingsOfEnvironment } from '../../../src/dataplane/settings/local.js';
import { settingsFor, withStore } from '../../support/datastore.js';

const R = '/calico/resources/v3/projectcalico.org';
const READY = { [`${R}/clusterinformations/default`]: text('ClusterInformation', 'default', { datastoreReady: true }) };

function text(kind: string, name: string, spec: object): string {
  return JSON.stringify({ kind, apiVersion: 'projectcalico.org/v3', metadata: { name }, spec });
}

/** From now on `ip` takes half a second to begin. Returns what undoes that. */
function slowIp(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'calicoctl-slow-ip-'));
  const path = process.env['PATH'] ?? '';
  writeFileSync(join(folder, 'ip'), `#!/bin/sh\nsleep 0.5\nPATH='${path}' exec ip "$@"\n`, { mode: 0o755 });
  process.env['PATH'] = `${folder}:${path}`;
  return () => {
    process.env['PATH'] = path;
    rmSync(folder, { recursive: true });
  };
}

/** One life of a dataplane on a host that is not there. */
class Life implements KernelProgrammer {
  readonly views: View[] = [];
  readonly lines: string[] = [];
  readonly asked = new AbortController();
  hangUp: () => void = () => undefined;
  troubles: Programmed['troubles'] = [];
  failures: Programmed['failures'] = [];
  readonly ended: Promise<number>;

  constructor(etcd: Etcd, private readonly port: number) {
    const env = { ETCD_ENDPOINTS: etcd.endpoint, FELIX_HEALTHENABLED: 'true', FELIX_HEALTHPORT: String(port), FELIX_ENDPOINTSTATUSPATHPREFIX: 'none', FELIX_ENDPOINTREPORTINGENABLED: 'true', FELIX_ENDPOINTREPORTINGDELAYSECS: '0.05', FELIX_REPORTINGINTERVALSECS: 'none' };
    const context = { args: [], env, log: new Log((line) => this.lines.push(line), 'test', 1), print: () => undefined, signal: this.asked.signal, on: (signal: string, listener: () => void) => signal === 'SIGHUP' && (this.hangUp = listener), version: 'test' };
    this.ended = new Dataplane({ context, node: 'n1', local: [settingsOfEnvironment(env)], programmer: async () => this, writeMtu: async () => undefined, endingMs: 300 }).run();
  }

  begin(): void {
    // Nothing is set once here.
  }

  async program(view: View): Promise<Programmed> {
    this.views.push(view);
    return { troubles: this.troubles, wrote: true, failures: this.failures, dueInMs: Infinity, state: { workloadMtu: 1500 } as Programmed['state'] };
  }

  /** What the health server says, ready and live; undefined where nobody listens. */
  async health(): Promise<string | undefined> {
    const ask = (path: string): Promise<number | undefined> => new Promise((resolve) => {
      request({ host: '127.0.0.1', port: this.port, path, agent: false }, (response) => response.resume().on('end', () => resolve(response.statusCode))).on('error', () => resolve(undefined)).end();
    });
    const [ready, live] = [await ask('/readiness'), await ask('/liveness')];
    return ready === undefined ? undefined : `${ready} ${live}`;
  }

  async is(health: string): Promise<void> {
    await eventually(`it says ${health}`, async () => (await this.health()) === health);
  }
}

describe('the life of a dataplane', () => {
  let etcd: Etcd;
  let life: Life;
  beforeEach(async () => {
    etcd = await startEtcd();
    life = new Life(etcd, await freePort());
  });
  afterEach(async () => {
    life.asked.abort(new Error('the test is over'));
    await life.ended;
    await etcd.stop();
  });

  const put = (values: Readonly<Record<string, string>>): Promise<unknown> => withStore(settingsFor(etcd.endpoint), async (store) => {
    const before = await Promise.all(Object.keys(values).map(async (key) => (await store.get(key))?.modRevision ?? '0'));
    return store.commit(Object.entries(values).map(([key, value], at) => ({ action: 'put', key, value, expect: before[at]! })));
  });
  const started = async (): Promise<void> => {
    await put(READY);
    await eventually('it programs', () => life.views.length > 0);
    await life.is('200 200');
  };

  it('touches nothing while the datastore is not said to be ready, and says that all is well', async () => {
    await life.is('200 200');
    await put({ [`${R}/clusterinformations/default`]: text('ClusterInformation', 'default', { datastoreReady: false }) });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(life.views).to.deep.equal([]);
    await started();
  });

  it('is not ready before it has programmed, also where the interfaces of the host take their time', async () => {
    await put(READY);
    const restore = slowIp();
    const late = new Life(etcd, await freePort());
    try {
      const said: [health: string | undefined, views: number][] = [];
      await eventually('it is ready', async () => {
        said.push([await late.health(), late.views.length]);
        return said.at(-1)?.[0] === '200 200';
      });
      expect(said.at(-1)?.[1], 'it has programmed').to.be.greaterThan(0);
      expect(said.filter(([health]) => health === '503 200'), 'it was asked before').not.to.deep.equal([]);
    } finally {
      restore();
      late.asked.abort(new Error('the test is over'));
      await late.ended;
    }
  });

  it('is not ready while something is not as it should be', async () => {
    life.troubles = [{ what: 'the table filter of iptables', reason: 'it is broken' }];
    await put(READY);
    await life.is('503 200');
    await eventually('it is told', () => life.lines.some((line) => line.includes('the table filter of iptables is not as it should be, and is tried again: it is broken')));
    const tries = life.views.length;
    await eventually('it is tried again', () => life.views.length > tries + 1);
    life.troubles = [];
    await life.is('200 200');
    expect(life.lines.filter((line) => line.includes('is broken')), 'the same is told once').to.have.lengthOf(1);
    expect(life.lines.at(-1)).to.include('the table filter of iptables: no more trouble with it');
  });

  it('is not ready while a route or device fails again and again', async () => {
    await started();
    const programmed = async (): Promise<void> => {
      const tries = life.views.length;
      await put({ [`${R}/globalnetworksets/s${tries}`]: text('GlobalNetworkSet', `s${tries}`, { nets: [] }) });
      await eventually('it programs again', () => life.views.length > tries);
    };
    life.failures = ['the route 10.0.0.1/32 is refused'];
    await programmed();
    await life.is('503 200');
    life.failures = [];
    await programmed();
    await life.is('200 200');
    expect(life.lines.filter((line) => line.includes('10.0.0.1/32 is refused'))).to.have.lengthOf(1);
  });

  it('programs what changes, and tells the store of endpoints', async () => {
    await started();
    await put({ [`${R}/hostendpoints/here`]: text('HostEndpoint', 'here', { node: 'n1', interfaceName: 'lo' }), [`${R}/hostendpoints/gone`]: text('HostEndpoint', 'gone', { node: 'n1', interfaceName: 'eth99' }) });
    await eventually('it is programmed', () => life.views.at(-1)?.objects.get('HostEndpoint')?.length === 2);
    const status = (name: string): Promise<string | undefined> => withStore(settingsFor(etcd.endpoint), async (store) => (await store.get(`/calico/felix/v1/host/n1/endpoint/${name}`))?.value);
    await eventually('the store knows', async () => (await status('here')) === '{"status":"up"}' && (await status('gone')) === '{"status":"error"}');
    expect(life.views.at(-1)?.links.some(({ name }) => name === 'lo')).to.equal(true);
  });

  for (const [how, change] of [
    ['a setting changes', () => put({ [`${R}/felixconfigurations/default`]: text('FelixConfiguration', 'default', { vxlanPort: 1 }) })],
    ['the first pool wants VXLAN', () => put({ [`${R}/ippools/p`]: text('IPPool', 'p', { cidr: '10.0.0.0/16', vxlanMode: 'Always' }) })],
    ['it is asked by SIGHUP', () => Promise.resolve(life.hangUp())],
  ] as const) {
    it(`ends with 129, after a pause, when ${how}`, async () => {
      await started();
      const since = Date.now();
      await change();
      expect(await life.ended).to.equal(129);
      expect(Date.now() - since).to.be.greaterThan(290);
    });
  }

  it('goes on when a setting is given the value it has', async () => {
    await started();
    await put({ [`${R}/felixconfigurations/default`]: text('FelixConfiguration', 'default', { vxlanPort: 4789, novelty: 1 }) });
    await eventually('it is read', () => life.lines.some((line) => line.includes('novelty is no setting that this agent knows')));
    await life.is('200 200');
  });

  it('ends with 1 when the datastore is said not to be ready', async () => {
    await started();
    await put({ [`${R}/clusterinformations/default`]: text('ClusterInformation', 'default', { datastoreReady: false }) });
    expect(await life.ended).to.equal(1);
  });

  it('ends at once when it is asked to', async () => {
    await started();
    const since = Date.now();
    life.asked.abort(new Error('SIGTERM'));
    expect(await life.ended).to.equal(0);
    expect(Date.now() - since).to.be.lessThan(1000);
    expect(await life.health()).to.equal(undefined);
  });

  it('stays as it is while etcd is away', async () => {
    await started();
    await etcd.stop();
    await eventually('it is told', () => life.lines.some((line) => line.includes('is lost after revision')));
    expect(await life.health()).to.equal('200 200');
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
