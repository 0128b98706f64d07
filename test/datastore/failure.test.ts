import { describe, it } from 'mocha';
import { expect } from 'chai';
import { explain } from '../../src/datastore/explain.js';
import { judge, Status, type Verdict } from '../../src/datastore/failure.js';
import { CallFailure } from '../../src/datastore/member.js';
import { settingsFor } from '../support/datastore.js';

const failure = (code: number, details: string, atLogin = false): CallFailure => new CallFailure('http://a:2379', code, details, atLogin);
const sent: Verdict = { kind: 'passing', sent: true };
const unsent: Verdict = { kind: 'passing', sent: false };

describe('judge', () => {
  const cases: readonly (readonly [number, string, Verdict])[] = [
    [Status.unavailable, 'No connection established. Last error: Error: connect ECONNREFUSED 127.0.0.1:1. Resolution note: ', { kind: 'unreachable' }],
    [Status.unavailable, 'Name resolution failed for target dns:a:2379', { kind: 'unreachable' }],
    [Status.unavailable, 'etcdserver: leader changed', sent],
    [Status.unavailable, 'etcdserver: request timed out', sent],
    [Status.unavailable, 'etcdserver: request timed out, possibly due to previous leader failure', sent],
    [Status.unavailable, 'read ECONNRESET', sent],
    [Status.unavailable, 'Connection dropped', sent],
    [Status.unavailable, 'Channel closed before call started', unsent],
    [Status.deadlineExceeded, 'Deadline exceeded after 1.499s,name resolution: 0.001s,Waiting for LB pick', unsent],
    [Status.deadlineExceeded, 'Deadline exceeded after 1.500s,waiting for name resolution', unsent],
    [Status.deadlineExceeded, 'Deadline exceeded after 1.500s,LB pick: 0.001s,remote_addr=127.0.0.1:2379', sent],
    [Status.deadlineExceeded, 'context deadline exceeded', sent],
    [Status.internal, 'Received RST_STREAM with code 2', sent],
    [Status.unknown, 'something else', sent],
    [Status.aborted, 'aborted', sent],
    [Status.cancelled, 'interrupted', sent],
    [Status.resourceExhausted, 'etcdserver: too many requests', unsent],
    [Status.resourceExhausted, 'etcdserver: mvcc: database space exceeded', { kind: 'final' }],
    [Status.invalidArgument, 'etcdserver: request is too large', { kind: 'final' }],
    [Status.invalidArgument, 'etcdserver: revision of auth store is old', { kind: 'token' }],
    [16, 'etcdserver: invalid auth token', { kind: 'token' }],
    [Status.permissionDenied, 'etcdserver: permission denied', { kind: 'final' }],
    [Status.outOfRange, 'etcdserver: mvcc: required revision has been compacted', { kind: 'final' }],
  ];
  for (const [code, details, verdict] of cases) {
    it(`${code} ${details}`, () => expect(judge(failure(code, details))).to.deep.equal(verdict));
  }

  it('never counts a call as sent whose login failed', () => {
    expect(judge(failure(Status.unavailable, 'read ECONNRESET', true))).to.deep.equal(unsent);
    expect(judge(failure(Status.deadlineExceeded, 'remote_addr=127.0.0.1:2379', true))).to.deep.equal(unsent);
  });
});

describe('explain', () => {
  const cases: readonly (readonly [number, string, readonly [stage: string, cause: string, hint?: string]])[] = [
    [Status.unavailable, 'No connection established. Last error: Error: connect EHOSTUNREACH 10.0.0.1:2379. Resolution note: ', ['connection', 'no route to the host', 'Check that etcd is running and that ETCD_ENDPOINTS names its client port.']],
    [Status.unavailable, 'No connection established. Last error: Error: connect ETIMEDOUT 10.0.0.1:2379. Resolution note: ', ['connection', 'the connection timed out', 'Check that etcd is running and that ETCD_ENDPOINTS names its client port.']],
    [Status.unavailable, 'No connection established. Last error: Error: read ECONNRESET. Resolution note: ', ['connection', 'the connection was reset', 'Check that etcd is running and that ETCD_ENDPOINTS names its client port.']],
    [Status.unavailable, 'No connection established. Last error: Error: something new (2026-11-21T07:34:38.815Z). Resolution note: ', ['connection', 'something new', 'Check that etcd is running and that ETCD_ENDPOINTS names its client port.']],
    [Status.unavailable, 'No connection established. Last error: 80:error:0A000410:SSL routines:ssl3_read_bytes:sslv3 alert handshake failure:../deps/x.c:1:SSL alert number 40\n (2026-11-21T07:34:38.815Z). Resolution note: ', ['tls', 'TLS failed (sslv3 alert handshake failure)']],
    [Status.unavailable, 'No connection established. Last error: 80:error:0A00045C:SSL routines:x:tlsv13 alert certificate required:../deps/x.c:1:SSL alert number 116\n', ['tls', 'a client certificate is demanded', 'Name certificate and key in ETCD_CERT_FILE and ETCD_KEY_FILE, or etcdCertFile and etcdKeyFile in the configuration file.']],
    [Status.unavailable, 'etcdserver: leader changed', ['connection', 'leader changed', 'Check the health of the cluster: etcdctl endpoint health']],
    [Status.deadlineExceeded, 'Deadline exceeded after 1.5s,remote_addr=127.0.0.1:2379', ['timeout', 'does not answer', 'Check that etcd is running and has a leader, or allow more time with --timeout.']],
    [Status.unimplemented, 'unknown service etcdserverpb.KV', ['connection', 'what answers there is not an etcd v3 server', 'Check ETCD_ENDPOINTS.']],
    [Status.permissionDenied, 'etcdserver: permission denied', ['permission', 'this client has no permission on /k', 'Grant it: etcdctl role grant-permission ROLE readwrite /calico/ --prefix']],
    [15, 'etcdserver: corrupt cluster', ['connection', 'corrupt cluster', 'Check the health of the cluster: etcdctl endpoint health']],
  ];
  for (const [code, details, [stage, cause, hint]] of cases) {
    it(`${code} ${details.slice(0, 90)}`, () => {
      expect(explain(failure(code, details), settingsFor('http://a:2379'), { keys: ['/k'] })).to.deep.equal({ stage, cause, ...(hint !== undefined && { hint }) });
    });
  }
});
