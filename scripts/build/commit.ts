import { execFileSync } from 'node:child_process';

/** The commit of a repository in seven digits, and that it was changed since; empty where there is no repository, as in a tarball of sources. */
export function commitOf(root: string): string {
  const git = (...words: string[]): string => execFileSync('git', words, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    return git('rev-parse', '--short=7', 'HEAD') + (git('status', '--porcelain', '--untracked-files=no') === '' ? '' : ', changed');
  } catch {
    return '';
  }
}
