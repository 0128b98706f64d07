import { execFileSync, spawnSync } from 'node:child_process';

/** Whether a program of that name can be started. */
function onPath(program: string): boolean {
  return spawnSync(program, ['--version'], { stdio: 'ignore' }).error === undefined;
}

/**
 * Makes sure that Debian's packages provide some programs: those missing are installed when we are root, otherwise
 * the error says exactly what to install.
 * @param wanted program names with the Debian package of each
 */
export function ensurePrograms(wanted: Readonly<Record<string, string>>): void {
  const missing = Object.keys(wanted).filter((program) => !onPath(program));
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map((program) => wanted[program] as string))];
  if (process.getuid?.() !== 0) {
    throw new Error(`${missing.join(', ')} not found on PATH; install with: sudo apt-get install ${packages.join(' ')}`);
  }
  console.error(`installing ${packages.join(' ')} (${missing.join(', ')} not found on PATH)`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  execFileSync('apt-get', ['update', '-qq'], { stdio: ['ignore', 'ignore', 'inherit'], env });
  execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], { stdio: ['ignore', 'ignore', 'inherit'], env });
}
