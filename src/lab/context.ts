import { readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { withContext, withoutContexts, type Contexts } from '../config/contexts.js';
import { changeContexts, contextsPath, readContexts } from '../config/contexts-file.js';
import { newContext } from '../config/new-context.js';
import type { LabFolder } from './folder.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** A context that a lab has made, and what is needed to find it again. */
interface MadeContext {
  readonly name: string;
  readonly endpoint: string;
  /** What says where the file is. */
  readonly env: Environment;
}

/** The context by which other commands reach a lab. */
export function contextName(lab: string): string {
  return lab === 'lab' ? lab : `lab-${lab}`;
}

/** The context of a lab, where it has one. */
export function contextOf(folder: LabFolder): string | undefined {
  return readMade(folder)?.name;
}

/**
 * Makes the context of a lab, unless somebody else has one of that name: what it says is not ours to change. Returns whether it did. Throws
 * CalicoError where the file of contexts cannot be read or written.
 */
export async function addContext(folder: LabFolder, endpoint: string, env: Environment): Promise<boolean> {
  const name = contextName(folder.name);
  const before = await readContexts(env);
  if (before?.contexts.some((each) => each.name === name) === true) return false;
  const made: MadeContext = { name, endpoint, env: { HOME: env['HOME'], XDG_CONFIG_HOME: env['XDG_CONFIG_HOME'] } };
  writeFileSync(folder.context, JSON.stringify(made));
  const context = newContext(name, undefined, { over: { etcdEndpoints: { text: endpoint, origin: 'lab up' } } });
  await changeContexts(env, (contexts) => withContext(contexts, context, { replace: false }));
  return true;
}

/** Takes the context of a lab away, and the file of contexts where no other is in it: without one, too, there are none. Throws CalicoError. */
export async function removeContext(folder: LabFolder): Promise<void> {
  const made = readMade(folder);
  if (made === undefined) return;
  const isOurs = ({ contexts }: Contexts): boolean => contexts.some(({ name, found }) => name === made.name && found.etcdEndpoints?.text === made.endpoint);
  const contexts = await readContexts(made.env);
  if (contexts === undefined || !isOurs(contexts)) return;
  if (contexts.contexts.length === 1) return removeFile(contextsPath(made.env));
  await changeContexts(made.env, (now) => (isOurs(now) ? withoutContexts(now, [made.name]) : now));
}

function removeFile(path: string): void {
  rmSync(path, { force: true });
  try {
    rmdirSync(dirname(path));
  } catch {
    // Others have something there.
  }
}

function readMade(folder: LabFolder): MadeContext | undefined {
  try {
    return JSON.parse(readFileSync(folder.context, 'utf8')) as MadeContext;
  } catch {
    return undefined;
  }
}
