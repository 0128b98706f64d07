import { calicoctl, PROGRAM, ROOT, runProgram } from '../support/calicoctl.js';
import { startEtcd } from '../support/etcd.js';
import { terminalPicture } from './terminal.js';

/** A picture in docs/images: a command line on a terminal, or what it draws itself. */
interface Shot {
  readonly name: string;
  readonly argv: readonly string[];
  /** Its output is a picture already. */
  readonly drawn?: true;
  /** What is stored before it. */
  readonly files?: readonly string[];
}

const COLUMNS = 110;
const SHOTS: readonly Shot[] = [
  { name: 'validate', argv: ['validate', '-f', 'examples/broken/profile.yaml'] },
  { name: 'diff', files: ['examples/tenant'], argv: ['diff', '-f', 'examples/changed/policy.yaml'] },
  { name: 'policy-trace', argv: ['policy', 'trace', '--from', 'slave1-frontend1', '--to', 'slave2-database', '--port', '3306', '-f', 'examples/deny-first/policy.yaml'] },
  { name: 'policy-lint', argv: ['policy', 'lint', '-f', 'examples/deny-first/policy.yaml'] },
  { name: 'policy-graph', argv: ['policy', 'graph', '--by', 'service', '-o', 'svg'], drawn: true },
  { name: 'node-status', files: ['examples/classic/node.yaml', 'examples/classic/bgp-peers.yaml'], argv: ['node', 'status', '--all'] },
];

/** Takes every picture, by its name: real runs of the built calicoctl, in a pseudo-terminal with colours, on an etcd of its own with the examples. Throws where these cannot be stored. */
export async function takeScreenshots(): Promise<ReadonlyMap<string, string>> {
  const etcd = await startEtcd();
  // Nothing of the settings of whoever runs this may be seen.
  const env = { ETCD_ENDPOINTS: etcd.endpoint, HOME: '/nonexistent', COLORTERM: '' };
  try {
    const pictures = new Map<string, string>();
    for (const { name, argv, drawn, files = [] } of SHOTS) {
      if (files.length > 0) await store(files, env);
      pictures.set(name, drawn ? (await calicoctl(argv, { env })).stdout : await onTerminal(argv, env));
    }
    return pictures;
  } finally {
    await etcd.stop();
  }
}

async function store(files: readonly string[], env: Readonly<Record<string, string>>): Promise<void> {
  const { code, stderr } = await calicoctl(['create', ...files.flatMap((file) => ['-f', file])], { env });
  if (code !== 0) throw new Error(`${files.join(', ')} could not be stored: ${stderr}`);
}

async function onTerminal(argv: readonly string[], env: Readonly<Record<string, string>>): Promise<string> {
  const { stdout } = await runProgram(['sh', '-c', `stty cols ${COLUMNS}; exec "$@"`, 'sh', process.execPath, PROGRAM, ...argv], { cwd: ROOT, env, terminal: true });
  return terminalPicture(`\x1b[1m$ calicoctl ${argv.join(' ')}\x1b[0m\n${stdout}`, COLUMNS);
}
