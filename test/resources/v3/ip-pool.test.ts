import { expect } from 'chai';
import { describe, it } from 'mocha';
import { parseCidr, type Cidr } from '../../../src/net/address.js';
import type { StoredObject } from '../../../src/resources/kind.js';
import { Problems } from '../../../src/resources/problem.js';
import { readStoredDocument } from '../../../src/resources/v3/document.js';
import { immutablePoolProblem, ipPool, poolBlockSizeProblem, poolOverlapProblem } from '../../../src/resources/v3/ip-pool.js';
import { document, problemsOf, tableOf, testGolden } from '../../support/stored.js';

function problems(spec: Record<string, unknown>): string[] {
  return problemsOf(ipPool, document(ipPool, spec));
}

function pool(name: string, spec: Record<string, unknown>): StoredObject {
  return readStoredDocument(ipPool, document(ipPool, spec, { name }), new Problems()) as StoredObject;
}

describe('IPPool', () => {
  testGolden(ipPool);

  it('explains what is wrong with a network', () => {
    expect(problems({ cidr: '10.9.0.1/16' })).to.deep.equal(['spec.cidr: 10.9.0.1/16 has bits set after its prefix length (write 10.9.0.0/16)']);
    expect(problems({ cidr: '10.0.0.0' })).to.deep.equal(['spec.cidr: "10.0.0.0" is not a network such as 10.0.0.0/16']);
    expect(problems({ cidr: '10.0.0.0/27' })).to.deep.equal(['spec.cidr: 10.0.0.0/27 is too small for Calico IPAM: the pool must have room for a block of /26']);
    expect(problems({ cidr: '169.254.8.0/24', blockSize: 33 })).to.deep.equal([
      'spec.cidr: 169.254.8.0/24 overlaps with the link-local range 169.254.0.0/16',
      'spec.blockSize: the block size of an IPv4 pool is between 20 and 32, not 33',
    ]);
    expect(problems({})).to.deep.equal(['spec.cidr: a pool needs a cidr']);
    expect(problems({ cidr: '::ffff:10.0.0.0/104' })).to.deep.equal([
      'spec.cidr: ::ffff:10.0.0.0/104 is too small for Calico IPAM, which treats an IPv4-mapped network as IPv6 (write 10.0.0.0/8)',
    ]);
  });

  it('takes an IPv4-mapped network that is disabled for the network that it means, as Calico does', () => {
    expect(pool('p', { cidr: '::ffff:10.0.0.0/104', disabled: true }).spec).to.include({ cidr: '10.0.0.0/8', blockSize: 26 });
  });

  it('explains encapsulation and uses', () => {
    expect(problems({ cidr: 'fd00::/64', ipipMode: 'Always', vxlanMode: 'Always' })).to.deep.equal([
      'spec.ipipMode: IPIP is not supported on an IPv6 pool (use vxlanMode)',
      'spec.vxlanMode: a pool cannot use both VXLAN and IPIP',
    ]);
    expect(problems({ cidr: '10.0.0.0/16', allowedUses: ['LoadBalancer', 'Tunnel'], vxlanMode: 'Always', nodeSelector: 'has(a)', disableBGPExport: true })).to.deep.equal([
      'spec.allowedUses: LoadBalancer cannot be used at the same time as Tunnel',
      'spec.vxlanMode: a pool for LoadBalancer use can have neither IPIP nor VXLAN',
      'spec.nodeSelector: a pool for LoadBalancer use must have the nodeSelector all()',
      'spec.disableBGPExport: a pool for LoadBalancer use cannot have disableBGPExport',
    ]);
    expect(problems({ cidr: '10.0.0.0/16', namespaceSelector: 'global()' })).to.deep.equal(['spec.namespaceSelector: global() cannot be used in the selectors of a pool; write all()']);
  });

  it('knows the words of the classic language', () => {
    expect(problems({ cidr: '10.0.0.0/16', ipip: { enabled: true }, 'nat-outgoing': true })).to.deep.equal([
      'spec.ipip: unknown field "ipip" (write ipipMode: Always)',
      'spec.nat-outgoing: unknown field "nat-outgoing" (did you mean "natOutgoing"?)',
    ]);
  });

  it('keeps the status of a pool that has one', () => {
    const status = { conditions: [{ type: 'Allocatable', status: 'False', lastTransitionTime: '2026-11-20T23:30:00Z', reason: 'Deleting', message: '' }] };
    const read = new Problems();
    const object = readStoredDocument(ipPool, { ...document(ipPool, { cidr: '10.0.0.0/16' }), status }, read);
    expect([read.list, object?.status]).to.deep.equal([[], status]);
  });

  it('finds pools that overlap, disabled ones too', () => {
    const others = [pool('a', { cidr: '10.0.0.0/16', disabled: true }), pool('c', { cidr: 'fd00::/64' })];
    expect(poolOverlapProblem(pool('b', { cidr: '10.0.128.0/24' }), others)).to.equal('the network 10.0.128.0/24 overlaps with 10.0.0.0/16 of the pool a');
    expect(poolOverlapProblem(pool('b', { cidr: '10.0.0.0/8' }), others)).to.equal('the network 10.0.0.0/8 overlaps with 10.0.0.0/16 of the pool a');
    expect(poolOverlapProblem(pool('a', { cidr: '10.0.0.0/16' }), others)).to.equal(undefined);
    expect(poolOverlapProblem(pool('b', { cidr: '10.1.0.0/16' }), others)).to.equal(undefined);
  });

  it('knows what of a pool never changes', () => {
    const before = pool('a', { cidr: '10.0.0.0/16' });
    expect(immutablePoolProblem(before, pool('a', { cidr: '10.2.0.0/16', blockSize: 28 }))).to.equal(
      'the cidr of a pool cannot be changed from 10.0.0.0/16 to 10.2.0.0/16; the blockSize of a pool cannot be changed from 26 to 28',
    );
    expect(immutablePoolProblem(before, pool('a', { cidr: '10.0.0.0/16', disabled: true, ipipMode: 'Always' }))).to.equal(undefined);
  });

  it('finds blocks of another size in the network', () => {
    const blocks = ['10.1.0.0/26', '10.0.1.0/28', 'fd00::/122'].map((text) => parseCidr(text) as Cidr);
    expect(poolBlockSizeProblem(pool('a', { cidr: '10.0.0.0/16' }), blocks)).to.equal(
      'addresses of this network are already allocated in blocks of another size: 10.0.1.0/28, not /26',
    );
    expect(poolBlockSizeProblem(pool('a', { cidr: '10.1.0.0/16' }), blocks)).to.equal(undefined);
  });

  it('shows flags that are not set as false', () => {
    const documents = [document(ipPool, { cidr: '10.30.0.0/16', ipipMode: 'CrossSubnet', natOutgoing: true, nodeSelector: "zone == 'a'" }), document(ipPool, { cidr: 'fd00::/64' })];
    expect(tableOf(ipPool, 'wide', documents)).to.deep.equal([
      ['NAME', 'CIDR', 'NAT', 'IPIPMODE', 'VXLANMODE', 'DISABLED', 'DISABLEBGPEXPORT', 'SELECTOR', 'ASSIGNMENTMODE'],
      ['default', '10.30.0.0/16', 'true', 'CrossSubnet', 'Never', 'false', 'false', "zone == 'a'", 'Automatic'],
      ['default', 'fd00::/64', 'false', 'Never', 'Never', 'false', 'false', 'all()', 'Automatic'],
    ]);
  });

  it('fills in what older Calico did not store, and keeps fields of a newer one', () => {
    const stored = { cidr: '10.0.0.0/24', toString: 'new', natOutgoing: true };
    const object: StoredObject = { kind: 'IPPool', apiVersion: 'projectcalico.org/v3', metadata: { name: 'a' }, spec: stored };
    ipPool.applyReadDefaults?.(object);
    expect(JSON.stringify(object.spec)).to.equal(
      '{"cidr":"10.0.0.0/24","vxlanMode":"Never","ipipMode":"Never","natOutgoing":true,"blockSize":26,"nodeSelector":"all()","allowedUses":["Workload","Tunnel"],"assignmentMode":"Automatic","toString":"new"}',
    );
  });
});
