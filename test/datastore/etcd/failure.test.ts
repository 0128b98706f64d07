import { describe, it } from 'mocha';
import { expect } from 'chai';
import { explain } from '../../../src/datastore/etcd/explain.js';
import { judge, Status, type Verdict } from '../../../src/datastore/etcd/failure.js';
import { CallFailure } from '../../../src/datastore/etcd/member.js';
import { hintText } from '../../../src/output/views/hint.js';
import { settingsFor } from '../../support/datastore.js';

const failure = (code: number, details: string, notMade = false): CallFailure => new CallFailure('http://a:2379', code, details, notMade);
const doubtful: Verdict = { kind: 'passing', doubtful: true };
const undone: Verdict = { kind: 'passing', doubtful: false };
const refused: Verdict = { kind: 'final', doubtful: false };
/** An answer for good, which all the same does not prove that nothing was done. */
const unsettled: Verdict = { kind: 'final', doubtful: true };

describe('judge', () => {
  const cases: readonly (readonly [number, string, Verdict])[] = [
    [Status.unavailable, 'No connection established. Last error: Error: connect ECONNREFUSED 127.0.0.1:1. Resolution note: ', { kind: 'unreachable' }],
    [Status.unavailable, 'Name resolution failed for target dns:a:2379', { kind: 'unreachable' }],
    [Status.unavailable, 'etcdserver: leader changed', doubtful],
    [Status.unavailable, 'etcdserver: request timed out', doubtful],
    [Status.unavailable, 'etcdserver: request timed out, possibly due to previous leader failure', doubtful],
    [Status.unavailable, 'read ECONNRESET', doubtful],
    [Status.unavailable, 'Connection dropped', doubtful],
    [Status.unavailable, 'Channel closed before call started', undone],
    [Status.deadlineExceeded, 'Deadline exceeded after 1.499s,name resolution: 0.001s,Waiting for LB pick', undone],
    [Status.deadlineExceeded, 'Deadline exceeded after 1.500s,waiting for name resolution', undone],
    [Status.deadlineExceeded, 'Deadline exceeded after 1.500s,LB pick: 0.001s,remote_addr=127.0.0.1:2379', doubtful],
    [Status.deadlineExceeded, 'context deadline exceeded', doubtful],
    [Status.internal, 'Received RST_STREAM with code 2', doubtful],
    [Status.unknown, 'something else', doubtful],
    [Status.aborted, 'aborted', doubtful],
    [Status.cancelled, 'interrupted', doubtful],
    [Status.resourceExhausted, 'etcdserver: too many requests', undone],
    [Status.resourceExhausted, 'etcdserver: mvcc: database space exceeded', unsettled],
    [Status.resourceExhausted, 'grpc: trying to send message larger than max (4 vs. 3)', unsettled],
    [Status.resourceExhausted, 'Received message larger than max (4 vs. 3)', unsettled],
    [Status.resourceExhausted, 'grpc: received message larger than max (4 vs. 3)', refused],
    [Status.resourceExhausted, 'Attempted to send message with a size larger than 3', refused],
    [Status.invalidArgument, 'etcdserver: request is too large', refused],
    [Status.invalidArgument, 'etcdserver: too many operations in txn request', refused],
    [Status.invalidArgument, 'etcdserver: duplicate key given in txn request', refused],
    [Status.invalidArgument, 'said by somebody else', unsettled],
    [Status.unimplemented, 'unknown service etcdserverpb.KV', refused],
    [Status.unimplemented, 'Too many responses received', unsettled],
    [9, 'etcdserver: not leader', unsettled],
    [15, 'etcdserver: corrupt cluster', unsettled],
    [Status.invalidArgument, 'etcdserver: revision of auth store is old', { kind: 'token' }],
    [16, 'etcdserver: invalid auth token', { kind: 'token' }],
    [Status.permissionDenied, 'etcdserver: permission denied', refused],
    [Status.outOfRange, 'etcdserver: mvcc: required revision has been compacted', refused],
  ];
  for (const [code, details, verdict] of cases) {
    it(`${code} ${details}`, () => expect(judge(failure(code, details))).to.deep.equal(verdict));
  }

  it('never counts a call as sent whose login failed', () => {
    expect(judge(failure(Status.unavailable, 'read ECONNRESET', true))).to.deep.equal(undone);
    expect(judge(failure(Status.deadlineExceeded, 'remote_addr=127.0.0.1:2379', true))).to.deep.equal(undone);
  });
});

describe('explain', () => {
  const cases: readonly (readonly [number, string, readonly [stage: string, cause: string, hint?: string]])[] = [
    [Status.unavailable, 'No connection established. Last error: Error: connect EHOSTUNREACH 10.0.0.1:2379. Resolution note: ', ['connection', 'no route to the host', 'check that etcd is running and that ETCD_ENDPOINTS names its client port']],
    [Status.unavailable, 'No connection established. Last error: Error: connect ETIMEDOUT 10.0.0.1:2379. Resolution note: ', ['connection', 'the connection timed out', 'check that etcd is running and that ETCD_ENDPOINTS names its client port']],
    [Status.unavailable, 'No connection established. Last error: Error: read ECONNRESET. Resolution note: ', ['connection', 'the connection was reset', 'check that etcd is running and that ETCD_ENDPOINTS names its client port']],
    [Status.unavailable, 'No connection established. Last error: Error: something new (2026-11-21T07:34:38.815Z). Resolution note: ', ['connection', 'something new', 'check that etcd is running and that ETCD_ENDPOINTS names its client port']],
    [Status.unavailable, 'No connection established. Last error: 80:error:0A000410:SSL routines:ssl3_read_bytes:sslv3 alert handshake failure:../deps/x.c:1:SSL alert number 40\n (2026-11-21T07:34:38.815Z). Resolution note: ', ['tls', 'TLS failed (sslv3 alert handshake failure)']],
    [Status.unavailable, 'No connection established. Last error: 80:error:0A00045C:SSL routines:x:tlsv13 alert certificate required:../deps/x.c:1:SSL alert number 116\n', ['tls', 'the server requires a client certificate', 'name certificate and key in ETCD_CERT_FILE and ETCD_KEY_FILE, or etcdCertFile and etcdKeyFile in the configuration file']],
    [Status.unavailable, 'etcdserver: leader changed', ['connection', 'leader changed', 'check the health of the cluster: etcdctl endpoint health']],
    [Status.deadlineExceeded, 'Deadline exceeded after 1.5s,remote_addr=127.0.0.1:2379', ['timeout', 'does not answer', 'check that etcd is running and has a leader, or allow more time with --timeout']],
    [Status.unimplemented, 'unknown service etcdserverpb.KV', ['connection', 'the server there does not speak etcd v3', 'check ETCD_ENDPOINTS']],
    [Status.permissionDenied, 'etcdserver: permission denied', ['permission', 'this client has no permission on /k', 'grant it with: etcdctl role grant-permission ROLE readwrite /calico/ --prefix']],
    [15, 'etcdserver: corrupt cluster', ['connection', 'corrupt cluster', 'check the health of the cluster: etcdctl endpoint health']],
  ];
  for (const [code, details, [stage, cause, hint]] of cases) {
    it(`${code} ${details.slice(0, 90)}`, () => {
      const explained = explain(failure(code, details), settingsFor('http://a:2379'), { keys: ['/k'] });
      expect({ ...explained, ...(explained.hint !== undefined && { hint: hintText(explained.hint) }) }).to.deep.equal({ stage, cause, ...(hint !== undefined && { hint }) });
    });
  }
});
