import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { runProgram, type ProgramEnd, type RunProgram } from '../../src/host/program.js';

/** A network namespace of its own, with a loopback that is up; it goes with `stop`. Needs root. */
export class NetworkNamespace {
  private constructor(private readonly keeper: ChildProcess) {}

  static async start(): Promise<NetworkNamespace> {
    const keeper = spawn('unshare', ['--net', 'sh', '-c', 'ip link set lo up; echo ready; exec sleep infinity'], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(keeper.stdout, 'data');
    return new NetworkNamespace(keeper);
  }

  /** Runs a program in the namespace. */
  readonly run: RunProgram = (file, args, options) => runProgram('nsenter', ['--target', String(this.pid), '--net', '--', file, ...args], options);

  /** Runs programs that have to work, each a line of words; returns what the last one printed. */
  async do(...lines: readonly string[]): Promise<string> {
    let end: ProgramEnd | undefined;
    for (const line of lines) {
      const [file = '', ...args] = line.split(' ');
      end = await this.run(file, args, { whole: true });
      if (end.code !== 0) throw new Error(`${line}: ${end.stderr}`);
    }
    return end?.stdout ?? '';
  }

  /** Writes a setting of its kernel, by its path below /proc/sys. */
  readonly writeSetting = (path: string, value: string): void => {
    const { status, stderr } = spawnSync('nsenter', ['--target', String(this.pid), '--net', '--', 'tee', `/proc/sys/${path}`], { input: value, encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr.trim());
  };

  /** The process that keeps it alive. */
  get pid(): number {
    return this.keeper.pid!;
  }

  stop(): void {
    this.keeper.kill('SIGKILL');
  }
}
