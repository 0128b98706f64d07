import { expect } from 'chai';
import { describe, it } from 'mocha';
import { hintText } from '../../../src/output/views/hint.js';

describe('a hint', () => {
  it('is shown as it is', () => expect(hintText('use several commands')).to.equal('use several commands'));
  it('may be absent', () => expect(hintText(undefined)).to.equal(undefined));
  it('speaks of options as flags', () => expect(hintText((option) => `${option('force')} or ${option('node-image', 'node:3')}`)).to.equal('--force or --node-image=node:3'));
  it('speaks of flags that people know by a letter', () => expect(hintText((option) => option('recursive'))).to.equal('-R'));
});
