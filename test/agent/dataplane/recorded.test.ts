import { expect } from 'chai';
import { after, before, it } from 'mocha';
import { IptablesDataplane } from '../../../src/agent/dataplane/iptables-dataplane.js';
import { Metrics } from '../../../src/agent/dataplane/metrics.js';
import { NftDataplane } from '../../../src/agent/dataplane/nft-dataplane.js';
import type { NetfilterDataplane } from '../../../src/agent/dataplane/programmer.js';
import { Log } from '../../../src/text/log.js';
import { readSavedSets } from '../../../src/dataplane/edits/set-edits.js';
import { readSaved } from '../../../src/dataplane/edits/saved-tables.js';
import type { Link } from '../../../src/dataplane/input.js';
import { settingsOfEnvironment } from '../../../src/dataplane/settings/local.js';
import { resolveSettings } from '../../../src/dataplane/settings/settings.js';
import type { RunProgram } from '../../../src/host/program.js';
import { NetworkNamespace } from '../../support/network-namespace.js';
import { felixRecordings, objectsIn, type FelixRecording } from '../../support/recordings.js';
import { describeAsRoot } from '../../support/root.js';

const RECORDINGS = felixRecordings();
const SEARCH_PATH = '/usr/sbin:/usr/bin:/sbin:/bin';
/** Depends on interfaces that these hosts do not have. */
const OF_THE_HOST = /this-host$/;

interface Input {
  readonly dataplane: NetfilterDataplane;
  apply(): ReturnType<NetfilterDataplane['apply']>;
}

function linksOf({ interfaces }: FelixRecording): readonly Link[] {
  return interfaces.map(({ name, addresses = [], up = true }, at) => ({ name, index: at + 2, isUp: up, mtu: 1500, addresses }));
}

async function inputOf(recording: FelixRecording, run: RunProgram, environment: Readonly<Record<string, string>> = recording.environment, say: (line: string) => void = () => undefined): Promise<Input> {
  const { byKind: objects } = objectsIn(recording.store);
  const { settings } = resolveSettings(recording.host, [settingsOfEnvironment(environment)], objects);
  const start = settings.nftablesMode === 'Enabled' ? NftDataplane : IptablesDataplane;
  const dataplane = await start.start({ settings, usesIpvs: false, kernelRelease: '6.1.0', searchPath: SEARCH_PATH, run, log: new Log(say, 'test', 1), metrics: new Metrics() });
  return { dataplane, apply: () => dataplane.apply(objects, linksOf(recording)) };
}

describeAsRoot('recorded stores in the kernel', () => {
  let host: NetworkNamespace;
  before(async () => (host = await NetworkNamespace.start()));
  after(() => host.stop());

  /** What of ours is in iptables and ipset. */
  async function kernel(): Promise<unknown> {
    const [v4 = '', v6 = '', sets = ''] = await Promise.all(['iptables-nft-save', 'ip6tables-nft-save', 'ipset save'].map((line) => host.do(line)));
    const tables = [v4, v6].map((text) => [...readSaved(text)].map(([table, chains]) => [table, [...chains].filter(([, rules]) => rules.length > 0).map(([name, rules]) => [name, rules.map((rule) => rule.text)]).sort()]));
    return { tables, sets: [...readSavedSets(sets)].map(([name, { members }]) => [name, [...members].sort()]).filter(([name]) => !OF_THE_HOST.test(String(name))).sort() };
  }

  function recorded({ result }: FelixRecording): unknown {
    const tables = (['v4', 'v6'] as const).map((family) => ['raw', 'mangle', 'nat', 'filter'].map((table) => [table, Object.entries(result.iptables?.[family][table]?.chains ?? {}).filter(([, rules]) => rules.length > 0).sort()]));
    return { tables, sets: Object.entries(result.ipsets).map(([name, { members }]) => [name, [...members].sort()]).filter(([name]) => !OF_THE_HOST.test(String(name))).sort() };
  }

  for (const name of ['tenant', 'rule-named-ports', 'host-ips', 'nothing']) {
    it(`${name}, over what was there before`, async () => {
      const input = await inputOf(RECORDINGS.get(name)!, host.run);
      expect((await input.apply()).troubles).to.deep.equal([]);
      expect(await kernel()).to.deep.equal(recorded(RECORDINGS.get(name)!));
      expect(await input.apply(), 'a second time').to.deep.equal({ wrote: false, troubles: [] });
    });
  }

  it('are right after any crash in the middle of a change', async () => {
    const [from, to] = [RECORDINGS.get('tenant')!, RECORDINGS.get('policy-groups')!];
    for (let crashAt = 0; ; crashAt++) {
      await (await inputOf(from, host.run)).apply();
      const input = await inputOf(to, crashing(host.run, crashAt));
      const ended = await Promise.race([input.apply().then(() => 'it came to its end'), new Promise<string>((resolve) => setTimeout(() => resolve('it crashed'), 700))]);
      expect((await (await inputOf(to, host.run)).apply()).troubles).to.deep.equal([]);
      expect(await kernel(), `after a crash at program ${crashAt}`).to.deep.equal(recorded(to));
      if (ended !== 'it crashed') {
        expect(crashAt).to.be.greaterThan(4);
        return;
      }
    }
  });

  it('tell what of them is not enforced as it stands', async () => {
    const lines: string[] = [];
    const recording = RECORDINGS.get('invalid-action')!;
    await (await inputOf(recording, host.run, recording.environment, (line) => lines.push(line))).apply();
    expect(lines.filter((line) => line.includes('[WARNING]') && line.includes('there is no action'))).to.have.lengthOf(1);
  });

  it('move from iptables to nftables and back, and are enforced all the while', async () => {
    const recording = RECORDINGS.get('tenant')!;
    await (await inputOf(recording, host.run)).apply();
    expect((await (await inputOf(recording, host.run, { ...recording.environment, FELIX_NFTABLESMODE: 'Enabled' })).apply()).troubles).to.deep.equal([]);
    expect(`${await host.do('iptables-nft-save')}${await host.do('ipset save')}`).not.to.include('cali');
    expect(await host.do('nft list tables')).to.include('table ip calico\n').and.to.include('table arp calico-arp');
    let there = '';
    const watching: RunProgram = async (file, args, options) => {
      if (options?.input?.includes('delete table ip calico') === true) there = await host.do('iptables-nft-save');
      return host.run(file, args, options);
    };
    expect((await (await inputOf(recording, watching)).apply()).troubles).to.deep.equal([]);
    expect(there, 'when the tables of nftables went').to.include('-A FORWARD -m comment --comment "cali:').and.to.include(':cali-from-wl-dispatch');
    expect(await host.do('nft list tables')).not.to.include('table ip calico\n');
    expect(await kernel()).to.deep.equal(recorded(recording));
  });
});

/** Runs programs that change something up to one; that one is killed at once, and nothing runs any more: as if the agent was killed with it. */
function crashing(run: RunProgram, at: number): RunProgram {
  let writes = 0;
  return (file, args, options) => {
    if (options?.input === undefined) return run(file, args, options);
    if (writes++ < at) return run(file, args, options);
    if (writes === at + 1) void run(file, args, { ...options, timeoutMs: 3 }).catch(() => undefined);
    return new Promise(() => undefined);
  };
}
