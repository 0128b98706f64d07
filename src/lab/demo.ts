import { contextName } from './context.js';

/** A command line of the demonstration, and the exit code that it is to have. */
export interface DemoStep {
  /** What is to be seen, before the first command that shows it. */
  readonly remark?: string;
  /** The words behind `calicoctl`; or a file that is shown. */
  readonly words: readonly string[];
  readonly exitCode?: number;
  /** A file that is there from here on; it is shown. */
  readonly file?: { readonly name: string; readonly text: string };
}

const policy = (rules: string): string => `apiVersion: projectcalico.org/v3
kind: GlobalNetworkPolicy
metadata:
  name: database
spec:
  order: 50
  selector: service == 'database'
  types: [Ingress]
  ingress:
${rules}`;

const DENY = '  - action: Deny\n';
const ALLOW = `  - action: Allow
    protocol: TCP
    source:
      selector: service == 'backend'
    destination:
      ports: [3306]
`;

/** What is meant: nobody reaches the database but the backend. The first has its rules in the wrong order. */
export const FAULT = policy(DENY + ALLOW);
export const MENDED = policy(ALLOW + DENY);

/**
 * The steps of the demonstration, for a lab of a name: the tenant network without a policy, with one that has a fault, what names it, and with
 * the mended one.
 * @param folder where files of it may be
 */
export function demoSteps(name: string, folder: string): readonly DemoStep[] {
  const context = ['--context', contextName(name)];
  const connect = (from: string, exitCode: number): DemoStep => ({ words: ['lab', 'connect', from, 'database:3306', '--wait', '1s', '--name', name], exitCode });
  const applied = (file: string, text: string): DemoStep => ({ words: ['apply', '-f', `${folder}/${file}`, ...context], file: { name: `${folder}/${file}`, text } });
  return [
    { remark: 'A Calico network on this machine: three hosts, an etcd, four workloads of a tenant.', words: ['lab', 'up', '--name', name] },
    { words: ['lab', 'status', '--name', name] },
    { remark: 'There is no policy yet: everybody reaches the database. A real packet is sent, and the policies are asked, too.', ...connect('backend', 0) },
    connect('frontend-1', 0),
    { remark: 'Nobody but the backend shall reach it. This policy has a fault.', ...applied('fault.yaml', FAULT) },
    connect('backend', 1),
    { remark: 'Why? The trace names the rule, and lint had found it before anybody was cut off.', words: ['policy', 'trace', '--from', 'backend', '--to', 'database', '--port', '3306', ...context], exitCode: 1 },
    { words: ['policy', 'lint', ...context], exitCode: 1 },
    { remark: 'The rules in the right order: the backend gets through, the frontends do not.', ...applied('mended.yaml', MENDED) },
    connect('backend', 0),
    connect('frontend-1', 1),
  ];
}
