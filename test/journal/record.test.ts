import { expect } from 'chai';
import { describe, it } from 'mocha';
import { decodeRecord, encodeRecord, readRecordKey, recordKey, type JournalRecord } from '../../src/journal/record.js';
import { withoutSecrets } from '../../src/journal/without-secrets.js';

const RECORD: JournalRecord = {
  time: '2026-11-30T06:30:59.123Z', command: '4f2a9c1e', number: 3, user: 'root', behind: 'alice', host: 'h1', commandLine: ['calicoctl', 'apply'], revision: '7',
  changes: [{ key: '/calico/a', did: 'replaced', since: '5', before: '{"a":"ä"}' }, { key: '/calico/b', did: 'deleted', since: '6', beforeBytes: '/w==' }, { key: '/calico/c', did: 'created' }],
};

describe('a record of the journal', () => {
  it('is read as it was written, plain or compressed', () => {
    const large = { ...RECORD, changes: Array.from({ length: 100 }, (_none, index) => ({ key: `/calico/${index}`, did: 'replaced' as const, since: '5', before: 'x'.repeat(1000) })) };
    for (const record of [RECORD, large]) expect(decodeRecord(encodeRecord(record))).to.deep.equal(record);
    expect(encodeRecord(RECORD)).to.contain('/calico/a');
    expect(encodeRecord(large).length).to.be.lessThan(4_000);
  });

  it('is none where something is missing or of another kind', () => {
    const parsed = JSON.parse(encodeRecord(RECORD)) as Record<string, unknown>;
    const wrong: readonly Record<string, unknown>[] = [{ time: 1 }, { user: undefined }, { commandLine: 'apply' }, { commandLine: [1] }, { revision: 'x' }, { changes: 'AAAA' }, { changes: [{ key: 1 }] }, { changes: [{ key: 'a', did: 'eaten' }] }, { behind: 1 }];
    for (const part of wrong) expect(decodeRecord(JSON.stringify({ ...parsed, ...part })), JSON.stringify(part)).to.equal(undefined);
    for (const text of ['', '[]', 'null', '{', '"a"']) expect(decodeRecord(text), text).to.equal(undefined);
  });

  it('has a name that says when, of which command, and how large', () => {
    for (const name of [{ ...named(), revision: '12' }, named()]) expect(readRecordKey(recordKey(name))).to.deep.equal(name);
    for (const key of ['/calicoctl/journal/', '/calicoctl/journal/x', '/calico/2026-11-30T06:30:59.123Z-4f2a9c1e-3-90']) expect(readRecordKey(key), key).to.equal(undefined);
  });
});

function named(): { time: string; command: string; number: number; bytes: number } {
  return { time: RECORD.time, command: RECORD.command, number: 3, bytes: 90 };
}

describe('the command line in the journal', () => {
  const SECRET = 's3cr3t';
  const words: readonly (readonly string[])[] = [
    ['--password', SECRET], [`--password=${SECRET}`], ['--etcd-key', SECRET], [`http://root:${SECRET}@h:2379`],
    ['-p', `{"spec":{"password":"${SECRET}"}}`], ['-p', `[{"op":"replace","path":"/spec/password","value":"${SECRET}"}]`], ['-p', `[{"op":"add","path":"/spec","value":{"password":{"x":"${SECRET}"}}}]`],
    ['-p', `[{"value":"${SECRET}","op":"replace","path":"/spec/password"}]`], ['-p', `spec:\n  authToken: ${SECRET}`], ['config', 'set', 'EtcdPassword', SECRET], ['label', 'node', 'n', `token=${SECRET}`], [`-----BEGIN PRIVATE KEY-----\n${SECRET}`],
    ['patch', 'bgppeer', 'tor', '-p', `{"metadata":{"annotations":{"\\u0070assword":"${SECRET}"}}}`],
    ['patch', 'bgppeer', 'tor', '-p', `"\\x70assword": ${SECRET}`],
    ['patch', 'bgppeer', 'tor', '-p', `{"spec":{"url":"http://u:a@${SECRET}@h/"}}`],
    ['patch', 'bgppeer', 'tor', '-p', `{"spec":{"url":"http://u:a/${SECRET}@h/"}}`],
  ];

  for (const line of words) {
    it(`has nothing of the secret in ${JSON.stringify(line).replaceAll(SECRET, '...')}`, () => expect(withoutSecrets(line).join(' ')).to.not.contain(SECRET));
  }

  it('has everything else, if it is not too long', () => {
    for (const line of [['apply', '-f', 'secret.yaml', '-f', 'b.yaml'], ['patch', 'policy', 'a', '-p', '{"spec":{"order":7}}'], ['label', 'node', 'n', 'a=b'], ['--context', 'prod']]) expect(withoutSecrets(line)).to.deep.equal(line);
    expect(withoutSecrets(['x'.repeat(2000), ...Array.from({ length: 500 }, () => 'a')]).join(' ').length).to.equal(1000 + 3 + 2 * 199 + 4);
  });
});
