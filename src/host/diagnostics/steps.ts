import type { Write } from '../archive/archive.js';
import { capture, installed, StepFailure } from './capture.js';

/** One thing to collect. */
export interface DiagnosticStep {
  /** What is said before it starts, if anything. */
  readonly title?: string;
  /** What is done, for messages and the list of results. */
  readonly what: string;
  /** The file below `diagnostics/`. */
  readonly file: string;
  /** Collects it. Throws StepFailure, or the reason of the signal. */
  run(write: Write, signal: AbortSignal): Promise<void>;
}

/** A command to run; of several the first whose program is installed. */
export interface CommandStep {
  readonly title?: string;
  readonly file: string;
  readonly commands: readonly (readonly string[])[];
}

/** What the official tool runs (reference/node 5), but for what needs a container engine. */
export const COMMANDS: readonly CommandStep[] = [
  { file: 'date', commands: [['date']] },
  { file: 'hostname', commands: [['hostname']] },
  { title: 'Dumping routes (IPv4)', file: 'ipv4_route', commands: [['ip', '-4', 'route']] },
  { title: 'Dumping routes (IPv6)', file: 'ipv6_route', commands: [['ip', '-6', 'route']] },
  { title: 'Dumping interface info (IPv4)', file: 'ipv4_addr', commands: [['ip', '-4', 'addr']] },
  { title: 'Dumping interface info (IPv6)', file: 'ipv6_addr', commands: [['ip', '-6', 'addr']] },
  { title: 'Dumping nftables', file: 'nft_ruleset', commands: [['nft', '-n', '-a', 'list', 'ruleset']] },
  { title: 'Dumping iptables (IPv4)', file: 'ipv4_tables', commands: [['iptables-save', '-c']] },
  { title: 'Dumping iptables (IPv6)', file: 'ipv6_tables', commands: [['ip6tables-save', '-c']] },
  { title: 'Dumping ipsets', file: 'ipsets', commands: [['ipset', 'list']] },
  { title: 'Copying journal for calico-node.service', file: 'journalctl_calico_node', commands: [['journalctl', '-u', 'calico-node.service', '--no-pager']] },
  { title: 'Dumping netstat', file: 'netstat', commands: [['netstat', '-a', '-n'], ['ss', '-a', '-n']] },
];

/** A step that runs a command. */
export function commandStep({ title, file, commands }: CommandStep, searchPath: string): DiagnosticStep {
  const found = commands.map(([program = '', ...args]) => ({ program, file: installed(program, searchPath), args })).find((each) => each.file !== undefined);
  const what = (found === undefined ? commands[0] : [found.program, ...found.args])?.join(' ') ?? file;
  return {
    ...(title === undefined ? {} : { title }),
    what,
    file,
    async run(write, signal) {
      if (found?.file === undefined) throw new StepFailure(`${commands.map(([program]) => program).join(' and ')} not found`);
      await capture(found.file, found.args, write, signal);
    },
  };
}
