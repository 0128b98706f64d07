import { CalicoError, DatastoreError, type DatastoreStage } from '../base/errors.js';
import type { Administration, KnownMember, MemberStatus } from '../datastore/etcd/administration.js';
import { CHECK_STEPS, fine, skipped, type Check, type CheckStep } from './check.js';

/** What is asked of the members. */
export type MembersAsked = Pick<Administration, 'logIn' | 'recognises' | 'status' | 'knownMembers' | 'alarms'>;

export interface MemberQuestions {
  /** The user in the settings. */
  readonly user?: string | undefined;
  /** The endpoints in the settings, also those to which no way leads. */
  readonly configured: readonly string[];
  /** The quota of a member's database, where it can be known. */
  readonly quotaBytes: (endpoint: string) => Promise<bigint | undefined>;
}

/** What one member said of itself, and what it said to whoever asks. */
interface Answer {
  readonly endpoint: string;
  readonly checks: readonly Check[];
  readonly status?: MemberStatus;
}

/** What the members say: who answers, their versions, their leader, alarms and space. Returns whether the store can be asked at all. */
export async function* checkMembers(endpoints: readonly string[], etcd: MembersAsked, { user, configured, quotaBytes }: MemberQuestions): AsyncGenerator<Check, boolean> {
  const answers = await Promise.all(endpoints.map((endpoint) => ask(endpoint, etcd, user)));
  const inOrder = (one: Check, other: Check): number => CHECK_STEPS.indexOf(one.step) - CHECK_STEPS.indexOf(other.step);
  yield* answers.flatMap(({ checks }) => checks).sort(inOrder);
  const statuses = new Map(answers.flatMap(({ endpoint, status }) => (status === undefined ? [] : [[endpoint, status] as const])));
  const [asked] = statuses.keys();
  if (asked === undefined) {
    yield* skipped('members');
    return false;
  }
  yield* await orFailure('members', async () => memberChecks(statuses, await etcd.knownMembers(asked), configured));
  const led = [...statuses.values()].some(({ leader }) => leader !== '0');
  if (led) yield* await orFailure('alarms', async () => alarmChecks(await etcd.alarms(asked)));
  for (const [endpoint, status] of statuses) yield spaceCheck(endpoint, status, await quotaBytes(endpoint));
  if (!led) yield* skipped('latency');
  return led;
}

/** The step at which a member's first answer is missing, by what is the matter; any other is about the member itself. */
const STEP_OF_STAGE: Partial<Record<DatastoreStage, CheckStep>> = { tls: 'tls', authentication: 'authentication' };

async function ask(endpoint: string, etcd: MembersAsked, user: string | undefined): Promise<Answer> {
  try {
    const asked = user !== undefined && (await etcd.logIn(endpoint));
    await etcd.recognises(endpoint);
    const status = await etcd.status(endpoint);
    return { endpoint, status, checks: [authenticationCheck(endpoint, user, asked), versionCheck(endpoint, status)] };
  } catch (error) {
    return { endpoint, checks: [failed((error instanceof DatastoreError && STEP_OF_STAGE[error.stage]) || 'version', error, endpoint)] };
  }
}

function authenticationCheck(endpoint: string, user: string | undefined, asked: boolean): Check {
  if (user === undefined) return fine('authentication', 'no user is set, and none is asked for', endpoint);
  if (asked) return fine('authentication', `logged in as ${user}`, endpoint);
  return { step: 'authentication', state: 'warning', subject: endpoint, message: `${user} is not asked for: authentication is off`, remedy: 'switch it on with etcdctl auth enable, or leave user and password out of the settings' };
}

/** The oldest etcd that Calico 3.32 is known to work with (reference/etcd-client 1). */
const OLDEST = [3, 4] as const;

function versionCheck(endpoint: string, { version, errors, learner }: MemberStatus): Check {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) return { step: 'version', state: 'warning', subject: endpoint, message: `etcd ${version}`, remedy: `update etcd: Calico 3.32 is tested with ${OLDEST.join('.')} and later` };
  // A missing leader and alarms have steps of their own.
  const others = errors.filter((each) => !/no leader|alarm:/.test(each));
  if (others.length > 0) return { step: 'version', state: 'problem', subject: endpoint, message: `etcd ${version} says: ${others.join('; ')}`, remedy: 'see the log of this member' };
  return fine('version', `etcd ${version}${learner ? ', a learner' : ''}`, endpoint);
}

