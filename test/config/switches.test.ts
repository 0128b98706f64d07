import { expect } from 'chai';
import { describe, it } from 'mocha';
import { isGuarded } from '../../src/config/switches.js';

describe('what is turned on and off', () => {
  const of = (text: string, env: Record<string, string> = {}): boolean => isGuarded({ guard: { text, origin: 'guard in my.cfg' } }, env);

  it('is as the settings say, in the words of YAML, else as by default', () => {
    expect([of('off'), of('false'), of(' On '), of('true'), isGuarded({})]).to.deep.equal([false, false, true, true, true]);
  });

  it('is as the variable says, whatever the settings say', () => {
    expect([of('on', { CALICOCTL_GUARD: 'off' }), of('off', { CALICOCTL_GUARD: 'true' }), of('off', { CALICOCTL_GUARD: ' ' })]).to.deep.equal([false, true, false]);
  });

  it('is nothing else, and says where that stands', () => {
    expect(() => of('maybe')).to.throw('guard in my.cfg is "maybe"');
    expect(() => of('on', { CALICOCTL_GUARD: '1' })).to.throw('CALICOCTL_GUARD is "1"');
  });
});
