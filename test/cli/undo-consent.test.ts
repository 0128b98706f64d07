import { expect } from 'chai';
import { after, before, beforeEach, describe, it } from 'mocha';
import { Workplace } from '../support/workplace.js';

const POLICY = '/calico/resources/v3/projectcalico.org/globalnetworkpolicies/p';

describe('agreeing to an undo', function () {
  this.timeout(60_000);
  let at: Workplace;
  before(async () => (at = await Workplace.open()));
  after(() => at.close());
  beforeEach(async () => {
    await at.wipe();
    for (const order of [1, 2]) expect((await at.run(['apply', '-f', '-'], { stdin: `{apiVersion: v1, kind: policy, metadata: {name: p}, spec: {order: ${order}}}` })).code).to.equal(0);
  });

  const order = async (): Promise<unknown> => ((await at.stored(POLICY))[POLICY] as { readonly spec: { readonly order: number } }).spec.order;

  for (const answer of ['y\n', 'yes\n']) {
    it(`${JSON.stringify(answer)} undoes what is shown`, async () => {
      const { code, stdout } = await at.run(['undo'], { terminal: true, stdin: answer, env: { NO_COLOR: '1' } });
      expect(stdout).to.match(/- {2}order: 2\r\n\+ {2}order: 1\r\n/).and.to.match(/undoes revision \d+\r\n/).and.to.include('Undo this? [y/N] ').and.to.match(/Successfully undone 1 'policy' resource\(s\)\r\n$/);
      expect([code, await order()]).to.deep.equal([0, 1]);
    });
  }

  for (const answer of ['n\n', '\n', 'yesterday\n', '']) {
    it(`${JSON.stringify(answer)} does not`, async () => {
      const { code, stdout } = await at.run(['undo'], { terminal: true, stdin: answer });
      expect([code, await order()], stdout).to.deep.equal([1, 2]);
      expect(stdout).to.match(/Nothing was written\.\r\n$/);
    });
  }
});
