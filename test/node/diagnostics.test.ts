import { shownNotice } from '../../src/output/views/notices.js';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { DiagnosticArchive } from '../../src/host/archive/archive.js';
import { containerSteps, type InstalledEngine } from '../../src/host/diagnostics/containers.js';
import { felixToSignal } from '../../src/host/diagnostics/felix.js';
import { StepFailure } from '../../src/host/diagnostics/capture.js';
import type { DiagnosticStep } from '../../src/host/diagnostics/steps.js';
import { networksStep } from '../../src/node/diagnostic-steps.js';
import { archiveName, collectDiagnostics, type StepResult } from '../../src/node/diagnostics.js';

describe('diagnoses', () => {
  let folder = '';
  const at = (...names: string[]): string => join(folder, ...names);
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'calicoctl-diagnostics-'));
    for (const name of ['logs', 'programs', 'jail']) mkdirSync(at(name));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Puts a shell script onto the search path. */
  function program(name: string, script: string): void {
    writeFileSync(at('programs', name), `#!/bin/sh\n${script}\n`);
    chmodSync(at('programs', name), 0o755);
  }

  interface Outcome {
    readonly results: readonly StepResult[];
    readonly told: readonly string[];
    readonly files: Readonly<Record<string, string>>;
  }

  async function diagnose(more: readonly DiagnosticStep[] = [], { signal = new AbortController().signal, stepMs = 60_000, secrets = ['canary-canary'] } = {}): Promise<Outcome> {
    const told: string[] = [];
    const archive = await DiagnosticArchive.create(folder, 'd.tar.gz', { secrets });
    try {
      const results = await collectDiagnostics({ archive, logFolder: at('logs'), searchPath: at('programs'), stepMs, more, signal, notify: (notice) => void told.push(...shownNotice(notice).lines) });
      await archive.finish();
      execFileSync('tar', ['-xzf', archive.path, '-C', at('jail')]);
      const files = readdirSync(at('jail'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
      return { results, told, files: Object.fromEntries(files.map((file) => [file.slice(at('jail').length + 1), readFileSync(file, 'utf8')])) };
    } catch (error) {
      await archive.discard();
      throw error;
    }
  }

  const resultOf = ({ results }: Outcome, file: string): [boolean, string | null] | undefined => {
    const result = results.find((each) => each.file === file);
    return result && [result.ok, result.reason];
  };

  it('the configs of container networks, without passwords, and nothing that is not a config', async () => {
    mkdirSync(at('net.d/calico-tls'), { recursive: true });
    writeFileSync(at('net.d/10-calico.conflist'), '{"name": "calico",\n"etcd_password": "fowl"}');
    writeFileSync(at('net.d/99-loopback.conf'), '{"type": "loopback"}');
    for (const name of ['calico-kubeconfig', 'calico-tls/etcd-key', 'calico-tls/a.conf', '10-calico.conflist.before-calicoctl']) writeFileSync(at('net.d', name), 'not this');
    const { files } = await diagnose([networksStep(at('net.d'))]);
    expect(files['diagnostics/cni_networks']).to.equal(`==> ${at('net.d')}/10-calico.conflist\n{"name": "calico",\n"etcd_password": [redacted]}\n==> ${at('net.d')}/99-loopback.conf\n{"type": "loopback"}\n`);
  });

  it('a host without container networks', async () => {
    mkdirSync(at('net.d'));
    const reasons = async (folder: string): Promise<string | null | undefined> => (await diagnose([networksStep(folder)])).results.find(({ what }) => what === `configs in ${folder}`)?.reason;
    expect([await reasons(at('none')), await reasons(at('net.d'))]).to.deep.equal(['there is no such folder', 'there are none']);
  });

  it('every step is there, in the archive and in the manifest, whatever became of it', async () => {
    program('ip', 'echo "ip $*"; [ "$2" = addr ] && exit 2; exit 0');
    program('iptables-save', 'echo rules password=canary-canary');
    program('ipset', 'echo cannot >&2; exit 1');
    program('netstat', 'echo netstat');
    program('docker', 'case "$1" in ps) printf "calico-node: now\\nk8s_POD_calico: now\\n--evil: now\\n";; exec) echo sets of "$@";; logs) echo log of "$@";; esac');
    const outcome = await diagnose();
    expect(resultOf(outcome, 'ipv4_route')).to.deep.equal([true, null]);
    expect(resultOf(outcome, 'ipv4_addr')).to.deep.equal([false, 'exit status 2; what it wrote is in ipv4_addr']);
    expect(resultOf(outcome, 'ipsets')).to.deep.equal([false, 'exit status 1; what it wrote is in ipsets']);
    expect(resultOf(outcome, 'netstat')).to.deep.equal([true, null]);
    expect(resultOf(outcome, 'containers/docker---evil.log')).to.deep.equal([false, 'a container of that name is not asked for']);
    const { files } = outcome;
    expect([files['diagnostics/ipv6_route'], files['diagnostics/ipv4_tables'], files['diagnostics/ipsets'], files['diagnostics/ipset_container'], files['diagnostics/containers/docker-calico-node.log']]).to.deep.equal([
      'ip -6 route\n', 'rules password=[redacted]\n', 'cannot\n', 'sets of exec calico-node ipset list\n', 'log of logs calico-node\n',
    ]);
    const manifest = JSON.parse(files['diagnostics/manifest.json'] ?? '') as { steps: StepResult[] };
    expect(manifest.steps).to.deep.equal(outcome.results);
    expect(Object.keys(files).sort()).to.deep.equal([...outcome.results.flatMap(({ file }) => (file === null ? [] : [`diagnostics/${file}`])), 'diagnostics/manifest.json'].sort());
    expect(outcome.told.slice(-12)).to.include.members(['Copying Calico logs', 'Looking for containers of Calico (docker)', 'Dumping ipsets (container)']);
  });

  it('netstat is not everywhere: ss is as good', async () => {
    program('ss', 'echo "ss $*"');
    const outcome = await diagnose();
    expect([outcome.results.find(({ file }) => file === 'netstat')?.what, outcome.files['diagnostics/netstat']]).to.deep.equal(['ss -a -n', 'ss -a -n\n']);
  });

  it('a step that takes too long, with what it started', async () => {
    program('hostname', 'echo begun; sleep 1000 & wait');
    const outcome = await diagnose([], { stepMs: 4000 });
    expect([resultOf(outcome, 'hostname'), outcome.files['diagnostics/hostname']]).to.deep.equal([[false, 'it took longer than 4 s; what it wrote is in hostname'], 'begun\n']);
  });

  it('a step that does not even heed its time limit', async () => {
    const deaf: DiagnosticStep = { what: 'deaf', file: 'deaf', run: () => new Promise(() => undefined) };
    const late: DiagnosticStep = {
      what: 'late',
      file: 'late',
      async run(write, signal) {
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        await new Promise((resolve) => setTimeout(resolve, 100));
        await write(Buffer.from('too late'));
      },
    };
    const outcome = await diagnose([deaf, late], { stepMs: 300 });
    expect([resultOf(outcome, 'deaf'), resultOf(outcome, 'late')]).to.deep.equal([
      [false, 'it took longer than 0.3 s'],
      [false, 'it took longer than 0.3 s'],
    ]);
    expect([outcome.files['diagnostics/deaf'], outcome.files['diagnostics/late']]).to.deep.equal(['', '']);
  });

  it('logs: odd names, links, secrets', async () => {
    writeFileSync(at('logs', 'felix\n.log'), 'canary-canary\n');
    symlinkSync('/etc/passwd', at('logs', 'link'));
    mkdirSync(at('logs', 'containers'));
    writeFileSync(at('logs', 'containers', 'x'), 'x\n');
    const outcome = await diagnose();
    const logs = Object.fromEntries(Object.entries(outcome.files).filter(([name]) => name.startsWith('diagnostics/logs/')));
    expect(logs).to.deep.equal({ 'diagnostics/logs/containers/x': 'x\n', 'diagnostics/logs/felix%0A.log': '[redacted]\n' });
    expect(outcome.results.filter(({ what }) => what === at('logs', 'link')).map(({ file, ok, reason }) => [file, ok, reason])).to.deep.equal([[null, false, 'a symbolic link']]);
  });

  it('no logs, and no container engine', async () => {
    rmSync(at('logs'), { recursive: true });
    const outcome = await diagnose();
    expect(outcome.told).to.include(`No logs found in ${at('logs')}: there is no such folder; skipping log copying`);
    expect(outcome.results.slice(-2).map(({ what, ok, reason }) => [what, ok, reason])).to.deep.equal([
      [`copy ${at('logs')}`, false, 'there is no such folder'],
      ['logs of containers', false, 'no container engine is installed (docker, podman, nerdctl, crictl)'],
    ]);
  });

  it('an interruption ends the step under way, and nothing is left', async () => {
    const interruption = new AbortController();
    const waiting: DiagnosticStep = {
      what: 'waiting',
      file: 'waiting',
      run: (_, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason as Error));
          interruption.abort(new Error('interrupted'));
        }),
    };
    const failure = await diagnose([waiting], { signal: interruption.signal }).catch((error: unknown) => error);
    expect([(failure as Error).message, readdirSync(folder).sort()]).to.deep.equal(['interrupted', ['jail', 'logs', 'programs']]);
  });

  it('the name of an archive', () => {
    expect(archiveName(new Date(2026, 0, 2, 3, 4, 5))).to.equal('diags-20260102_030405.tar.gz');
  });

  it('only a container called calico-node is asked for its IP sets', () => {
    const engine = { program: 'podman', path: '/usr/bin/podman' } as InstalledEngine;
    expect([containerSteps(engine, 'calico-node'), containerSteps(engine, 'calico-typha')].map((steps) => steps.map(({ what, file }) => [what, file]))).to.deep.equal([
      [['podman exec calico-node ipset list', 'ipset_container'], ['podman logs calico-node', 'containers/podman-calico-node.log']],
      [['podman logs calico-typha', 'containers/podman-calico-typha.log']],
    ]);
  });

  it('Felix is asked for its statistics only where it takes the signal', () => {
    expect(() => felixToSignal([])).to.throw(StepFailure, 'Felix is not running');
    // This process is Node, which takes SIGUSR1 to open its debugger.
    expect(() => felixToSignal([{ pid: process.pid, name: 'calico-felix', argv: ['calico-felix'] }])).to.throw(StepFailure, 'the running Felix does not handle SIGUSR1, or this user may not inspect it');
  });
});
