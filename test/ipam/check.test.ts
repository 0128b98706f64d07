import { expect } from 'chai';
import { describe, it } from 'mocha';
import { readFileSync } from 'node:fs';
import { parseCidr, parseIp } from '../../src/ipam/address.js';
import { assignAddress } from '../../src/ipam/assign-address.js';
import { check } from '../../src/ipam/check/check.js';
import type { Finding } from '../../src/ipam/check/finding.js';
import { releaseNode } from '../../src/ipam/release-node.js';
import { releaseAddresses, releaseByHandle } from '../../src/ipam/release.js';
import { repairBlock, repairHandles } from '../../src/ipam/repair.js';
import { readIpamSnapshot } from '../../src/ipam/snapshot.js';
import { MemoryStore } from '../support/memory-store.js';
import { scenarios, type Scenario } from './scenarios.js';

/** For each scenario what is found in it, in full. */
const EXPECTED = JSON.parse(readFileSync(new URL('../cases/ipam/findings.json', import.meta.url), 'utf8')) as Record<string, Finding[]>;

/** Advice that this layer can follow. The rest is for the operator: a larger pool, a new pod, a key that nobody can read. */
const CAN_BE_FOLLOWED = /^calicoctl ipam (assign|release|repair) /;
/** Blocks in use that no pool would make stay until their addresses are gone. */
const STAY_WHILE_IN_USE = ['block-outside-pools', 'block-size'];

describe('ipam check', () => {
  for (const scenario of scenarios()) {
    it(`${scenario.name}: finds what is wrong, and nothing else`, async () => {
      const { findings } = check(await readIpamSnapshot(new MemoryStore(scenario.load)));
      expect(findings).to.deep.equal(EXPECTED[scenario.name]);
    });

    it(`${scenario.name}: what it advises mends what it found`, async () => {
      const store = new MemoryStore(scenario.load);
      expect((await mendAll(store, scenario)).map(({ code, subject }) => `${code} ${subject}`)).to.deep.equal([]);
    });
  }
});

/** Follows the advice until none is left that can be followed; returns the findings that should have gone. */
async function mendAll(store: MemoryStore, scenario: Scenario): Promise<Finding[]> {
  for (let round = 0; round < 10; round++) {
    const { findings } = check(await readIpamSnapshot(store));
    const open = findings.filter(({ remedy }) => CAN_BE_FOLLOWED.test(remedy));
    const before = store.content();
    for (const { remedy } of open) await follow(store, remedy);
    if (JSON.stringify(before) === JSON.stringify(store.content())) return open.filter(({ code, evidence }) => !(STAY_WHILE_IN_USE.includes(code) && !evidence.includes('it is empty')));
  }
  throw new Error(`${scenario.name}: the advice never comes to an end`);
}

async function follow(store: MemoryStore, remedy: string): Promise<void> {
  const verb = CAN_BE_FOLLOWED.exec(remedy)?.[1];
  const options = new Map([...remedy.matchAll(/--(\w+)=('[^']*'|\S+)/g)].map(([, name, value]) => [name, value!.replaceAll("'", '')]));
  const [ip, handle, node, block] = ['ip', 'handle', 'node', 'block'].map((name) => options.get(name));
  if (verb === 'assign') await assignAddress(store, { ip: parseIp(ip!)!, host: node!, owner: { handle: undefined, attributes: { node: node! } } });
  else if (verb === 'repair' && handle !== undefined) await repairHandles(store, [handle]);
  else if (verb === 'repair') await repairBlock(store, parseCidr(block!)!);
  else if (verb === 'release' && ip !== undefined) await releaseAddresses(store, [{ ip: parseIp(ip)! }]);
  else if (verb === 'release' && handle !== undefined) await releaseByHandle(store, handle);
  else if (verb === 'release' && node !== undefined) await releaseNode(store, node);
  else throw new Error(`nobody can follow "${remedy}"`);
}
