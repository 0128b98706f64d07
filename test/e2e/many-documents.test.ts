import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { Workplace } from '../support/workplace.js';

const COUNT = 30_000;
/** Megabytes of heap in which 30,000 documents of this size find room, and not with all they say at once. */
const HEAP = 80;

describe('very many documents', () => {
  let at: Workplace;
  before(async () => {
    at = await Workplace.open();
    const document = (index: number): string =>
      `---\napiVersion: v1\nkind: policy\nmetadata:\n  name: p${index}\nspec:\n  order: ${index}\n  selector: app == "x${index}"\n  ingress:\n  - action: allow\n    protocol: tcp\n    source:\n      nets: [10.0.0.0/8]\n    destination:\n      ports: [80, "8000:8100"]\n`;
    at.file('many.yaml', Array.from({ length: COUNT }, (_, index) => document(index)).join(''));
  });
  after(() => at.close());

  for (const args of [['validate'], ['convert'], ['create', '--dry-run'], ['delete', '--dry-run', '-s']]) {
    it(`take little memory: ${args.join(' ')}`, async () => {
      const { code, stderr, stdout } = await at.run([...args, '-f', 'many.yaml'], { env: { NODE_OPTIONS: `--max-old-space-size=${HEAP}` } });
      expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
      expect(stdout).to.match(/30000|p29999/);
    });
  }
});
