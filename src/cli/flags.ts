import { Flags } from '@oclif/core';
import { InvalidRequest } from '../base/errors.js';

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000 };
const LONGEST_MS = 24 * 60 * 60 * 1000;

/** A length of time such as `10s`, `500ms` or `2m`; a bare number is seconds. Returns milliseconds; throws InvalidRequest naming the flag. */
export function parseTimeLimit(text: string, flag = '--timeout'): number {
  const match = /^((?:0|[1-9]\d*)(?:\.\d+)?)(ms|s|m)?$/.exec(text.trim());
  const length = match === null ? Number.NaN : Number(match[1]) * (UNITS[match[2] ?? 's'] ?? 1000);
  if (length > 0 && length <= LONGEST_MS) return length;
  throw new InvalidRequest(`${flag} ${JSON.stringify(text)} is not a duration`, 'write for example 10s, 500ms or 2m');
}

/** How much can be logged, as the official tool names it. */
export const LOG_LEVELS: readonly string[] = ['panic', 'fatal', 'error', 'warn', 'info', 'debug'];

/** Flags of every command: scripts give them to all alike. Commands that need no etcd do not open the file of --config. */
export const globalFlags = {
  'log-level': Flags.string({
    char: 'l',
    description: 'how much to log on stderr',
    helpValue: 'LEVEL',
    options: [...LOG_LEVELS],
    default: 'panic',
    helpGroup: 'GLOBAL',
  }),
  dialect: Flags.string({
    description: 'dialect of kinds and output; v1 is the classic one [default: v1; CALICOCTL_DIALECT]',
    options: ['v1', 'v3'],
    helpGroup: 'GLOBAL',
  }),
  config: Flags.string({ char: 'c', description: 'accepted for scripts; this command needs no datastore', hidden: true }),
  context: Flags.string({ description: 'a context of which the dialect counts; this command needs no datastore', hidden: true }),
  'allow-version-mismatch': Flags.boolean({ description: 'accepted for scripts of the official tool', hidden: true }),
};

/** Flags of every command that talks to etcd. One that only reads shows `storeFlag` too. */
export const datastoreFlags = {
  config: Flags.string({
    char: 'c',
    helpValue: 'FILE',
    description: 'connection settings, YAML or JSON [default: /etc/calico/calicoctl.cfg]',
    helpGroup: 'DATASTORE',
  }),
  context: Flags.string({
    helpValue: 'CONTEXT',
    description: 'connection settings by name; see context list [CALICOCTL_CONTEXT]',
    helpGroup: 'DATASTORE',
  }),
  timeout: Flags.string({
    helpValue: 'DURATION',
    description: 'time limit for waiting on etcd, such as 10s or 2m; each completed transaction renews it',
    default: '10s',
    helpGroup: 'DATASTORE',
  }),
  store: Flags.string({ description: 'refused by commands that write', hidden: true }),
};

/** The time limit where everything may have to be read, which takes long where there is much. */
export const longTimeoutFlag = {
  timeout: Flags.string({ helpValue: 'DURATION', description: 'time limit for waiting on etcd, such as 10s or 2m; each completed transaction renews it', default: '60s', helpGroup: 'DATASTORE' }),
};

/** A file instead of etcd, or etcd as it was, for commands that only read. */
export const storeFlag = {
  store: Flags.string({
    description: 'read this file instead of etcd: a backup (datastore backup), or a JSON object of keys and values; - for stdin',
    helpValue: 'FILE',
    helpGroup: 'DATASTORE',
  }),
  at: Flags.string({
    description: 'read the datastore as it was at this revision, or time (2h, 2026-11-30T06:00:00Z), as far back as etcd has it; see history',
    helpValue: 'WHEN',
    helpGroup: 'DATASTORE',
  }),
};

