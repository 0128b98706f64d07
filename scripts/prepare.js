// npm runs this behind every installation of the repository itself: of a clone (`npm ci`, `npm install --global .`) and of its address
// (`npm install --global --install-links git+...`). What is not built yet is built, so that there is a program to run.
// Plain JavaScript: a clone that is linked globally has no packages yet.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const npm = (...words) => {
  // What is installed here is not what is installed globally.
  const { npm_config_global: _global, npm_config_prefix: _prefix, npm_config_local_prefix: _local, ...env } = process.env;
  execFileSync('npm', words, { cwd: new URL('..', import.meta.url), stdio: ['ignore', 'inherit', 'inherit'], env });
};

if (!existsSync(new URL('../dist/launch.js', import.meta.url))) {
  if (existsSync(new URL('../node_modules/esbuild', import.meta.url))) npm('run', '--silent', 'build');
  else npm('ci');
}
