import { expect } from 'chai';
import { describe, it } from 'mocha';
import { similar } from '../../src/text/similar.js';

const KINDS = ['node', 'bgpPeer', 'ipPool', 'policy', 'profile', 'workloadEndpoint', 'hostEndpoint'];

describe('similar names', () => {
  const cases: [string, readonly string[], string | undefined][] = [
    ['bgppeer', KINDS, 'bgpPeer'],
    ['BGPPeer', KINDS, 'bgpPeer'],
    ['host-endpoint', KINDS, 'hostEndpoint'],
    ['host_endpoint', KINDS, 'hostEndpoint'],
    ['natOutgoing', ['ipip', 'nat-outgoing', 'disabled'], 'nat-outgoing'],
    ['polcy', KINDS, 'policy'],
    ['poilcy', KINDS, 'policy'],
    ['profiles', KINDS, 'profile'],
    ['plicyy', KINDS, 'policy'],
    ['pxlicxx', KINDS, undefined],
    ['nde', KINDS, 'node'],
    ['no', KINDS, undefined],
    ['node', KINDS, 'node'],
    ['abcd', ['abcdxy', 'abcdx', 'abxd'], 'abcdx'],
    ['ab', ['ba', 'xy'], 'ba'],
    ['zzz', [], undefined],
    ['', ['a'], undefined],
    ['aa', ['-', 'b'], undefined],
    ['secret', KINDS, undefined],
    ['__proto__', ['proto'], 'proto'],
  ];
  for (const [name, candidates, expected] of cases) {
    it(`${JSON.stringify(name)} among ${candidates.length} is ${expected ?? 'nothing'}`, () => {
      expect(similar(name, candidates)).to.equal(expected);
    });
  }
});
