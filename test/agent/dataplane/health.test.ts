import { expect } from 'chai';
import { describe, it } from 'mocha';
import { Health } from '../../../src/agent/dataplane/health.js';
import { Metrics } from '../../../src/agent/dataplane/metrics.js';
import { Recheck } from '../../../src/agent/dataplane/recheck.js';
import { Wake } from '../../../src/agent/dataplane/wake.js';
import { chooseBackend, detectFeatures, programsOf } from '../../../src/agent/dataplane/backend.js';
import { Log } from '../../../src/text/log.js';
import type { RunProgram } from '../../../src/host/program.js';

const log = new Log(() => undefined, 'test', 1);

describe('the health of a dataplane', () => {
  it('is that of all its parts, as long as they are heard of', () => {
    let now = 0;
    const health = new Health(() => now);
    health.register('start');
    health.register('loop', 90_000);
    const says = (): string => `${health.isLive} ${health.isReady}`;
    expect(says()).to.equal('true false');
    health.report('start', { isLive: true, isReady: true });
    health.report('loop', { isLive: true, isReady: true });
    expect(says()).to.equal('true true');
    now = 90_001;
    expect(says()).to.equal('false false');
    expect(health.text()).to.match(/^\| loop +\| 90s +\| timed out/m);
    health.override(new Map([['loop', 100_000], ['nobody', 1]]));
    expect(says()).to.equal('true true');
    health.report('loop', { isLive: true, isReady: false, detail: 'a table' });
    expect(says()).to.equal('true false');
    expect(health.text()).to.include('a table');
  });
});

describe('the times of looking again', () => {
  it('come soon after a write, and then less and less often', () => {
    const recheck = new Recheck(180, 5, 0);
    expect(recheck.dueAt).to.equal(180);
    recheck.wrote(10);
    const due: number[] = [];
    for (let at = 0; at < 7; at++) {
      due.push(recheck.dueAt);
      recheck.looked(recheck.dueAt);
    }
    expect(due).to.deep.equal([15, 25, 45, 85, 165, 325, 505]);
  });

  it('are none where the interval is 0', () => {
    const recheck = new Recheck(0, 5, 0);
    recheck.wrote(1);
    recheck.looked(2);
    expect(recheck.dueAt).to.equal(Infinity);
  });
});

describe('a loop that waits', () => {
  it('is woken, also by what came before, or goes on when its time is over', async () => {
    const wake = new Wake();
    wake.now();
    wake.now();
    expect(await wake.wait(Infinity)).to.equal(true);
    expect(await wake.wait(5)).to.equal(false);
    setTimeout(wake.now, 5);
    expect(await wake.wait(Infinity)).to.equal(true);
  });
});

describe('metrics', () => {
  it('are told under the names of Felix', () => {
    const metrics = new Metrics();
    metrics.count('iptables_restore_calls');
    metrics.count('iptables_lines_executed', 7);
    metrics.observe('int_dataplane_apply_time_seconds', 0.5);
    const lines = metrics.text('n1', true).split('\n');
    expect(lines).to.include.members(['felix_iptables_restore_calls 1', 'felix_iptables_lines_executed 7', 'felix_int_dataplane_apply_time_seconds_sum 0.5', 'felix_int_dataplane_apply_time_seconds_count 1', '# TYPE felix_ipset_calls counter', 'felix_ipset_calls 0', 'felix_host{host="n1"} 1']);
    expect(lines.find((line) => line.startsWith('process_resident_memory_bytes '))?.split(' ')[1]).to.match(/^\d{8,}$/);
    expect(metrics.text('n1', false)).not.to.include('process_');
  });
});

describe('iptables on a host', () => {
  const prints = (outputs: Readonly<Record<string, string>>): RunProgram => async (file) => ({ code: 0, stdout: outputs[file] ?? '', stderr: '' });
  const chosen = (nft: string, legacy: string): Promise<string> => chooseBackend('Auto', '/usr/sbin', log, prints({ 'iptables-nft-save': nft, 'ip6tables-nft-save': '', 'iptables-legacy-save': legacy, 'ip6tables-legacy-save': '' }));

  it('is used in the backend that others use', async () => {
    expect(await chosen('*filter\n-A x\n-A y\n', '-A z\n')).to.equal('nft');
    expect(await chosen('-A x\n', '-A z\n')).to.equal('legacy');
    expect(await chosen(':KUBE-KUBELET-CANARY - [0:0]\n', '-A a\n-A b\n')).to.equal('nft');
    expect(await chosen('-A a\n-A b\n', ':KUBE-IPTABLES-HINT - [0:0]\n')).to.equal('legacy');
    expect(await chooseBackend('NFT', '', log, prints({}))).to.equal('nft');
    expect(programsOf(6, 'nft', '/usr/sbin')).to.deep.equal({ backend: 'nft', save: 'ip6tables-nft-save', restore: 'ip6tables-nft-restore' });
    expect(programsOf(4, 'legacy', '/nowhere').restore).to.equal('iptables-restore');
  });

  it('is known by its version, unless settings know better', async () => {
    const features = (version: string, kernel = '6.1.0', overrides: readonly [string, string][] = []): Promise<readonly boolean[]> =>
      detectFeatures(kernel, new Map(overrides), log, prints({ iptables: version })).then(Object.values as (features: object) => boolean[]);
    expect(await features('iptables v1.8.9 (nf_tables)\n')).to.deep.equal([true, true, true]);
    expect(await features('iptables v1.6.0')).to.deep.equal([false, true, false]);
    expect(await features('iptables v1.8.9', '3.10.0-1160.el7')).to.deep.equal([false, false, true]);
    expect(await features('')).to.deep.equal([false, false, false]);
    expect(await features('iptables v1.8.9', '6.1', [['MASQFullyRandom', 'false'], ['SNATFullyRandom', 'FALSE']])).to.deep.equal([false, false, true]);
  });
});