/** Where manifests come from. */
export const fileFlags = {
  filename: Flags.string({
    char: 'f',
    helpValue: 'FILE',
    description: 'manifest: a file, a directory, or - for stdin',
    multiple: true,
    multipleNonGreedy: true,
  }),
  recursive: Flags.boolean({ char: 'R', description: 'include subdirectories' }),
  'skip-empty': Flags.boolean({ description: 'do not fail if the files hold no resources' }),
};

/** The namespace of what manifests hold. */
export const namespaceFlag = { namespace: Flags.string({ char: 'n', helpValue: 'NAMESPACE', description: 'namespace for v3 resources that name none' }) };

/** What identifies resources besides their name. */
export const identityFlags = {
  n: Flags.string({ char: 'n', helpValue: 'NAMESPACE|NODE', helpLabel: '-n', description: 'namespace of a kind with namespaces; node of a classic kind' }),
  node: Flags.string({ helpValue: 'NODE', description: 'node of a classic bgpPeer, hostEndpoint or workloadEndpoint' }),
  scope: Flags.string({ helpValue: 'global|node', description: 'scope of a classic bgpPeer' }),
  orchestrator: Flags.string({ helpValue: 'NAME', description: 'orchestrator of a classic workloadEndpoint' }),
  workload: Flags.string({ helpValue: 'NAME', description: 'workload of a classic workloadEndpoint' }),
  namespace: Flags.string({ helpValue: 'NAMESPACE', description: 'namespace of a kind with namespaces' }),
};

/** Which of many resources are meant. `-l` means --selector where its value is no log level (src/cli/short-selector.ts). */
export const filterFlags = {
  selector: Flags.string({ helpValue: 'SELECTOR', description: 'only resources with such labels, in Calico\'s selector language: "role == \'web\'"; also -l, unless the value is a log level' }),
  field: Flags.string({ helpValue: 'PATH=VALUE', description: 'only resources with such a field; or PATH!=VALUE', multiple: true, multipleNonGreedy: true }),
};

/** Namespaces in which resources are looked for. */
export const allNamespacesFlag = {
  'all-namespaces': Flags.boolean({ char: 'A', aliases: ['a'], charAliases: ['a'], description: 'all namespaces, for a v3 kind' }),
};

/** How a listing is shown. */
export const listingFlags = {
  'sort-by': Flags.string({ helpValue: 'PATH', description: 'sort by the field at a path, such as .metadata.name' }),
  'no-headers': Flags.boolean({ description: 'leave out the headings of tables' }),
  'show-labels': Flags.boolean({ description: 'show the labels of each resource in a last column' }),
};

/** A switch for a dry run; the official tool writes it `--dryrun`. */
export function dryRunFlag(description: string) {
  return { 'dry-run': Flags.boolean({ aliases: ['dryrun'], description }) };
}

/** How a change is made and told. */
export const changeFlags = dryRunFlag('check everything against the datastore and show what would change, without writing');

/** Flags of what writes resources: whether it is looked at before. */
export const guardFlags = {
  force: Flags.boolean({ description: 'write even what would cut off etcd, BGP, SSH or the kubelet', helpGroup: 'GUARD', exclusive: ['no-guard'] }),
  'no-guard': Flags.boolean({ description: 'skip the check for that', helpGroup: 'GUARD' }),
};

/** Which container engine is used. */
export const engineFlags = {
  runtime: Flags.option({ options: ['docker', 'podman', 'nerdctl'] as const, description: 'container engine [default: the first one installed]' })(),
};

/** How long a container may take to say that it started. */
export const startFlags = {
  'start-timeout': Flags.string({ helpValue: 'DURATION', description: 'how long to wait for the container to be ready, such as 30s or 2m', default: '30s' }),
};

/** Flags of a verb that changes resources which words, files, labels or fields choose. */
export const choosingFlags = { ...fileFlags, ...identityFlags, ...filterFlags, ...allNamespacesFlag, ...changeFlags, ...guardFlags, ...datastoreFlags };
