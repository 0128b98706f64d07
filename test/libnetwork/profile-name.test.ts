import { expect } from 'chai';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'mocha';
import { creationOf } from '../../src/changes/stored-object.js';
import { networkProfile } from '../../src/cni/network/network-profile.js';
import { profileNameOf } from '../../src/libnetwork/profile-name.js';
import { profile } from '../../src/resources/v3/profile.js';

const long = 'n'.repeat(200);

describe('the profile of a network of Docker', () => {
  const cases: readonly (readonly [network: string, name: RegExp])[] = [
    ['calnet1', /^calnet1$/], ['My_Net', /^my-net-52a0ad5b$/], ['a/b', /^a\.b-[0-9a-f]{8}$/], ['..x', /^x-[0-9a-f]{8}$/], ['con\ntrol', /^con-trol-[0-9a-f]{8}$/],
    ['n'.repeat(63), /^n{63}$/], [long, /^n{54}-[0-9a-f]{8}$/], [`${'n'.repeat(50)}${'.'.repeat(50)}x${long}`, /^n{50}\.xnn-[0-9a-f]{8}$/], ['网络', /^network-[0-9a-f]{8}$/], ['___', /^network-[0-9a-f]{8}$/],
  ];

  it('has a name that v3 takes for it and for its label, whatever the network is called', () => {
    const sources = { now: () => new Date(0), uuid: randomUUID };
    for (const [network, name] of cases) {
      expect(profileNameOf(network), network).to.match(name);
      expect(() => creationOf(profile, networkProfile(profileNameOf(network), false), sources), network).not.to.throw();
    }
    expect(new Set([long, `${long}n`, '网络', '网絡', '___', '__'].map(profileNameOf)).size).to.equal(6);
  });
});
