import { commit, version } from 'calicoctl:agent-facts';
import { Log } from '../../text/log.js';
import type { AgentContext, Part } from '../../agent/part.js';
import { AGENT } from '../../host/processes.js';
import { writeAll } from '../calicoctl/streams.js';
import { PARTS } from './parts.js';

const EXIT_USAGE = 2;
const EXIT_BUG = 70;

/** Runs the part of the agent that the first word names; without a word, all of it. Returns the exit code. */
async function main(words: readonly string[]): Promise<number> {
  const [name = 'all', ...args] = words;
  const load = Object.hasOwn(PARTS, name) ? PARTS[name] : undefined;
  if (load === undefined) {
    writeAll(2, `${JSON.stringify(name)} is no part of the agent\nhint: write one of ${Object.keys(PARTS).join(', ')}; no word is all: startup, then run\n`);
    return EXIT_USAGE;
  }
  return run(name, await load(), args);
}

async function run(name: string, part: Part, args: readonly string[]): Promise<number> {
  process.title = AGENT;
  // Node would open its debugger, and end where nobody listens.
  process.on('SIGUSR1', () => undefined).on('SIGHUP', () => undefined);
  const ending = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => ending.abort(new Error(signal)));
  const print = (text: string): void => writeAll(1, text);
  const log = new Log(print, name, process.pid);
  const on: AgentContext['on'] = (signal, listener) => void process.on(signal, listener);
  try {
    return await part({ args, env: process.env, log, print, signal: ending.signal, on, version: commit === '' ? version : `${version} (${commit})` });
  } catch (error) {
    if (ending.signal.aborted) return 0;
    log.error(`this is a bug of the agent, please report it: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    return EXIT_BUG;
  }
}

void main(process.argv.slice(2)).then((code) => process.exit(code));
