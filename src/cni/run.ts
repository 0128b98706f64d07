import type { Store } from '../datastore/store.js';
import { Log, type Level, type WriteLine } from '../text/log.js';
import { readCall, readCommand, type AttachmentCall, type Command, type Environment } from './call.js';
import { LateStore, storeOf } from './datastore.js';
import { failureOf, failureText, FAILURE, Failure } from './failure.js';
import { logFile } from './log-file.js';
import type { LogConfig } from './network-config.js';
import { nodeNameOf } from './node-name.js';
import type { Plugin, PluginContext } from './plugin.js';
import { resultText } from './result.js';
import { VERSIONS, versionText } from './version.js';

/** What a process gives to the plugin that runs in it. */
export interface Process {
  readonly env: Environment;
  readonly pid: number;
  /** All of stdin. */
  readonly stdin: () => string;
  readonly stderr: WriteLine;
  readonly signal: AbortSignal;
  /** Connects the datastore, where that is not as the configuration says. */
  readonly connect?: () => Promise<Store>;
}

/** How a plugin ended. */
export interface End {
  readonly code: number;
  readonly stdout: string;
}

/**
 * Runs a plugin as its environment and stdin call it. Whatever goes wrong ends with a failure that the runtime can read on stdout
 * (reference/network-plugin 4).
 * @param load the plugin with that name
 */
export async function runPlugin(name: string, load: () => Promise<Plugin>, process: Process): Promise<End> {
  try {
    const command = readCommand(process.env);
    if (command === 'VERSION') return { code: 0, stdout: versionText() };
    if (command !== undefined) return { code: 0, stdout: await carryOut(name, command, await load(), process) };
    process.stderr(`CNI plugin ${name} of Calico\nCNI protocol versions supported: ${VERSIONS.join(', ')}\n`);
    return { code: 0, stdout: '' };
  } catch (error) {
    return { code: 1, stdout: failureText(failureOf(error)) };
  }
}

async function carryOut(name: string, command: Exclude<Command, 'VERSION'>, plugin: Plugin, process: Process): Promise<string> {
  const { env, signal, stdin } = process;
  const call = readCall(command, env, stdin());
  const log = openLog(name, call.config.log, process);
  const store = process.connect === undefined ? storeOf(call.config.etcd, env, signal) : new LateStore(process.connect);
  const context: PluginContext = { env, log, signal, store: store.open, nodeName: () => nodeNameOf(call.config, env) };
  try {
    return await answer(plugin, command, call, context);
  } catch (error) {
    const failure = signal.aborted ? new Failure(FAILURE.tryAgain, `ended by ${(signal.reason as Error).message}`) : failureOf(error);
    log.error(`${command} of container ${call.containerId || 'none'} in network ${call.config.name} failed: ${failure.message}`);
    throw failure;
  } finally {
    await store.close();
  }
}

async function answer(plugin: Plugin, command: Exclude<Command, 'VERSION'>, call: AttachmentCall, context: PluginContext): Promise<string> {
  if (command === 'ADD') return resultText(await plugin.add(call, context), call.version);
  const commands = { DEL: plugin.del, CHECK: plugin.check, GC: plugin.gc, STATUS: plugin.status };
  await commands[command].call(plugin, call, context);
  return '';
}

/** The log goes to stderr, and to a file where the configuration names one. */
function openLog(name: string, config: LogConfig, { stderr, pid }: Process): Log {
  const { file } = config;
  const shared = { level: levelOf(config.level) };
  const onFailure = (why: string): void => new Log(stderr, name, pid, shared).warning(`the log file cannot be written: ${why}`);
  const intoFile = file === undefined ? undefined : logFile({ ...config, file }, onFailure, () => new Date());
  const write: WriteLine = (line) => {
    stderr(line);
    intoFile?.(line);
  };
  return new Log(write, name, pid, shared);
}

function levelOf(level = ''): Level {
  const word = level.toLowerCase();
  if (word === 'debug' || word === 'trace') return 'Debug';
  if (word === 'warning' || word === 'warn') return 'Warning';
  return word === 'error' || word === 'fatal' ? 'Error' : 'Info';
}
