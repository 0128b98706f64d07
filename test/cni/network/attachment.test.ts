import { expect } from 'chai';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'mocha';
import { mtuOf } from '../../../src/cni/network/attachment.js';

const folder = mkdtempSync(join(tmpdir(), 'calicoctl-mtu-'));
after(() => rmSync(folder, { recursive: true }));

describe('the size of packets that a workload may send', () => {
  const file = join(folder, 'mtu');
  const sizeOf = (mtu: number | undefined, text: string): number | undefined => {
    writeFileSync(file, text);
    return mtuOf({ mtu, requireMtuFile: true }, file);
  };

  it('is that of the configuration, else that of the node, else the kernel’s', () => {
    expect(sizeOf(1400, '1500')).to.equal(1400);
    expect(sizeOf(undefined, '1450\n')).to.equal(1450);
    expect(sizeOf(undefined, '0')).to.equal(undefined);
    expect(mtuOf({ mtu: undefined, requireMtuFile: false }, join(folder, 'none'))).to.equal(undefined);
  });

  it('is one that an interface can have', () => {
    for (const size of [68, 65_535]) expect(sizeOf(size, '0')).to.equal(size);
    for (const size of [67, 65_536]) expect(() => sizeOf(size, '0')).to.throw(`mtu must be from 68 to 65535, not ${size}`);
    expect(() => sizeOf(undefined, '70000')).to.throw(`${file} must be from 68 to 65535, not 70000`);
  });

  it('is waited for where the configuration wants the file, and a number', () => {
    expect(() => mtuOf({ mtu: 1400, requireMtuFile: true }, join(folder, 'none'))).to.throw('is not there, and the configuration wants it');
    expect(() => sizeOf(1400, 'many')).to.throw('holds no number: "many"');
  });
});
