import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { describe, it } from 'mocha';
import { setKernel } from '../../../src/agent/kernel/interface-settings.js';

describe('settings of this kernel', () => {
  /** Nobody may write it, not even root. */
  const READ_ONLY = 'kernel/osrelease';

  it('that cannot be written are well where they are as they should be', () => {
    expect(() => setKernel(READ_ONLY, readFileSync(`/proc/sys/${READ_ONLY}`, 'utf8').trim())).not.to.throw();
    expect(() => setKernel(READ_ONLY, '2.4')).to.throw(READ_ONLY);
  });
});
