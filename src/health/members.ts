import { CalicoError } from '../base/errors.js';
import type { Administration, KnownMember, MemberStatus } from '../datastore/etcd/administration.js';
import { fine, type Check, type CheckStep } from './check.js';

/** What the members say: who answers, their versions, their leader, alarms and space. `quotaBytes` is etcd's own, where it is known. */
export async function* checkMembers(endpoints: readonly string[], etcd: Administration, { user, quotaBytes }: { readonly user?: string | undefined; readonly quotaBytes: (endpoint: string) => Promise<bigint | undefined> }): AsyncGenerator<Check> {
  const statuses = new Map<string, MemberStatus>();
  for (const endpoint of endpoints) {
    try {
      const asked = user !== undefined && (await etcd.logIn(endpoint));
      yield user === undefined ? fine('authentication', 'no user is set', endpoint) : asked ? fine('authentication', `logged in as ${user}`, endpoint) : { step: 'authentication', state: 'warning', subject: endpoint, message: `${user} is not asked for: authentication is off`, remedy: 'switch it on with etcdctl auth enable, or leave user and password out of the settings' };
      statuses.set(endpoint, await etcd.status(endpoint));
    } catch (error) {
      yield failed('authentication', error, endpoint);
    }
  }
  const [asked] = statuses.keys();
  if (asked === undefined) return;
  for (const [endpoint, status] of statuses) yield versionCheck(endpoint, status);
  yield* await orFailure('members', async () => memberChecks(statuses, await etcd.knownMembers(asked)));
  yield* await orFailure('alarms', async () => alarmChecks(await etcd.alarms(asked)));
  for (const [endpoint, status] of statuses) yield spaceCheck(endpoint, status, await quotaBytes(endpoint));
}

/** The oldest etcd that Calico 3.32 is known to work with (reference/etcd-client 1). */
const OLDEST = [3, 4] as const;

function versionCheck(endpoint: string, { version, errors, learner }: MemberStatus): Check {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) return { step: 'version', state: 'warning', subject: endpoint, message: `etcd ${version}`, remedy: `update etcd: Calico 3.32 is tested with ${OLDEST.join('.')} and later` };
  if (errors.length > 0) return { step: 'version', state: 'problem', subject: endpoint, message: `etcd ${version} says: ${errors.join('; ')}`, remedy: 'see the log of this member' };
  return fine('version', `etcd ${version}${learner ? ', a learner' : ''}`, endpoint);
}

function* memberChecks(statuses: ReadonlyMap<string, MemberStatus>, known: readonly KnownMember[]): Generator<Check> {
  const nameOf = (id: string): string => known.find((each) => each.id === id)?.name ?? BigInt(id).toString(16);
  const leaders = new Set([...statuses.values()].map(({ leader }) => leader));
  const answering = new Set([...statuses.values()].map(({ memberId }) => memberId));
  const silent = known.filter(({ id }) => !answering.has(id));
  const count = `${known.length} ${known.length === 1 ? 'member' : 'members'}`;
  if (leaders.has('0')) yield { step: 'members', state: 'problem', message: `${count}, and no leader: nothing can be written`, remedy: 'bring more than half of the members up, and check the network between them' };
  else if (leaders.size > 1) yield { step: 'members', state: 'warning', message: `the members do not agree on their leader: ${[...leaders].map(nameOf).join(', ')}`, remedy: 'an election may be going on; look again, and check the network between the members' };
  else yield fine('members', `${count}; the leader is ${nameOf([...leaders][0] as string)}`);
  if (silent.length === 0) return;
  const who = silent.map(({ name, clientUrls, id }) => `${name === '' ? BigInt(id).toString(16) : name}${clientUrls.length === 0 ? '' : ` (${clientUrls.join(', ')})`}`).join(', ');
  yield { step: 'members', state: 'warning', message: `${silent.length === 1 ? 'one member was' : `${silent.length} members were`} not asked or did not answer: ${who}`, remedy: 'add its endpoint to the settings, so that the tool and Calico still reach etcd when another one is down' };
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
const MIB = 1024 * 1024;

function spaceCheck(endpoint: string, { databaseBytes, usedBytes }: MemberStatus, told: bigint | undefined): Check {
  const quota = told ?? DEFAULT_QUOTA;
  const percent = Number((databaseBytes * 1000n) / quota) / 10;
  const message = `${(Number(databaseBytes) / MIB).toFixed(1)} MiB, ${(Number(usedBytes) / MIB).toFixed(1)} of them used: ${percent} % of ${Number(quota) / MIB} MiB${told === undefined ? ' (the default quota; that of this member is not known)' : ''}`;
  const wasteful = databaseBytes > 100n * 1024n ** 2n && usedBytes * 2n < databaseBytes;
  if (percent >= 80) return { step: 'space', state: percent >= 95 ? 'problem' : 'warning', subject: endpoint, message, remedy: 'free space before it is full, or etcd refuses every write: etcdctl compact REVISION, then etcdctl defrag; or raise --quota-backend-bytes' };
  return wasteful ? { step: 'space', state: 'warning', subject: endpoint, message, remedy: 'give the unused half back: etcdctl defrag, one member after the other' } : fine('space', message, endpoint);
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
  if (error.meaning === 'denied' && step !== 'authentication') return { step, state: 'skipped', ...about, message: `may not be asked: ${error.message}` };
  return { step, state: 'problem', ...about, message: error.message, remedy: typeof error.hint === 'function' ? error.hint((option) => `--${option}`) : error.hint };
}
