import { Flags } from '@oclif/core';
import { UsageError } from './errors.js';

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000 };
const LONGEST_MS = 24 * 60 * 60 * 1000;

/** A length of time such as `10s`, `500ms` or `2m`; a bare number is seconds. Returns milliseconds; throws UsageError naming the flag. */
export function parseDuration(text: string, flag = '--timeout'): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m)?$/.exec(text.trim());
  const length = match === null ? Number.NaN : Number(match[1]) * (UNITS[match[2] ?? 's'] ?? 1000);
  if (length > 0 && length <= LONGEST_MS) return length;
  throw new UsageError(`${flag} ${JSON.stringify(text)} is not a length of time`, 'write for example 10s, 500ms or 2m');
}

/** Flags of every command. */
export const globalFlags = {
  'log-level': Flags.string({
    char: 'l',
    description: 'how much to say about what is done, on stderr',
    options: ['panic', 'fatal', 'error', 'warn', 'info', 'debug'],
    default: 'panic',
    helpGroup: 'GLOBAL',
  }),
  dialect: Flags.string({
    description: 'the language of words and output: v1 (classic) or v3 [default: v1; CALICOCTL_DIALECT]',
    options: ['v1', 'v3'],
    helpGroup: 'GLOBAL',
  }),
};

/** Flags of every command that talks to etcd. */
export const datastoreFlags = {
  config: Flags.string({
    char: 'c',
    description: 'connection settings, YAML or JSON [default: /etc/calico/calicoctl.cfg]',
    helpGroup: 'DATASTORE',
  }),
  timeout: Flags.string({
    description: 'longest time to wait for etcd in all, such as 10s or 2m',
    default: '10s',
    helpGroup: 'DATASTORE',
  }),
  context: Flags.string({ description: 'accepted for scripts of the official tool; it has no meaning on etcd', hidden: true }),
  'allow-version-mismatch': Flags.boolean({ description: 'accepted for scripts of the official tool', hidden: true }),
};

/** Where manifests come from. */
export const fileFlags = {
  filename: Flags.string({
    char: 'f',
    description: 'manifest: a file, a directory, or - for stdin; may be given several times',
    multiple: true,
    multipleNonGreedy: true,
    helpGroup: 'MANIFEST',
  }),
  recursive: Flags.boolean({ char: 'R', description: 'read the folders below a directory too', helpGroup: 'MANIFEST' }),
  'skip-empty': Flags.boolean({ description: 'no resources in the files is not an error', helpGroup: 'MANIFEST' }),
};

/** What identifies resources besides their name. */
export const identityFlags = {
  node: Flags.string({ char: 'n', description: 'node of the resource; in the v3 dialect -n is --namespace' }),
  scope: Flags.string({ description: 'scope of a bgpPeer: global or node' }),
  orchestrator: Flags.string({ description: 'orchestrator of a workloadEndpoint' }),
  workload: Flags.string({ description: 'workload of a workloadEndpoint' }),
  namespace: Flags.string({ description: 'namespace of a v3 resource (-n in the v3 dialect)' }),
};

/** How a change is made and told. */
export const changeFlags = {
  'dry-run': Flags.boolean({ description: 'check everything against the store and say what would change; write nothing' }),
};

/** Which container engine is used. */
export const engineFlags = {
  runtime: Flags.option({ options: ['docker', 'podman', 'nerdctl'] as const, description: 'container engine [default: the first of these that is installed]' })(),
};

/** How long a container may take to say that it started. */
export const startFlags = {
  'start-timeout': Flags.string({ description: 'longest time until the container says that it started, such as 30s or 2m', default: '30s' }),
};
