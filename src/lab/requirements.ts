import { existsSync } from 'node:fs';
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

/** There where systemd looks after services (sd_booted(3)). */
const SYSTEMD = '/run/systemd/system';

const AS_ROOT = 'run it as root, such as with sudo';
/** There is no bird6 in BIRD 2, and Debian has one or the other. */
const OTHER_BIRD = 'bird6 comes with BIRD 1.6 (apt-get install bird), for which BIRD 2 is taken off this machine; where that is in use make the lab with --vxlan, which needs neither';

/** Where root's programs are, whatever the PATH of who asks. */
const ROOTS_FOLDERS = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/** The folders that programs are looked for in. */
export function labSearchPath(path: string | undefined): string {
  const folders = (path ?? '/usr/local/bin:/usr/bin:/bin').split(':').filter((folder) => folder !== '');
  return [...folders, ...ROOTS_FOLDERS.filter((folder) => !folders.includes(folder))].join(':');
}

/** Checks that a lab can be made here. Throws CalicoError that names all that is missing at once. */
export function checkRequirements({ isRoot, searchPath, encapsulation, hasSystemd = existsSync(SYSTEMD) }: { readonly isRoot: boolean; readonly searchPath: string; readonly encapsulation: Encapsulation; readonly hasSystemd?: boolean }): void {
  const wanted = { ...PROGRAMS, ...(encapsulation === 'routed' ? BIRD : {}) };
  const missing = Object.keys(wanted).filter((program) => findProgram(program, searchPath) === undefined);
  if (isRoot && missing.length === 0) return;
  const isOtherBird = missing.includes('bird6') && !missing.includes('bird');
  const packages = [...new Set(missing.filter((program) => program !== 'bird6' || !isOtherBird).map((program) => wanted[program]!))];
  const programs = missing.length === 0 ? [] : [`the program${missing.length === 1 ? '' : 's'} ${listed(missing)}`];
  const lacks = [...(isRoot ? [] : ['the rights of root, to make namespaces']), ...programs];
  throw new CalicoError('precondition', `a lab needs what is not here: ${lacks.join(', ')}`, {
    hint: [...installing(packages, hasSystemd), ...(isOtherBird ? [OTHER_BIRD] : []), ...(isRoot ? [] : [AS_ROOT])].join('; '),
  });
}

/** How to get Debian's packages, and to be rid of the services that come with them. */
function installing(packages: readonly string[], hasSystemd: boolean): readonly string[] {
  if (packages.length === 0) return [];
  const services = packages.flatMap((name) => SERVICES[name] ?? []);
  const ending = hasSystemd ? `unless this machine uses them, end the services that this starts, which no lab needs: systemctl disable --now ${services.join(' ')}` : `no lab needs the services that this may start: ${listed(services)}`;
  return [`install what is missing: apt-get install ${packages.join(' ')}`, ...(services.length === 0 ? [] : [ending])];
}

/** Only root may enter namespaces. Throws CalicoError. */
export function requireRoot(isRoot: boolean): void {
  if (!isRoot) throw new CalicoError('precondition', 'a lab can be looked at and used by root only', { hint: AS_ROOT });
}