function* memberChecks(statuses: ReadonlyMap<string, MemberStatus>, known: readonly KnownMember[], configured: readonly string[]): Generator<Check> {
  const nameOf = (id: string): string => known.find((each) => each.id === id)?.name ?? BigInt(id).toString(16);
  const leaders = new Set([...statuses.values()].map(({ leader }) => leader));
  const answering = new Set([...statuses.values()].map(({ memberId }) => memberId));
  const count = `${known.length} ${known.length === 1 ? 'member' : 'members'}`;
  if (leaders.has('0')) yield { step: 'members', state: 'problem', message: `${count}, and no leader: nothing can be read or written`, remedy: 'bring more than half of the members up, and check the network between them' };
  else if (leaders.size > 1) yield { step: 'members', state: 'warning', message: `the members do not agree on their leader: ${[...leaders].map(nameOf).join(', ')}`, remedy: 'an election may be going on; look again, and check the network between the members' };
  else yield fine('members', `${count}; the leader is ${nameOf([...leaders][0] as string)}`);
  yield* silentChecks(known.filter(({ id }) => !answering.has(id)), configured, statuses.size < configured.length);
}

/** Members that said nothing: those whose endpoint is in the settings, and others. Under another name (`unanswered`) it may be there too. */
function* silentChecks(silent: readonly KnownMember[], configured: readonly string[], unanswered: boolean): Generator<Check> {
  const named = ({ name, clientUrls, id }: KnownMember): string => `${name === '' ? BigInt(id).toString(16) : name}${clientUrls.length === 0 ? '' : ` (${clientUrls.join(', ')})`}`;
  const count = ({ length }: readonly KnownMember[]): string => (length === 1 ? 'one member' : `${length} members`);
  const isConfigured = ({ clientUrls }: KnownMember): boolean => clientUrls.some((url) => configured.includes(url));
  const [down, others] = [silent.filter(isConfigured), silent.filter((member) => !isConfigured(member))];
  if (down.length > 0) yield { step: 'members', state: 'warning', message: `${count(down)} did not answer: ${down.map(named).join(', ')}`, remedy: 'bring up what is down before another one goes: without more than half of its members etcd stops' };
  if (others.length === 0) return;
  const message = `${count(others)} ${others.length === 1 ? 'was' : 'were'} not asked${unanswered ? ' or did not answer' : ''}: ${others.map(named).join(', ')}`;
  yield { step: 'members', state: 'warning', message, remedy: 'add what is missing to the endpoints in the settings, so that the tool and Calico still reach etcd when another one is down' };
}

function* alarmChecks(alarms: readonly { readonly memberId: string; readonly alarm: string }[]): Generator<Check> {
  if (alarms.length === 0) yield fine('alarms', 'none');
  for (const { alarm, memberId } of alarms) {
    const remedy = /nospace/i.test(alarm) ? 'free space: etcdctl compact REVISION, etcdctl defrag, then etcdctl alarm disarm; or raise --quota-backend-bytes' : 'replace this member: etcdctl member remove, then add it with an empty data folder';
    yield { step: 'alarms', state: 'problem', message: `${alarm.toUpperCase()} at member ${BigInt(memberId).toString(16)}`, remedy };
  }
}

/** etcd's quota where --quota-backend-bytes does not say otherwise, in bytes. */
const DEFAULT_QUOTA = 2n * 1024n ** 3n;

function spaceCheck(endpoint: string, { databaseBytes, usedBytes }: MemberStatus, told: bigint | undefined): Check {
  const quota = told ?? DEFAULT_QUOTA;
  const percent = Number((databaseBytes * 1000n) / quota) / 10;
  const message = `${mib(databaseBytes)} MiB, ${mib(usedBytes)} of them used: ${percent} % of ${mib(quota)} MiB${told === undefined ? ' (the default quota; that of this member is not known)' : ''}`;
  const wasteful = databaseBytes > 100n * 1024n ** 2n && usedBytes * 2n < databaseBytes;
  if (percent >= 80) return { step: 'space', state: percent >= 95 ? 'problem' : 'warning', subject: endpoint, message, remedy: 'free space before it is full, or etcd refuses every write: etcdctl compact REVISION, then etcdctl defrag; or raise --quota-backend-bytes' };
  return wasteful ? { step: 'space', state: 'warning', subject: endpoint, message, remedy: 'give the unused half back: etcdctl defrag, one member after the other' } : fine('space', message, endpoint);
}

function mib(bytes: bigint): string {
  return String(Math.round((Number(bytes) / 1024 / 1024) * 10) / 10);
}

/** What was found out, or why it could not be. */
async function orFailure(step: CheckStep, work: () => Promise<Iterable<Check>>): Promise<Iterable<Check>> {
  try {
    return await work();
  } catch (error) {
    return [failed(step, error)];
  }
}

/** A failure as a finding. Whoever may not ask goes without the answer. */
export function failed(step: CheckStep, error: unknown, subject?: string): Check {
  if (!(error instanceof CalicoError) || error.meaning === 'interrupted') throw error;
  const about = subject === undefined ? {} : { subject };
  if (error instanceof DatastoreError && error.stage === 'permission') return { step, state: 'skipped', ...about, message: `may not be asked: ${error.message}` };
  const remedy = typeof error.hint === 'function' ? error.hint((option) => `--${option}`) : error.hint;
  return { step, state: 'problem', ...about, message: error.message.replace(`etcd at ${subject}: `, ''), remedy: remedy ?? 'see the log of etcd, and etcdctl endpoint health' };
}
