import { expect } from 'chai';
import { describe, it } from 'mocha';
import { nameOfKey } from '../../src/backup/key-name.js';
import { dockerEndpointKey, dockerHostKey, dockerNetworkKey } from '../../src/resources/docker-keys.js';

describe('what is stored under a key', () => {
  it('is said of resources, addresses and the networks of Docker', () => {
    const cases: readonly (readonly [key: string, kind: string, name: string])[] = [
      ['/calico/resources/v3/projectcalico.org/ippools/four', 'IPPool', 'four'],
      ['/calico/ipam/v2/assignment/ipv4/block/10.0.0.0-26', 'IPAM block', '10.0.0.0/26'],
      [dockerNetworkKey('a/b'), 'Docker network', 'a/b'],
      [dockerHostKey('node-1', 'calnet1'), 'Docker network of a host', 'node-1/calnet1'],
      [dockerEndpointKey('node-1', 'ffff'), 'Docker endpoint', 'node-1/ffff'],
      ['/calico/docker/v1/network/', 'other key', '/calico/docker/v1/network/'],
      ['/calico/docker/v1/other/x', 'other key', '/calico/docker/v1/other/x'],
    ];
    for (const [key, kind, name] of cases) expect(nameOfKey(key), key).to.deep.equal({ kind, name });
  });
});
