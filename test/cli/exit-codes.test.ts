import { expect } from 'chai';
import { describe, it } from 'mocha';
import { CalicoError, DatastoreError, InvalidRequest, isConflict, ListedError, ManifestError, type DatastoreStage, type Ending, type Meaning } from '../../src/base/errors.js';
import { exitCodeOf } from '../../src/cli/exit-codes.js';

/** Everything that can have happened, by the exit code it has in docs/exit-codes.md. */
const EXPECTED: Readonly<Record<Ending, number>> = {
  done: 0,
  failed: 1, forbidden: 1, exhausted: 1, unreadable: 1,
  'invalid-request': 2,
  'invalid-document': 3,
  misconfigured: 4, unreachable: 4, denied: 4, refused: 4, timeout: 4, 'unknown-outcome': 4,
  missing: 5, exists: 5, taken: 5, changed: 5, locked: 5, precondition: 5,
  partly: 6,
  interrupted: 130,
};

const STAGES: Readonly<Record<DatastoreStage, Meaning>> = {
  configuration: 'misconfigured', name: 'unreachable', connection: 'unreachable', tls: 'unreachable', authentication: 'denied', permission: 'denied',
  quota: 'refused', size: 'refused', compaction: 'refused', timeout: 'timeout', data: 'unreadable', 'unknown-outcome': 'unknown-outcome',
};

describe('the exit code', () => {
  for (const [meaning, code] of Object.entries(EXPECTED) as [Ending, number][]) it(`of ${meaning} is ${code}`, () => expect(exitCodeOf({ meaning })).to.equal(code));

  it('of an error follows from what it says', () => {
    const errors = [new CalicoError('missing', 'gone', { subject: 'Node(a)', hint: 'make it' }), new InvalidRequest('what?'), new ListedError('taken', ['a', 'b']), new ManifestError([]), new ManifestError([], 'invalid-request')];
    expect(errors.map(exitCodeOf)).to.deep.equal([5, 2, 5, 3, 2]);
  });

  it('is that of a conflict for all conflicts, and for nothing else', () => {
    const meanings = Object.keys(EXPECTED).filter((each): each is Meaning => each !== 'done');
    expect(meanings.filter(isConflict)).to.deep.equal(meanings.filter((meaning) => EXPECTED[meaning] === 5));
  });
});

describe('a failure of the datastore', () => {
  for (const [stage, meaning] of Object.entries(STAGES) as [DatastoreStage, Meaning][]) {
    it(`at ${stage} means ${meaning}`, () => expect(new DatastoreError(stage, 'it failed')).to.include({ meaning, message: 'it failed', name: 'DatastoreError' }));
  }
});
