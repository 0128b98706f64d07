import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { unpackedPackage, unpackPackages } from '../support/unpacked.js';

/** BIRD and what its client reads lines with, the C library, and a shell. */
export const IMAGE_PACKAGES = ['bird', 'libreadline8', 'libtinfo6', 'libc6', 'busybox-static'];
/** Parts of these packages that nothing in the image reads. */
const UNUSED = ['usr/share', 'usr/lib/systemd', 'lib/systemd', 'etc/init.d', 'etc/bird', 'usr/lib/tmpfiles.d'];
const OWN_FILES = fileURLToPath(new URL('../../image/rootfs', import.meta.url));

/** Fills an empty folder with the files of the node image. Packages that were not fetched before are fetched with apt. */
export function makeRootfs(root: string): void {
  unpackPackages(IMAGE_PACKAGES);
  for (const name of IMAGE_PACKAGES) cpSync(unpackedPackage(name), root, { recursive: true, verbatimSymlinks: true });
  for (const path of UNUSED) rmSync(join(root, path), { recursive: true, force: true });
  execFileSync('find', [root, '-name', 'gconv', '-prune', '-exec', 'rm', '-r', '{}', '+']);
  linkShellCommands(root);
  for (const folder of ['tmp', 'proc', 'sys', 'dev', 'run', 'etc/calico', 'var/log/calico', 'var/lib/calico', 'lib/modules']) mkdirSync(join(root, folder), { recursive: true });
  symlinkSync('/run', join(root, 'var/run'));
  cpSync(OWN_FILES, root, { recursive: true });
}

/** busybox is every command of the shell that no package brings. */
function linkShellCommands(root: string): void {
  const busybox = join(root, 'bin/busybox');
  for (const name of execFileSync(busybox, ['--list'], { encoding: 'utf8' }).split('\n')) {
    if (name !== '' && name !== 'busybox') symlinkSync('busybox', join(root, 'bin', name));
  }
}
