import type { Level, Log } from '../../text/log.js';
import type { AgentContext } from '../part.js';

/** The variables of a part, and its log. */
export type Variables = Pick<AgentContext, 'env' | 'log'>;

/** What false is called; everything else is true (reference/node-agent 6). */
const FALSE: readonly string[] = ['false', '0', 'no', 'n', 'f'];

/** A variable that is true or false, told in the log. */
export function truth({ env, log }: Variables, name: string, usual: boolean): boolean {
  const text = env[name];
  const value = text === undefined ? usual : !FALSE.includes(text.toLowerCase());
  log.info(`${name} is ${value}${text === undefined ? ' by default' : ''}`);
  return value;
}

const LEVELS: Readonly<Record<string, Level>> = { panic: 'Fatal', fatal: 'Fatal', error: 'Error', warn: 'Warning', warning: 'Warning', info: 'Info', debug: 'Debug', trace: 'Trace' };

/** Sets how much is logged, as CALICO_STARTUP_LOGLEVEL says. */
export function setLogLevel(log: Log, env: AgentContext['env']): void {
  const text = env['CALICO_STARTUP_LOGLEVEL'] ?? '';
  const level = LEVELS[text.toLowerCase()];
  if (level !== undefined) log.level = level;
  else if (text !== '') log.error(`CALICO_STARTUP_LOGLEVEL: ${JSON.stringify(text)} is no level of a log; known: ${Object.keys(LEVELS).join(', ')}`);
}
