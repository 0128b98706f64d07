import { expect } from 'chai';
import { describe, it } from 'mocha';
import { DatastoreError } from '../../src/base/errors.js';
import type { MemberStatus } from '../../src/datastore/etcd/administration.js';
import { checkMembers, type MembersAsked } from '../../src/health/members.js';
import { checkText } from '../../src/output/views/datastore/check.js';

const [A, B, C] = ['http://a:2379', 'http://b:2379', 'http://c:2379'];
const KNOWN = [['1', 'a', A], ['2', 'b', B], ['3', 'c', C]].map(([id = '', name = '', url = '']) => ({ id, name, clientUrls: [url] }));

interface Case {
  readonly usable?: readonly string[];
  readonly configured?: readonly string[];
  readonly user?: string;
  readonly leader?: string;
  readonly errors?: readonly string[];
  readonly alarms?: readonly { readonly memberId: string; readonly alarm: string }[];
  /** Why an endpoint cannot be asked. */
  readonly silent?: Readonly<Record<string, DatastoreError>>;
}

/** What is told of members that answer so, and whether the store is asked then. */
async function told({ usable = [A, B, C], configured = [A, B, C], user, leader = '1', errors = [], alarms = [], silent = {} }: Case): Promise<{ readonly lines: readonly string[]; readonly goesOn: boolean }> {
  const status = (endpoint: string): MemberStatus => ({ memberId: KNOWN.find(({ clientUrls }) => clientUrls.includes(endpoint))?.id ?? '', clusterId: '9', version: '3.5.1', leader, databaseBytes: 3n * 1024n ** 2n, usedBytes: 1024n ** 2n, learner: false, errors });
  const recognises = (endpoint: string): Promise<void> => (silent[endpoint] === undefined ? Promise.resolve() : Promise.reject(silent[endpoint]));
  const etcd: MembersAsked = { logIn: () => Promise.resolve(true), recognises, status: (endpoint) => Promise.resolve(status(endpoint)), knownMembers: () => Promise.resolve(KNOWN), alarms: () => Promise.resolve(alarms) };
  const lines: string[] = [];
  const checks = checkMembers(usable, etcd, { user, configured, quotaBytes: () => Promise.resolve(4n * 1024n ** 2n) });
  for (let next = await checks.next(); ; next = await checks.next()) {
    if (next.done === true) return { lines, goesOn: next.value };
    const text = checkText(next.value).replace(/\n +/, ' / ').replace(/ +/g, ' ').trim();
    if (!text.startsWith('ok')) lines.push(text);
  }
}

const REFUSED = new DatastoreError('authentication', `etcd at ${A}: the server requires a user name and a password`, 'set ETCD_USERNAME');
const NOT_TRIED = (steps: readonly string[]): string[] => steps.map((step) => `skipped ${step} not tried, because of what failed before it`);
const BRING_UP = 'Fix: bring up what is down before another one goes: without more than half of its members etcd stops';

describe('what the members say', () => {
  const cases: readonly (readonly [string, Case, { readonly lines: readonly string[]; readonly goesOn: boolean }])[] = [
    ['nothing, where all is well', {}, { lines: [], goesOn: true }],
    ['a server that wants a login is a finding, and nothing is asked after it', { usable: [A], configured: [A], silent: { [A]: REFUSED } }, {
      lines: [`PROBLEM authentication ${A}: the server requires a user name and a password / Fix: set ETCD_USERNAME`, ...NOT_TRIED(['members', 'alarms', 'space', 'latency', 'history', 'permissions', 'data', 'cluster', 'objects'])],
      goesOn: false,
    }],
    ['a silent member is told of once at the step where it is silent', { silent: { [B]: new DatastoreError('timeout', `etcd at ${B}: does not answer`, 'check it') } }, {
      lines: [`PROBLEM version ${B}: does not answer / Fix: check it`, `WARNING members one member did not answer: b (${B}) / ${BRING_UP}`],
      goesOn: true,
    }],
    ['what failed in TLS comes before what was asked', { silent: { [C]: new DatastoreError('tls', `etcd at ${C}: the server requires a client certificate`, 'name one') } }, {
      lines: [`PROBLEM tls ${C}: the server requires a client certificate / Fix: name one`, `WARNING members one member did not answer: c (${C}) / ${BRING_UP}`],
      goesOn: true,
    }],
    ['members without an endpoint in the settings', { usable: [A], configured: [A] }, {
      lines: [`WARNING members 2 members were not asked: b (${B}), c (${C}) / Fix: add what is missing to the endpoints in the settings, so that the tool and Calico still reach etcd when another one is down`],
      goesOn: true,
    }],
    ['without a leader the store is not asked', { usable: [A], leader: '0', errors: ['etcdserver: no leader'] }, {
      lines: [
        'PROBLEM members 3 members, and no leader: nothing can be read or written / Fix: bring more than half of the members up, and check the network between them',
        `WARNING members 2 members did not answer: b (${B}), c (${C}) / ${BRING_UP}`,
        ...NOT_TRIED(['latency', 'history', 'permissions', 'data', 'cluster', 'objects']),
      ],
      goesOn: false,
    }],
    ['an alarm is told of once', { errors: ['memberID:2 alarm:NOSPACE '], alarms: [{ memberId: '2', alarm: 'NOSPACE' }] }, {
      lines: ['PROBLEM alarms NOSPACE at member 2 / Fix: free space: etcdctl compact REVISION, etcdctl defrag, then etcdctl alarm disarm; or raise --quota-backend-bytes'],
      goesOn: true,
    }],
  ];
  for (const [title, given, expected] of cases) it(title, async () => expect(await told(given)).to.deep.equal(expected));
});
