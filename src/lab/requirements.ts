import { CalicoError } from '../base/errors.js';
import { findProgram } from '../host/program.js';
import { listed } from '../text/listed.js';
import type { Encapsulation } from './plan.js';

/** The programs that a lab is made of, with the Debian package of each. */
const PROGRAMS: Readonly<Record<string, string>> = {
  ip: 'iproute2', unshare: 'util-linux', nsenter: 'util-linux', mount: 'mount', hostname: 'hostname',
  etcd: 'etcd-server', iptables: 'iptables', ipset: 'ipset', nft: 'nftables', conntrack: 'conntrack',
};
const BIRD: Readonly<Record<string, string>> = { bird: 'bird', bird6: 'bird' };

/** The services that Debian starts when it installs a package. A lab needs the programs alone. */
const SERVICES: Readonly<Record<string, readonly string[]>> = { 'etcd-server': ['etcd'], bird: ['bird', 'bird6'] };

/** Where root's programs are, whatever the PATH of who asks. */
const ROOTS_FOLDERS = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/** The folders that programs are looked for in. */
export function labSearchPath(path: string | undefined): string {
  const folders = (path ?? '/usr/local/bin:/usr/bin:/bin').split(':').filter((folder) => folder !== '');
  return [...folders, ...ROOTS_FOLDERS.filter((folder) => !folders.includes(folder))].join(':');
}

/** Checks that a lab can be made here. Throws CalicoError that names all that is missing at once. */
export function checkRequirements({ isRoot, searchPath, encapsulation }: { readonly isRoot: boolean; readonly searchPath: string; readonly encapsulation: Encapsulation }): void {
  const wanted = { ...PROGRAMS, ...(encapsulation === 'routed' ? BIRD : {}) };
  const missing = Object.keys(wanted).filter((program) => findProgram(program, searchPath) === undefined);
  if (isRoot && missing.length === 0) return;
  const packages = [...new Set(missing.map((program) => wanted[program]!))];
  const programs = missing.length === 0 ? [] : [`the program${missing.length === 1 ? '' : 's'} ${listed(missing)}`];
  const lacks = [...(isRoot ? [] : ['the rights of root, to make namespaces']), ...programs];
  throw new CalicoError('precondition', `a lab needs what is not here: ${lacks.join(', ')}`, {
    hint: [...installing(packages), ...(isRoot ? [] : ['run it with sudo'])].join('; '),
  });
}

/** How to get packages, and to be rid of the services that come with them. */
function installing(packages: readonly string[]): readonly string[] {
  if (packages.length === 0) return [];
  const services = packages.flatMap((name) => SERVICES[name] ?? []);
  return [`install what is missing: apt-get install ${packages.join(' ')}`, ...(services.length === 0 ? [] : [`end the services that this starts, which no lab needs: systemctl disable --now ${services.join(' ')}`])];
}

/** Only root may enter namespaces. Throws CalicoError. */
export function requireRoot(isRoot: boolean): void {
  if (!isRoot) throw new CalicoError('precondition', 'a lab can be looked at and used by root only', { hint: 'run it with sudo' });
}
