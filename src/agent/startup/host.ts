import { access, readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { makeFolder } from '../../base/make-folder.js';
import { writeNewFile } from '../../base/new-file.js';
import { resolveTarget, type Version } from '../../host/addresses/autodetect.js';
import { listInterfaces, sourceAddressTo, type HostInterface } from '../../host/addresses/interfaces.js';

/** Where the name of the node is kept: the CNI plugin and the readiness of BIRD look there. */
export const NODE_NAME_FILE = '/var/lib/calico/nodename';

/** The folders that the parts of the agent need. */
export const FOLDERS: readonly string[] = ['/var/run/calico', '/var/lib/calico', '/var/log/calico'];

const KERNEL_IPV6 = '/proc/sys/net/ipv6';

/** What the start of a node asks the machine for, and leaves on it. */
export interface Host {
  name(): string;
  /** All interfaces, up or down, with all their addresses. Throws CalicoError. */
  interfaces(): Promise<readonly HostInterface[]>;
  /** The address that the kernel would send from to an address or a name; undefined where it has no route. Throws CalicoError where the name cannot be resolved. */
  sourceTo(target: string, version: Version, signal: AbortSignal): Promise<string | undefined>;
  hasIpv6(): Promise<boolean>;
  /** The text of a file; undefined where it cannot be read. */
  read(path: string): Promise<string | undefined>;
  makeFolder(path: string): void;
  /** Nobody ever sees the file half. */
  write(path: string, text: string): Promise<void>;
}

/** The machine that the agent runs on. */
export const thisHost: Host = {
  name: hostname,
  interfaces: listInterfaces,
  sourceTo: async (target, version, signal) => sourceAddressTo(await resolveTarget(`IPv${version}`, target, version, signal), version),
  hasIpv6: () => access(KERNEL_IPV6).then(() => true, () => false),
  read: (path) => readFile(path, 'utf8').catch(() => undefined),
  makeFolder: (path) => makeFolder(path),
  async write(path, text) {
    makeFolder(dirname(path));
    await writeNewFile(path, [text]);
  },
};
