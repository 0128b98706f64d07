import { expect } from 'chai';
import { describe, it } from 'mocha';
import { calicoctl, ROOT } from '../../scripts/support/calicoctl.js';

describe('the tests of the tenant network, among the examples', () => {
  it('pass, from any folder and without a datastore', async () => {
    const { code, stdout, stderr } = await calicoctl(['policy', 'test', '-f', `${ROOT}/examples/tests/tenant.yaml`], { cwd: '/' });
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
    expect(stdout).to.match(/\n4 tests: 4 passed, 0 failed\n$/);
  });
});
