import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { prefixOf } from '../../src/resources/keys.js';
import { globalNetworkPolicy } from '../../src/resources/v3/global-network-policy.js';
import { settingsFor, withStore } from '../support/datastore.js';
import { Workplace } from '../support/workplace.js';

const COUNT = 12_000;
/** Megabytes of heap in which 12,000 documents of this size find room, and not with all they say at once. */
const HEAP = 60;

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
      expect(stdout).to.match(/12000|p11999/);
    });
  }

  describe('about resources of which forty megabytes are stored', () => {
    before(async () => {
      const rule = (index: number, part: number) => ({ action: 'Allow', protocol: 'TCP', source: { nets: [`10.${index >> 8}.${index & 255}.${part}/32`] }, destination: { ports: [part] } });
      const stored = (index: number): string => {
        const metadata = { name: `p${index}`, uid: `u${index}`, creationTimestamp: '2026-11-29T00:00:00Z', annotations: { 'projectcalico.org/metadata': `{"name":"p${index}"}` } };
        return JSON.stringify({ kind: 'GlobalNetworkPolicy', apiVersion: 'projectcalico.org/v3', metadata, spec: { tier: 'default', order: index, ingress: Array.from({ length: 30 }, (_, part) => rule(index, part)) } });
      };
      await withStore(settingsFor(at.etcd.endpoint), async (store) => {
        for (let start = 0; start < COUNT; start += 120) {
          await store.commit(Array.from({ length: 120 }, (_, index) => ({ action: 'put', key: `${prefixOf(globalNetworkPolicy)}p${start + index}`, expect: '0', value: stored(start + index) })));
        }
      }, { timeoutMs: 60_000 });
    });

    for (const args of [['apply', '--dry-run'], ['delete']]) {
      it(`take little memory: ${args.join(' ')}`, async () => {
        const { code, stderr, stdout } = await at.run([...args, '-f', 'many.yaml', '--timeout', '60s'], { env: { NODE_OPTIONS: `--max-old-space-size=${HEAP}` } });
        expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
        expect(stdout).to.match(args[0] === 'delete' ? /^Successfully deleted 12000 / : /^(would replace Policy\(name=p\d+\)\n){12000}12000 would be changed\n$/);
      });
    }
  });
});
