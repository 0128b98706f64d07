import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { filesIn } from '../support/files.js';
import type { Product } from './product.js';

/** Debian's name of this machine's architecture. */
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64', s390x: 's390x', ppc64: 'ppc64el' };
export const DEBIAN_ARCHITECTURE = ARCHITECTURES[process.arch] ?? process.arch;

/** Which file of the repository or the build goes where. */
const FILES: Readonly<Record<string, string>> = {
  examples: 'usr/share/doc/calicoctl/examples',
  'dist/man': 'usr/share/man',
  'dist/completion/calicoctl.bash': 'usr/share/bash-completion/completions/calicoctl',
  'dist/completion/calicoctl.zsh': 'usr/share/zsh/vendor-completions/_calicoctl',
  'dist/completion/calicoctl.fish': 'usr/share/fish/vendor_completions.d/calicoctl.fish',
};

/** What goes with the last trace of the package: the code caches of root. */
const POSTRM = '#!/bin/sh\nset -e\nif [ "$1" = purge ]; then rm -rf /var/cache/calicoctl; fi\n';

/**
 * Makes a Debian package of the executable, its manual pages, completions and examples. It carries its own Node, so that it
 * installs where no Node is, or an older one.
 * @param root the repository
 */
export function makeDebianPackage(root: string, executable: string, target: string, product: Product): void {
  const folder = mkdtempSync(join(tmpdir(), 'calicoctl-deb-'));
  try {
    fill(root, folder, executable, product);
    control(folder, product);
    execFileSync('dpkg-deb', ['--root-owner-group', '-Zgzip', '--build', folder, target], { stdio: 'pipe', env: { ...process.env, SOURCE_DATE_EPOCH: String(product.date) } });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function fill(root: string, folder: string, executable: string, { name }: Product): void {
  const doc = join(folder, 'usr/share/doc', name);
  mkdirSync(join(folder, 'usr/bin'), { recursive: true });
  mkdirSync(doc, { recursive: true });
  cpSync(executable, join(folder, 'usr/bin', name));
  for (const [from, to] of Object.entries(FILES)) {
    mkdirSync(dirname(join(folder, to)), { recursive: true });
    cpSync(join(root, from), join(folder, to), { recursive: true });
  }
  writeFileSync(join(doc, 'copyright'), `${readFileSync(join(root, 'LICENSE'), 'utf8')}\n${readFileSync(join(root, 'dist/licences.txt'), 'utf8')}`);
  writeFileSync(join(doc, 'changelog.gz'), gzipSync(readFileSync(join(root, 'CHANGELOG.md'))));
  for (const page of filesIn(join(folder, 'usr/share/man'))) {
    writeFileSync(`${page}.gz`, gzipSync(readFileSync(page)));
    rmSync(page);
  }
}

function control(folder: string, { name, version, description }: Product): void {
  const files = filesIn(folder);
  const size = Math.ceil(files.reduce((sum, file) => sum + statSync(file).size, 0) / 1024);
  const fields = {
    Package: name, Version: version, Architecture: DEBIAN_ARCHITECTURE, Maintainer: `The engineers of ${name} <root@localhost>`, 'Installed-Size': String(size),
    Depends: 'libc6 (>= 2.28), libgcc-s1, libstdc++6 (>= 8)', Section: 'net', Priority: 'optional', Description: description,
  };
  mkdirSync(join(folder, 'DEBIAN'));
  writeFileSync(join(folder, 'DEBIAN/control'), `${Object.entries(fields).map(([key, value]) => `${key}: ${value}`).join('\n')}\n`);
  writeFileSync(join(folder, 'DEBIAN/md5sums'), files.map((file) => `${createHash('md5').update(readFileSync(file)).digest('hex')}  ${relative(folder, file)}\n`).join(''));
  writeFileSync(join(folder, 'DEBIAN/postrm'), POSTRM);
  // Whatever the umask of who builds it.
  execFileSync('chmod', ['-R', 'u=rwX,go=rX', folder]);
  chmodSync(join(folder, 'DEBIAN/postrm'), 0o755);
}
