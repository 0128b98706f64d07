import { parseBlockKey, BLOCK_PREFIX, HANDLE_PREFIX } from '../../../ipam/records/keys.js';
import { readContexts } from '../../../config/contexts-file.js';
import type { FoundSettings } from '../../../config/keys.js';
import { toSettings } from '../../../config/resolve.js';
import type { Store } from '../../../datastore/store.js';
import { lastCommands, type JournaledCommand } from '../../../journal/commands.js';
import { formatCidr } from '../../../net/address.js';
import type { Dialect } from '../../../resources/kind.js';
import { kindOfWord } from '../../../resources/registry.js';
import { findSetting, settingNames } from '../../../settings/setting.js';
import type { Candidate, LookUp, LookUpWord } from '../facts.js';
import { ends, endpoints } from './ends.js';
import { fieldWords } from './fields.js';
import { kindWords } from './kinds.js';
import { inLab, isInLab } from './labs.js';
import { namespaceNames, namesOf, nodeNames } from './names.js';
import { resourceWords } from './resources.js';
import { clusterOf, type Cluster } from './store.js';

type Env = Readonly<Record<string, string | undefined>>;

/** What a look-up works with. `store` opens the store, and none before that. */
export interface LookUpTools {
  readonly wanted: LookUp;
  readonly dialect: Dialect;
  readonly store: () => Promise<Store>;
}

type Finder = (tools: LookUpTools) => readonly Words[] | Promise<readonly Words[]>;
/** Of the journal, the last commands are offered: nobody takes an older one from a list. */
const MOST_COMMANDS = 100;

/** A candidate, or its word alone, without what stands before the part that is looked up. */
type Words = Candidate | string;

/** What is looked up in a cluster, or in the tool. */
type ClusterWord = Exclude<LookUpWord, 'CONTEXT' | 'LAB' | 'PLACE' | 'FROM' | 'TO'>;

const FINDERS: Readonly<Record<ClusterWord, Finder>> = {
  KIND: ({ wanted, dialect }) => kindWords(wanted.command, dialect, wanted.typed),
  RESOURCE: resourceWords,
  FIELD: ({ wanted, dialect }) => fieldWords(wanted.typed, dialect),
  SETTING: ({ wanted }) => settingNames(component(wanted)),
  VALUE: ({ wanted }) => settingValues(wanted),
  NODE: async ({ wanted, dialect, store }) => (kindOf(wanted, dialect) === 'v3' ? [] : nodeNames(await store(), wanted.typed)),
  NAMESPACE: async ({ wanted, dialect, store }) => (kindOf(wanted, dialect) === 'v1' ? [] : namespaceNames(await store())),
  POLICY: async ({ store }) => names(['globalnetworkpolicy', 'networkpolicy'], await store()),
  POOL: async ({ store }) => names(['ippool'], await store()),
  CIDR: async ({ wanted, store }) => namesOf('ipPool', { flags: new Map(), typed: wanted.typed }, 'v1', await store()),
  HANDLE: async ({ wanted, store }) => (await keysBelow(HANDLE_PREFIX + wanted.typed, await store())).map((key) => key.slice(HANDLE_PREFIX.length)),
  BLOCK: async ({ store }) => (await keysBelow(BLOCK_PREFIX, await store())).flatMap((key) => parseBlockKey(key) ?? []).map(formatCidr),
  ENDPOINT: async ({ dialect, store }) => endpoints(await store(), dialect),
  END: async ({ dialect, store }) => ends(await store(), dialect),
  COMMAND: async ({ store }) => (await lastCommands(await store(), MOST_COMMANDS)).commands.map((command) => ({ word: command.id, about: aboutCommand(command) })),
  // Each as it was when a command was done.
  WHEN: async ({ store }) => (await lastCommands(await store(), MOST_COMMANDS)).commands.flatMap((command) => command.revisions.slice(-1).map((word) => ({ word, about: aboutCommand(command) }))),
};

/** What there is of something, in whole words. Throws where the store cannot be read in time, or the line is wrong. */
export async function lookUp(wanted: LookUp, env: Env, untilMs: number): Promise<readonly Candidate[]> {
  const found = await wordsFor(wanted, env, untilMs);
  const whole = found.map((each): Candidate => (typeof each === 'string' ? { word: each } : each));
  return whole.map((each) => ({ ...each, word: wanted.lead + each.word }));
}

function wordsFor(wanted: LookUp, env: Env, untilMs: number): Promise<readonly Words[]> {
  if (wanted.word === 'CONTEXT') return contextNames(env, wanted);
  return isInLab(wanted) ? inLab(wanted, untilMs) : inCluster(wanted, clusterOf(wanted.flags, env), untilMs);
}

async function inCluster(wanted: LookUp, cluster: Cluster, untilMs: number): Promise<readonly Words[]> {
  return FINDERS[wanted.word as ClusterWord]({ wanted, dialect: await cluster.dialect(), store: () => cluster.open(untilMs) });
}

async function contextNames(env: Env, { words }: LookUp): Promise<readonly Words[]> {
  const { contexts } = (await readContexts(env)) ?? { contexts: [] };
  return contexts.filter(({ name }) => !words.includes(name)).map(({ name, found }) => ({ word: name, about: endpointsOf(found) }));
}

/** Where a context leads; undefined where that is not as it should be: a password may stand in it. */
function endpointsOf(found: FoundSettings): string | undefined {
  try {
    return toSettings(found).endpoints.join(', ');
  } catch {
    return undefined;
  }
}

function aboutCommand({ time, user, commandLine }: JournaledCommand): string {
  return `${time} ${user}: ${commandLine.join(' ')}`;
}

function component({ flags }: LookUp): 'felix' | 'bgp' | undefined {
  const raw = flags.get('raw')?.at(-1);
  return raw === 'felix' || raw === 'bgp' ? raw : undefined;
}

function settingValues(wanted: LookUp): readonly Words[] {
  const setting = findSetting(wanted.words[0] ?? '', component(wanted));
  return (setting.values ?? []).filter((word) => !('problem' in setting.read(word)));
}

/** The dialect of the kind that a line is about, where it names one. */
function kindOf({ words: [first = ''] }: LookUp, dialect: Dialect): Dialect | undefined {
  return kindOfWord(first.split(/[,/]/, 1)[0] as string, dialect)?.dialect;
}

async function names(kinds: readonly string[], store: Store): Promise<readonly string[]> {
  const all = { flags: new Map([['all-namespaces', []]]), typed: '' };
  return (await Promise.all(kinds.map((kind) => namesOf(kind, kind === 'networkpolicy' ? all : { ...all, flags: new Map() }, 'v3', store)))).flat();
}

async function keysBelow(prefix: string, store: Store): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const { entries } of store.list(prefix, { keysOnly: true })) for (const { key } of entries) keys.push(key);
  return keys;
}
