import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PROGRAM, ROOT, runProgram, type Ended, type RunOptions } from '../../scripts/support/calicoctl.js';
import { eventually } from '../../scripts/support/wait.js';

const SCRIPT = fileURLToPath(new URL('simulated-host.sh', import.meta.url));
const NAMESPACES = ['--net', '--mount', '--uts', '--pid', '--fork', '--kill-child', '--propagation', 'private'];

/** Docker asks for every capability for a privileged container; where this machine lacks one, it must not (reference/node 13). */
const RUNTIME_SHIM = `#!/bin/sh
for word in "$@"; do
    case "$before" in
        --bundle | -b) bundle=$word ;;
        --process | -p) process=$word ;;
    esac
    before=$word
done
for file in \${bundle:+"$bundle/config.json"} "$process"; do
    [ ! -f "$file" ] || sed -i 's/"CAP_SYS_RESOURCE",//g; s/,"CAP_SYS_RESOURCE"//g' "$file"
done
exec /usr/sbin/runc "$@"
`;

/** What a simulated host is called, which addresses it has, and who its neighbours are. */
export interface SimulatedHostOptions {
  readonly name?: string;
  /** The last number of 192.168.40.N and fd00:40::N, of two digits. */
  readonly number?: number;
  /** What its eth0 is plugged into; without one nobody answers. */
  readonly wire?: { readonly pid: number; readonly plug: (port: string) => Promise<void> };
}

/**
 * A host made of namespaces, with a network, processes and files of its own. All that was started on it ends with it.
 * Unless it is told otherwise its interface eth0 has 192.168.40.11 and fd00:40::11; its name is Sim-Host.
 */
export class SimulatedHost {
  private dockerd: ChildProcess | undefined;

  private constructor(
    /** A folder of the real file system that the host sees too. */
    readonly folder: string,
    private readonly keeper: ChildProcess,
    /** Its first process, as this process sees it. */
    readonly pid: number,
  ) {}

