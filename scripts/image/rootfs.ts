import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, lstatSync, mkdirSync, readdirSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { unpackedPackage, unpackWithLibraries } from '../support/unpacked.js';

/**
 * What runs in the node's container besides Node: BIRD, what programs the kernel, who keeps the parts running, and a shell; Node
 * itself is linked with the last.
 */
const IMAGE_PACKAGES = ['bird', 'iptables', 'ipset', 'nftables', 'iproute2', 'conntrack', 'runit', 'busybox', 'libstdc++6'];
/** Parts of these packages that nothing in the image reads. */
const UNUSED = ['usr/lib/systemd', 'lib/systemd', 'etc/init.d', 'etc/bird', 'etc/runit', 'etc/service', 'etc/sv', 'usr/lib/tmpfiles.d', 'var/lib/runit', 'usr/lib/runit', 'usr/share/apport'];
/** Programs that show connections and neighbours, and the libraries that only they are linked with. */
const UNUSED_PROGRAMS = ['bin/ss', 'usr/bin/rdma', 'usr/sbin/arpd'];
const UNUSED_LIBRARIES = ['libtirpc3', 'libdb5.3', 'libselinux1'];
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const AGENT = 'usr/local/lib/calico';
/** Of the build; `dist/agent.js.map` makes the stack of a bug readable. */
const AGENT_FILES = ['bin/agent.js', 'bin/package.json', 'dist/agent.js', 'dist/agent.js.map', 'dist/package.json', 'dist/licences.txt', 'LICENSE'];
const DOC = 'usr/share/doc';

/** Fetches what is not here yet; returns the names of all packages that the image has files of. */
export function fetchImagePackages(): readonly string[] {
  return unpackWithLibraries(IMAGE_PACKAGES, UNUSED_LIBRARIES);
}

/** Fills an empty folder with the files of the node image. Packages that were not fetched before are fetched with apt; the agent must be built. */
export function makeRootfs(root: string): void {
  for (const name of fetchImagePackages()) addPackage(root, unpackedPackage(name));
  execFileSync('find', [root, '-name', 'gconv', '-prune', '-exec', 'rm', '-r', '{}', '+']);
  linkShellCommands(root);
  // Debian leaves these to update-alternatives; the agent asks for the backend that it means.
  for (const name of ['iptables', 'ip6tables'].flatMap((each) => [each, `${each}-save`, `${each}-restore`])) symlinkSync('xtables-nft-multi', join(root, 'usr/sbin', name));
  for (const folder of ['tmp', 'proc', 'sys', 'dev', 'run', 'etc/calico', 'etc/service/enabled', 'var/log/calico', 'var/lib/calico', 'lib/modules']) mkdirSync(join(root, folder), { recursive: true });
  symlinkSync('/run', join(root, 'var/run'));
  cpSync(join(ROOT, 'image/rootfs'), root, { recursive: true });
  for (const file of AGENT_FILES) add(join(ROOT, file), join(root, AGENT, file));
  add(process.execPath, join(root, 'usr/bin/node'));
  // Whatever the umask of who builds it.
  execFileSync('chmod', ['-R', 'u=rwX,go=rX', root]);
}

/** The files of a package, and of what it says about itself its licence. */
function addPackage(root: string, folder: string): void {
  for (const path of readdirSync(folder)) cpSync(join(folder, path), join(root, path), { recursive: true, verbatimSymlinks: true });
  for (const path of ['usr/share', ...UNUSED, ...UNUSED_PROGRAMS]) rmSync(join(root, path), { recursive: true, force: true });
  const doc = join(folder, DOC);
  for (const name of existsSync(doc) ? readdirSync(doc) : []) addLicence(join(doc, name), join(root, 'licences', name));
}

/** Packages of one source may share what one of them says: the others have a link to it. */
function addLicence(doc: string, licence: string): void {
  if (lstatSync(doc).isSymbolicLink()) {
    mkdirSync(dirname(licence), { recursive: true });
    symlinkSync(readlinkSync(doc), licence);
  } else if (existsSync(join(doc, 'copyright'))) add(join(doc, 'copyright'), licence);
}

function add(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(from, to);
}

/** busybox is every command of the shell that no package brings. */
function linkShellCommands(root: string): void {
  const busybox = join(root, 'bin/busybox');
  for (const name of execFileSync(busybox, ['--list'], { encoding: 'utf8' }).split('\n')) {
    const command = join(root, 'bin', name);
    if (name !== '' && !existsSync(command)) symlinkSync('busybox', command);
  }
}
