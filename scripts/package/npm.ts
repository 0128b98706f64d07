import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** What of package.json a user's npm wants to know: neither what builds it nor with what. */
const KEPT = ['name', 'version', 'description', 'license', 'type', 'engines', 'bin'];

/**
 * Makes the package that npm installs and returns its path. It holds what `files` of package.json lists, and a package.json that names
 * every manual page, which npm then installs too.
 */
export function makeNpmPackage(root: string, folder: string): string {
  const stage = mkdtempSync(join(tmpdir(), 'calicoctl-npm-'));
  try {
    const [{ files }] = JSON.parse(npm(root, 'pack', '--json', '--dry-run')) as [{ files: readonly { readonly path: string }[] }];
    for (const { path } of files) {
      mkdirSync(dirname(join(stage, path)), { recursive: true });
      cpSync(join(root, path), join(stage, path));
      // Whatever the umask of who builds it.
      chmodSync(join(stage, path), (statSync(join(root, path)).mode & 0o100) === 0 ? 0o644 : 0o755);
    }
    const own = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<string, unknown>;
    const man = files.map(({ path }) => path).filter((path) => path.startsWith('dist/man/'));
    writeFileSync(join(stage, 'package.json'), `${JSON.stringify({ ...Object.fromEntries(KEPT.map((name) => [name, own[name]])), man }, undefined, 2)}\n`);
    chmodSync(join(stage, 'package.json'), 0o644);
    const [{ filename }] = JSON.parse(npm(stage, 'pack', '--json', '--pack-destination', folder)) as [{ filename: string }];
    return join(folder, filename);
  } finally {
    rmSync(stage, { recursive: true });
  }
}

function npm(folder: string, ...words: readonly string[]): string {
  return execFileSync('npm', [...words, '--ignore-scripts'], { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}
