import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { packLayer, writeImage } from '../image/archive.js';
import { unpackedPackage, unpackWithLibraries } from '../support/unpacked.js';
import type { Product } from './product.js';

/** What the executable is linked with. */
const TOOL_IMAGE_PACKAGES = ['libstdc++6'];

/** Fetches what is not here yet; returns the names of all packages that the image has files of. */
export function fetchToolImagePackages(): readonly string[] {
  return unpackWithLibraries(TOOL_IMAGE_PACKAGES);
}

/** Makes the image of the tool, as `docker load` reads it: the executable, its libraries, and nothing to run besides, not even a shell. */
export function makeToolImage(executable: string, archive: string, { name, version, description }: Product): void {
  const root = mkdtempSync(`${archive}.`);
  const layer = `${archive}.layer`;
  try {
    fill(root, executable);
    packLayer(root, layer);
    writeImage(archive, layer, `${name}:${version}`, {
      Entrypoint: ['/usr/bin/calicoctl'], Cmd: ['--help'], Env: ['PATH=/usr/bin'],
      Labels: { 'org.opencontainers.image.title': name, 'org.opencontainers.image.version': version, 'org.opencontainers.image.description': description, 'org.opencontainers.image.licenses': 'Apache-2.0' },
    });
  } finally {
    rmSync(root, { recursive: true });
    rmSync(layer, { force: true });
  }
}

function fill(root: string, executable: string): void {
  for (const name of fetchToolImagePackages()) {
    for (const folder of ['lib', 'lib64', 'usr/lib', 'usr/share/doc']) {
      const from = join(unpackedPackage(name), folder);
      if (existsSync(from)) cpSync(from, join(root, folder), { recursive: true, verbatimSymlinks: true });
    }
  }
  for (const folder of ['usr/bin', 'etc/calico', 'tmp', 'root', 'var/cache']) mkdirSync(join(root, folder), { recursive: true });
  cpSync(executable, join(root, 'usr/bin/calicoctl'));
  // Whatever the umask of who builds it.
  execFileSync('chmod', ['-R', 'u=rwX,go=rX', root]);
  chmodSync(join(root, 'tmp'), 0o1777);
}
