import { expect } from 'chai';
import fc from 'fast-check';
import { decide, type Known } from '../../../src/cni/install/changes.js';
import type { Found } from '../../../src/cni/install/files.js';
import type { InstallRecord } from '../../../src/cni/install/record.js';

const known = (found: Found, wanted?: string): Known => ({ path: '/a', found, freeName: '/a.free', ...(wanted !== undefined && { wanted: { digest: wanted, mode: 0o644 } }) });
const file = (digest: string, mode = 0o644): Found => ({ kind: 'file', digest, mode });
const fate = (each: Known, record: InstallRecord = {}): string => decide([each], record).map((change) => `${change.fate}${change.setAside === undefined ? '' : ` ${change.setAside}`}`).join();
const OURS: InstallRecord = { '/a': { digests: ['old', 'older'] } };

describe('what becomes of files', () => {
  it('wanted ones', () => {
    expect(fate(known({ kind: 'none' }, 'new'))).to.equal('write');
    expect(fate(known(file('new'), 'new'))).to.equal('keep');
    expect(fate(known(file('new', 0o600), 'new'))).to.equal('replace');
    expect(fate(known(file('old'), 'new'), OURS)).to.equal('replace');
    expect(fate(known(file('older'), 'new'), OURS)).to.equal('replace');
    expect(fate(known(file('changed'), 'new'), OURS)).to.equal('set aside /a.free');
    expect(fate(known(file('old'), 'new'))).to.equal('set aside /a.free');
    expect(fate(known({ kind: 'other' }, 'new'), OURS)).to.equal('set aside /a.free');
  });

  it('those that are wanted no more', () => {
    expect(fate(known({ kind: 'none' }), OURS)).to.equal('');
    expect(fate(known(file('old')), OURS)).to.equal('remove');
    expect(fate(known(file('changed')), OURS)).to.equal('leave');
    expect(fate(known({ kind: 'other' }), OURS)).to.equal('leave');
  });

  it('nothing that is not ours is ever lost, and what is wanted stays where it is', () => {
    const digests: fc.Arbitrary<string> = fc.constantFrom('a', 'b', 'c');
    const found: fc.Arbitrary<Found> = fc.oneof(fc.constant<Found>({ kind: 'none' }), fc.constant<Found>({ kind: 'other' }), fc.tuple(digests, fc.constantFrom(0o600, 0o644)).map(([digest, mode]): Found => file(digest, mode)));
    fc.assert(fc.property(found, fc.option(digests, { nil: undefined }), fc.array(digests), (there, wanted, recorded) => {
      const [change] = decide([known(there, wanted)], { '/a': { digests: recorded } });
      const ours = there.kind === 'none' || (there.kind === 'file' && (recorded.includes(there.digest) || there.digest === wanted));
      if (!ours) expect(change?.fate).to.be.oneOf(['set aside', 'leave']);
      if (wanted !== undefined) expect(change?.fate).not.to.be.oneOf(['remove', 'leave']);
      else expect(change?.fate ?? 'remove').to.be.oneOf(['remove', 'leave']);
    }));
  });
});
