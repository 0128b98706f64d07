import { isMap } from '../base/data.js';
import { isTooDeep, mayBeTooDeep, TOO_DEEP } from '../base/depth.js';
import { FAILURE, Failure } from './failure.js';
import { Fields } from './fields.js';
import { readNetworkConfig, type Attachment, type NetworkConfig } from './network-config.js';
import { isSince, versionOf, type Version } from './version.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** A call of a plugin that is about a network: GC, STATUS. */
export interface NetworkCall {
  readonly version: Version;
  readonly config: NetworkConfig;
  /** The folders in which other plugins are, as CNI_PATH has them. */
  readonly path: string;
}

/** A call that is about a container in a network: ADD, DEL, CHECK. */
export interface AttachmentCall extends NetworkCall, Attachment {
  /** The path of the container's network namespace; empty where it is gone, for DEL. */
  readonly netns: string;
  /** The text of CNI_ARGS. */
  readonly args: string;
}

/** What each command needs of the environment, and since which version there is such a command (reference/network-plugin 4.1). */
const COMMANDS = {
  ADD: { needs: ['CNI_CONTAINERID', 'CNI_NETNS', 'CNI_IFNAME', 'CNI_PATH'], since: '0.1.0' },
  DEL: { needs: ['CNI_CONTAINERID', 'CNI_IFNAME', 'CNI_PATH'], since: '0.1.0' },
  CHECK: { needs: ['CNI_CONTAINERID', 'CNI_NETNS', 'CNI_IFNAME', 'CNI_PATH'], since: '0.4.0' },
  GC: { needs: ['CNI_PATH'], since: '1.1.0' },
  STATUS: { needs: ['CNI_PATH'], since: '1.1.0' },
  VERSION: { needs: [], since: '0.1.0' },
} as const satisfies Readonly<Record<string, { readonly needs: readonly string[]; readonly since: Version }>>;

export type Command = keyof typeof COMMANDS;

/** The longest name of an interface that Linux takes. */
const LONGEST_INTERFACE = 15;

/** Which command is called; undefined where none is. Throws Failure where there is no such command, or what it needs is missing or wrong. */
export function readCommand(env: Environment): Command | undefined {
  const command = env['CNI_COMMAND'] ?? '';
  if (command === '') return undefined;
  if (!isCommand(command)) throw new Failure(FAILURE.environment, `unknown CNI_COMMAND: ${command}`);
  const needs: readonly string[] = COMMANDS[command].needs;
  if (needs.includes('CNI_CONTAINERID')) requireAttachment(env);
  const missing = needs.filter((name) => (env[name] ?? '') === '');
  if (missing.length > 0) throw new Failure(FAILURE.environment, `required env variables [${missing.join(',')}] missing`);
  return command;
}

/** Reads a call from the environment and what stands on stdin. Throws Failure for anything in either that is not as it must be. */
export function readCall(command: Exclude<Command, 'VERSION'>, env: Environment, stdin: string): AttachmentCall {
  const fields = readJson(stdin);
  requireName(fields);
  const version = versionOf(fields.data['cniVersion']);
  if (!isSince(version, COMMANDS[command].since)) throw new Failure(FAILURE.incompatibleVersion, `config version does not allow ${command}`, `${command} came with ${COMMANDS[command].since}, the config is ${version}`);
  const text = (name: string): string => env[name] ?? '';
  return { version, config: readNetworkConfig(fields), path: text('CNI_PATH'), containerId: text('CNI_CONTAINERID'), ifname: text('CNI_IFNAME'), netns: text('CNI_NETNS'), args: text('CNI_ARGS') };
}

/** Reads a configuration for itself, called for nothing. Throws Failure. */
export function readConfig(stdin: string): NetworkConfig {
  return readNetworkConfig(readJson(stdin));
}

/** The type of the plugin that a configuration names; undefined where it cannot be read. */
export function typeIn(stdin: string): string | undefined {
  try {
    return readJson(stdin).text('type');
  } catch {
    return undefined;
  }
}

function isCommand(command: string): command is Command {
  return Object.hasOwn(COMMANDS, command);
}

function readJson(stdin: string): Fields {
  const undecodable = (why: string): Failure => new Failure(FAILURE.undecodable, `error unmarshall network config: ${why}`);
  let value: unknown;
  try {
    value = JSON.parse(stdin);
  } catch (error) {
    throw undecodable(whyNoJson((error as Error).message));
  }
  if (mayBeTooDeep(stdin) && isTooDeep(value)) throw undecodable(TOO_DEEP);
  if (!isMap(value)) throw undecodable('it is no map');
  return new Fields(value);
}

/** Of what the parser says only where it stopped: it also repeats the text there, which may be a password. */
function whyNoJson(said: string): string {
  if (/end of JSON|Unterminated/.test(said)) return 'unexpected end of JSON input';
  const position = /position (\d+)/.exec(said)?.[1];
  return position === undefined ? 'it is no JSON' : `it is no JSON from position ${position} on`;
}

function requireName(fields: Fields): void {
  const name = fields.text('name') ?? '';
  if (name === '') throw new Failure(FAILURE.invalidConfig, 'missing network name');
  if (!isWord(name)) throw new Failure(FAILURE.invalidConfig, 'invalid characters found in network name', name);
}

function requireAttachment(env: Environment): void {
  const [id = '', ifname = ''] = [env['CNI_CONTAINERID'], env['CNI_IFNAME']];
  const wrong = (why: string, details?: string): Failure => new Failure(FAILURE.environment, why, details);
  if (id !== '' && !isWord(id)) throw wrong('invalid characters in containerID', id);
  if (Buffer.byteLength(ifname) > LONGEST_INTERFACE) throw wrong('interface name is too long', `interface name should be less than ${LONGEST_INTERFACE + 1} characters`);
  if (ifname === '.' || ifname === '..') throw wrong('interface name is . or ..');
  if (/[/:\s]/u.test(ifname)) throw wrong('interface name contains / or : or whitespace characters');
}

/** What networks and containers may be called: it becomes part of a key and of file names. */
function isWord(text: string): boolean {
  return /^[a-zA-Z0-9][\w.-]*$/.test(text);
}
