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
    hint: [...(packages.length === 0 ? [] : [`install what is missing: apt-get install ${packages.join(' ')}`]), ...(isRoot ? [] : ['run it with sudo'])].join('; '),
  });
}

/** Only root may enter namespaces. Throws CalicoError. */
export function requireRoot(isRoot: boolean): void {
  if (!isRoot) throw new CalicoError('precondition', 'a lab can be looked at and used by root only', { hint: 'run it with sudo' });
}
