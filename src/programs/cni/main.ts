import { commit, version } from 'calicoctl:cni-facts';
import { basename } from 'node:path';
import { typeIn } from '../../cni/call.js';
import { failureOf, failureText, FAILURE, Failure } from '../../cni/failure.js';
import { runPlugin, type Process } from '../../cni/run.js';
import { writeAll } from '../calicoctl/streams.js';
import { readInput } from './input.js';
import { PLUGINS } from './plugins.js';

/** Runs the plugin that is meant, as the environment calls it. Returns the exit code. */
async function main([, file = '', word, ...more]: readonly string[]): Promise<number> {
  if ([word, ...more].some((each) => each === '-v' || each === '--version')) {
    writeAll(1, `${commit === '' ? version : `${version} (${commit})`}\n`);
    return 0;
  }
  let text: string | undefined;
  const stdin = (): string => (text ??= readInput());
  if ([word, ...more].includes('-t')) {
    const { testConnection } = await import('../../cni/test-connection.js');
    const { code, stdout } = await testConnection(processFor(stdin));
    writeAll(1, stdout);
    return code;
  }
  const name = nameOf(file, word, stdin);
  const load = name === undefined ? undefined : PLUGINS[name];
  const { code, stdout } = name === undefined || load === undefined ? { code: 1, stdout: failureText(unknownPlugin(word)) } : await runPlugin(name, load, processFor(stdin));
  writeAll(1, stdout);
  return code;
}

/**
 * Which plugin is meant: the one that the launcher's word names, else the one that this file is called after, by a link perhaps. Where
 * neither tells, the type in the configuration does: it is what a runtime looks for among the files of plugins.
 */
function nameOf(file: string, word: string | undefined, stdin: () => string): string | undefined {
  const known = (name: string | undefined): name is string => name !== undefined && Object.hasOwn(PLUGINS, name);
  if (word !== undefined) return known(word) ? word : undefined;
  const own = basename(file).replace(/\.(?:js|exe)$/, '');
  if (known(own)) return own;
  const type = process.env['CNI_COMMAND'] === undefined ? undefined : typeIn(stdin());
  return known(type) ? type : undefined;
}

function unknownPlugin(word: string | undefined): Failure {
  const names = Object.keys(PLUGINS).join(' or ');
  return new Failure(FAILURE.environment, word === undefined ? 'it is not known which plugin is called' : `there is no plugin ${JSON.stringify(word)}`, `call it as ${names}: by the first word, or by a link of that name`);
}

function processFor(stdin: () => string): Process {
  const ending = new AbortController();
  const listening = (): string => {
    // Whoever waits for stdin waits without an ear for signals: until then they end the process by themselves.
    const text = stdin();
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => ending.abort(new Error(signal)));
    return text;
  };
  return { env: process.env, pid: process.pid, stdin: listening, stderr: (line) => void tell(2, line), signal: ending.signal };
}

/** Writes what nobody has to read: a full disk behind it is nothing to fail at. False where it cannot be written. */
function tell(descriptor: number, text: string): boolean {
  try {
    writeAll(descriptor, text);
    return true;
  } catch {
    return false;
  }
}

/** Runs the plugin that is meant, and ends the process when it is done. */
export async function run(argv: readonly string[]): Promise<void> {
  process.on('uncaughtException', (error) => {
    const text = failureText(failureOf(error));
    if (!tell(1, text)) tell(2, text);
    process.exit(1);
  });
  process.exit(await main(argv));
}
