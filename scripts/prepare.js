// npm runs this behind every installation of the repository itself: of a clone (`npm ci`, `npm install --global .`) and of its address
// (`npm install --global --install-links git+...`). What is not built yet is built, so that there is a program to run.
// Plain JavaScript: a clone that is linked globally has no packages yet.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { argv, env, exit } from 'node:process';

const root = dirname(dirname(argv[1]));

const npm = (...words) => {
  // What is installed here is not what is installed globally.
  const own = Object.fromEntries(Object.entries(env).filter(([name]) => !/^npm_config_(global|prefix|local_prefix)$/.test(name)));
  const { status, error } = spawnSync('npm', words, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env: own });
  if (error !== undefined) throw error;
  // npm has said what went wrong; where this file was then adds nothing.
  if (status !== 0) exit(status ?? 1);
};

if (!existsSync(join(root, 'dist/launch.js'))) {
  if (existsSync(join(root, 'node_modules/esbuild'))) npm('run', '--silent', 'build');
  else npm('ci');
}
