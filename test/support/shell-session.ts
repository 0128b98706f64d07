import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bareEnvironment } from '../../scripts/support/calicoctl.js';
import { eventually } from '../../scripts/support/wait.js';
import type { Shell } from '../../src/cli/completion/shells.js';

/** How each shell is started without anybody's settings, and made to write the words of its line into a file when Ctrl-G is typed, and to empty the line. */
const SET_UP: Readonly<Record<Shell, { readonly start: string; readonly file: string; script(answer: string): string }>> = {
  bash: {
    start: 'bash --noprofile --rcfile ',
    file: 'rc.bash',
    script: (answer) => `PS1='> '
source <(calicoctl completion bash)
told() { eval "set -- $READLINE_LINE"; printf '%s\\0' "$@" > ${answer}.new; mv ${answer}.new ${answer}; READLINE_LINE= READLINE_POINT=0; }
bind -x '"\\C-g": told'
touch ${answer}.ready
`,
  },
  zsh: {
    start: 'zsh -i',
    file: '.zshrc',
    script: (answer) => `PS1='> '
autoload -Uz compinit && compinit -u -D
source <(calicoctl completion zsh)
told() { eval "set -- $BUFFER"; printf '%s\\0' "$@" > ${answer}.new; mv ${answer}.new ${answer}; BUFFER= }
zle -N told
bindkey -e
bindkey '^G' told
touch ${answer}.ready
`,
  },
  fish: {
    start: 'fish --no-config -i -C "source $HOME/config.fish"',
    file: 'config.fish',
    script: (answer) => `calicoctl completion fish | source
function fish_prompt; echo '> '; end
function told
  eval "set -l words $(commandline)"
  printf '%s\\0' $words > ${answer}.new; mv ${answer}.new ${answer}
  commandline ''
end
bind \\cg told
touch ${answer}.ready
`,
  },
};

/** A shell on a pseudo-terminal. */
export interface ShellSession {
  /** Types a line and the tabulator key; returns the words that the shell has in its line then. */
  complete(line: string): Promise<readonly string[]>;
  end(): void;
}

/** Starts a shell in a folder, which is its home and whose `bin` has calicoctl. */
export async function startShell(shell: Shell, folder: string, env: Readonly<Record<string, string>>): Promise<ShellSession> {
  const { start, file, script } = SET_UP[shell];
  const answer = join(folder, `answer.${shell}`);
  writeFileSync(join(folder, file), script(answer));
  const command = shell === 'bash' ? start + join(folder, file) : start;
  const bare = bareEnvironment();
  const child = spawn('script', ['-qfec', command, '/dev/null'], { cwd: folder, env: { ...bare, HOME: folder, TERM: 'xterm', PATH: `${join(folder, 'bin')}:${bare['PATH'] ?? ''}`, ...env } });
  let seen = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (seen += chunk.toString()));
  const comes = async (path: string): Promise<void> => {
    await eventually(path, () => existsSync(path), 20_000).catch(() => Promise.reject(new Error(`${shell} did not write ${path}; on its terminal:\n${seen.slice(-2000)}`)));
  };
  await comes(`${answer}.ready`);
  return {
    complete: async (line) => {
      rmSync(answer, { force: true });
      child.stdin.write(`${line}\t`);
      child.stdin.write('\u0007');
      await comes(answer);
      return readFileSync(answer, 'utf8').split('\0').slice(0, -1);
    },
    end: () => void child.kill('SIGKILL'),
  };
}
