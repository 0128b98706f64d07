import { expect } from 'chai';
import { documentDiff } from '../../../../src/output/views/changes/document-diff.js';
import { coloursFor } from '../../../../src/output/theme/colours.js';

const policy = (spec: object): object => ({ apiVersion: 'v1', kind: 'policy', metadata: { name: 'web' }, spec });

describe('a change as unified text', () => {
  it('has the lines around it, under the names of both sides', async () => {
    const text = await documentDiff({ name: 'policy/web', before: policy({ order: 10, selector: 'a' }), after: policy({ order: 20, selector: 'a' }), titles: { before: 'stored' } });
    expect(text).to.equal(['--- policy/web (stored)', '+++ policy/web', '@@ -3,5 +3,5 @@', ' metadata:', '   name: web', ' spec:', '-  order: 10', '+  order: 20', '   selector: a', ''].join('\n'));
  });

  it('shows what comes and what goes against nothing', async () => {
    const lines = ['apiVersion: v1', 'kind: policy', 'metadata:', '  name: web', 'spec:', '  order: 1'];
    expect(await documentDiff({ name: 'policy/web', after: policy({ order: 1 }) })).to.equal(['--- /dev/null', '+++ policy/web', '@@ -0,0 +1,6 @@', ...lines.map((line) => `+${line}`), ''].join('\n'));
    expect(await documentDiff({ name: 'policy/web', before: policy({ order: 1 }) })).to.equal(['--- policy/web', '+++ /dev/null', '@@ -1,6 +0,0 @@', ...lines.map((line) => `-${line}`), ''].join('\n'));
  });

  it('is empty where nothing differs, whatever the order of keys', async () => {
    expect(await documentDiff({ name: 'a', before: policy({ order: 1, selector: 'x' }), after: policy({ selector: 'x', order: 1 }) })).to.equal('');
  });

  it('steers no terminal, and has colours only by its own choice', async () => {
    const colours = await coloursFor({ isTerminal: true, env: { TERM: 'xterm' } });
    const text = await documentDiff({ name: 'policy/\u001b[2J', before: policy({ selector: 'a' }), after: policy({ selector: '\u001b[31mred\u202e' }) }, colours);
    expect(text.replaceAll(/\u001b\[\d+m/g, '')).to.not.match(/[\u001b\u202e]/);
    expect(text).to.include('\u001b[31m-  selector: a\u001b[39m');
    expect(text.split('\u001b[32m')).to.have.length(2);
  });

  it('takes no square of the time for documents with nothing in common', async () => {
    const nets = (from: number): object => policy({ nets: Array.from({ length: 5_000 }, (_, index) => `10.${from + (index >> 8)}.${index & 255}.1`) });
    const lines = (await documentDiff({ name: 'a', before: nets(0), after: nets(100) })).split('\n');
    expect(lines.filter((line) => line.startsWith('-  - '))).to.have.length(5_000);
    expect(lines.filter((line) => line.startsWith('+  - '))).to.have.length(5_000);
  });
});