  static async start({ name = 'Sim-Host', number = 11, wire }: SimulatedHostOptions = {}): Promise<SimulatedHost> {
    const folder = mkdtempSync(join(tmpdir(), 'calicoctl-host-'));
    mkdirSync(join(folder, 'layer'));
    const words = [join(folder, 'layer'), ROOT.replace(/\/$/, ''), tmpdir(), name, String(number), String(wire?.pid ?? '')];
    const keeper = spawn('unshare', [...NAMESPACES, 'sh', SCRIPT, ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [keeper.stdout, keeper.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await eventually('the simulated host is up', () => {
      if (keeper.exitCode !== null) throw new Error(`the simulated host ended: ${said}`);
      return said.includes('ready');
    });
    await wire?.plug(`port${number}`);
    return new SimulatedHost(folder, keeper, childOf(keeper.pid as number) as number);
  }

  /** The words that run a command on the host. */
  on(...command: string[]): string[] {
    return ['nsenter', '-t', String(this.pid), '-m', '-u', '-p', '-n', '--', ...command];
  }

  /** Runs a command on the host and waits for its end. */
  run(command: readonly string[], options: RunOptions = {}): Promise<Ended> {
    return runProgram(this.on(...command), { cwd: '/', ...options });
  }

  /** Runs the built calicoctl on the host. */
  calicoctl(args: readonly string[], options: RunOptions & { /** Words before the command, that change who runs it. */ readonly as?: readonly string[] } = {}): Promise<Ended> {
    const { as } = options;
    return this.run(as === undefined ? [process.execPath, PROGRAM, ...args] : [...as, ...this.publicCopy(), ...args], options);
  }

  /** The words that start a copy of Node and the built calicoctl, which everybody may read: the folders of the originals may be closed to others. */
  private publicCopy(): string[] {
    const copy = join(this.folder, 'public');
    const words = [join(copy, 'node'), join(copy, 'bin', 'run.js')];
    if (existsSync(copy)) return words;
    // Not to be listed, but to be passed through.
    chmodSync(this.folder, 0o711);
    mkdirSync(copy);
    cpSync(process.execPath, words[0] as string);
    for (const name of ['bin', 'dist', 'package.json', 'oclif.manifest.json']) cpSync(join(ROOT, name), join(copy, name), { recursive: true });
    execFileSync('chmod', ['-R', 'a+rX', copy]);
    return words;
  }

  /** Runs docker on the host and returns what it printed; throws where it fails. */
  docker(...args: string[]): Promise<string> {
    return this.must('docker', ...args);
  }

  /** Runs a command that must succeed and returns its stdout without the last line end. */
  async must(...command: string[]): Promise<string> {
    const { code, stdout, stderr } = await this.run(command);
    if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}: ${stderr}`);
    return stdout.replace(/\n$/, '');
  }

  /** Starts a command that stays; it ends with the host at the latest. */
  launch(command: readonly string[], env: Readonly<Record<string, string>> = {}): Launched {
    const [file = '', ...args] = this.on(...command);
    const child = spawn(file, args, { cwd: '/', env: { PATH: process.env['PATH'], ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    return new Launched(child);
  }

  /** Starts the built calicoctl on the host. */
  launchCalicoctl(args: readonly string[], env: Readonly<Record<string, string>> = {}): Launched {
    return this.launch([process.execPath, PROGRAM, ...args], env);
  }

  /** Starts a real Docker engine, with what it had before, and returns once it answers. */
  async startDocker(more: readonly string[] = []): Promise<void> {
    const shim = join(this.folder, 'runtime-shim');
    writeFileSync(shim, RUNTIME_SHIM);
    chmodSync(shim, 0o755);
    const { child } = this.launch([
      'dockerd', '--data-root', join(this.folder, 'docker'), '--exec-root', '/run/docker-exec', '--pidfile', '/run/dockerd.pid', '-H', 'unix:///run/docker.sock',
      '--iptables=false', '--ip-masq=false', '--bridge=none', '--add-runtime', `shim=${shim}`, '--default-runtime', 'shim', ...more,
    ]);
    this.dockerd = child;
    await eventually('docker answers', async () => {
      if (child.exitCode !== null) throw new Error('dockerd ended');
      return (await this.run(['docker', 'version'])).code === 0;
    });
  }

  /** Ends the Docker engine as a stopped service would. */
  async stopDocker(): Promise<void> {
    const child = this.dockerd as ChildProcess;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    process.kill(childOf(child.pid as number) as number, 'SIGTERM');
    await ended;
    this.dockerd = undefined;
  }

  /** Makes podman work here, with containers and images of its own. Returns the environment that it wants. */
  preparePodman(): Record<string, string> {
    const storage = join(this.folder, 'storage.conf');
    const containers = join(this.folder, 'containers.conf');
    // The machine has no systemd, and its control groups are those of version 1, which crun refuses.
    writeFileSync(storage, `[storage]\ndriver = "vfs"\ngraphroot = "${join(this.folder, 'podman')}"\nrunroot = "/run/podman"\n`);
    writeFileSync(containers, '[engine]\nruntime = "runc"\ncgroup_manager = "cgroupfs"\nevents_logger = "file"\n');
    return { CONTAINERS_STORAGE_CONF: storage, CONTAINERS_CONF: containers };
  }

  /** Starts an etcd on the host's own loopback. */
  async startEtcd(): Promise<void> {
    this.launch(['etcd', '--data-dir', join(this.folder, 'etcd'), '--log-level', 'error', '--unsafe-no-fsync']);
    await eventually('etcd answers', async () => (await this.run(['etcdctl', 'endpoint', 'health'], { env: { ETCDCTL_API: '3' } })).code === 0);
  }

  /** Ends everything that was started on the host, and removes its files. */
  async stop(): Promise<void> {
    if (this.dockerd !== undefined) await this.stopDocker();
    const ended = new Promise((resolve) => this.keeper.once('exit', resolve));
    process.kill(this.pid, 'SIGKILL');
    await ended;
    await eventually('the files of the host are gone', () => {
      try {
        rmSync(this.folder, { recursive: true, force: true });
        return true;
      } catch {
        return false;
      }
    });
  }
}

/** A command that runs on a simulated host, and what it has printed so far. */
export class Launched {
  stdout = '';
  stderr = '';
  private readonly ended: Promise<number | null>;

  constructor(readonly child: ChildProcess) {
    child.stdout?.on('data', (chunk: Buffer) => (this.stdout += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (this.stderr += chunk.toString()));
    this.ended = new Promise((resolve) => child.once('close', resolve));
  }

  /** Sends a signal to the command itself, not to what put it onto the host. */
  signal(signal: NodeJS.Signals): void {
    process.kill(childOf(this.child.pid as number) as number, signal);
  }

  /** Waits for its end and returns its exit code. */
  end(): Promise<number | null> {
    return this.ended;
  }
}

/** The first child of a process. */
function childOf(parent: number): number | undefined {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .find((pid) => {
      try {
        return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[1]) === parent;
      } catch {
        return false;
      }
    });
}
