import { expect } from 'chai';
import { describe, it } from 'mocha';
import { readFileSync, writeFileSync } from 'node:fs';
import { formatIp, parseCidr, parseIp, type Ip } from '../../../src/net/address.js';
import { assignAddress } from '../../../src/ipam/operations/assign-address.js';
import { check } from '../../../src/ipam/check/check.js';
import type { Finding, FindingCode } from '../../../src/ipam/check/finding.js';
import { findingData } from '../../../src/output/views/ipam/remedy-text.js';
import { groupFindings } from '../../../src/ipam/check/group.js';
import type { Remedy } from '../../../src/ipam/check/remedy.js';
import { changeConfiguration } from '../../../src/ipam/operations/configuration.js';
import { releaseHandleUnused, releaseIps, releaseNodeUnused } from '../../../src/ipam/operations/release-unused.js';
import { repairFindings } from '../../../src/ipam/operations/repair-findings.js';
import { repairKeys } from '../../../src/ipam/operations/repair-keys.js';
import { repairBlock, repairHandles } from '../../../src/ipam/operations/repair.js';
import { readIpamSnapshot } from '../../../src/ipam/snapshot/snapshot.js';
import { refuseUsed, rightfulOwner, type IntendedUser } from '../../../src/ipam/operations/take-over.js';
import { readUsers } from '../../../src/ipam/cluster/uses.js';
import { MemoryStore } from '../../support/memory-store.js';
import { STORES } from '../advice-stores.js';
import { scenarios } from '../scenarios.js';

const now = (): Date => new Date('2026-11-20T23:30:00.100Z');
const EXPECTED_FILE = new URL('../../cases/ipam/findings.json', import.meta.url);
/** For each scenario what is found in it, in full; RECORD=1 writes it anew. */
const EXPECTED = JSON.parse(readFileSync(EXPECTED_FILE, 'utf8')) as Record<string, object[]>;

const ALL: readonly { readonly name: string; readonly load: Readonly<Record<string, string>> }[] = [...scenarios(), ...STORES];

describe('ipam check', () => {
  for (const { name, load } of ALL) {
    it(`${name}: finds what is wrong, and nothing else`, async () => {
      const found = (await findingsOf(new MemoryStore(load))).map((finding) => findingData(finding));
      if (process.env['RECORD'] === '1') {
        EXPECTED[name] = found;
        writeFileSync(EXPECTED_FILE, `{\n${Object.entries(EXPECTED).map(([key, list]) => `${JSON.stringify(key)}: [${list.map((each) => `\n  ${JSON.stringify(each)}`).join(',')}\n]`).join(',\n')}\n}\n`);
      }
      expect(found).to.deep.equal(EXPECTED[name]);
    });

    it(`${name}: each advice by itself repairs what it is for, and nothing else comes`, async () => {
      for (const finding of await findingsOf(new MemoryStore(load))) {
        if (typeof finding.remedy === 'string') continue;
        const store = new MemoryStore(load);
        for (const each of finding.remedy) await follow(store, each);
        await expectRepaired(store, load, [finding]);
      }
    });

    it(`${name}: the command for a group repairs all of it, and so does the one for its kind`, async () => {
      for (const { findings, remedy } of groupFindings(await findingsOf(new MemoryStore(load)))) {
        if (typeof remedy === 'string') continue;
        const store = new MemoryStore(load);
        for (const each of remedy) await follow(store, each);
        await expectRepaired(store, load, findings);
        if (remedy[0]!.verb === 'configure') continue;
        const other = new MemoryStore(load);
        await follow(other, { verb: 'repair', options: [['finding', findings[0]!.code]] });
        await expectRepaired(other, load, findings);
      }
    });

    it(`${name}: all advice together leaves nothing that a command could repair, and no endpoint, node or pool is touched`, async () => {
      const store = new MemoryStore(load);
      for (const { remedy } of groupFindings(await findingsOf(store))) if (typeof remedy !== 'string') for (const each of remedy) await follow(store, each, 'as far as it is still needed');
      // A block that lost its last address can be removed now.
      for (const { remedy } of await findingsOf(store)) if (typeof remedy !== 'string') for (const each of remedy) await follow(store, each, 'as far as it is still needed');
      expect((await findingsOf(store)).filter(({ remedy }) => typeof remedy !== 'string').map(idOf)).to.deep.equal([]);
      const resources = (content: Readonly<Record<string, string>>): [string, string][] => Object.entries(content).filter(([key]) => key.startsWith('/calico/resources/')).sort();
      expect(resources(store.content())).to.deep.equal(resources(load));
    });
  }
});

async function findingsOf(store: MemoryStore): Promise<readonly Finding[]> {
  return check(await readIpamSnapshot(store)).findings;
}

function idOf({ code, subject }: Finding): string {
  return `${code} ${subject}`;
}

/** The findings are gone, and no other is there that was not before. */
async function expectRepaired(store: MemoryStore, load: Readonly<Record<string, string>>, repaired: readonly Finding[]): Promise<void> {
  const before = (await findingsOf(new MemoryStore(load))).map(idOf);
  const after = (await findingsOf(store)).map(idOf);
  expect(after.filter((id) => repaired.some((finding) => idOf(finding) === id)), 'still there').to.deep.equal([]);
  expect(after.filter((id) => !before.includes(id)), `came with ${repaired.map(idOf).slice(0, 5).join(', ')}`).to.deep.equal([]);
}

async function follow(store: MemoryStore, { verb, options, force }: Remedy, how: 'all of it' | 'as far as it is still needed' = 'all of it'): Promise<void> {
  const given = (name: string): string[] => options.filter(([option]) => option === name).map(([, value]) => value);
  const [ips, handles, nodes, blocks] = [given('ip').map((text) => parseIp(text)!), given('handle'), given('node'), given('block')];
  if (verb === 'assign') return assign(store, ips[0]!, { node: nodes[0]!, handle: handles[0] }, force === true);
  if (verb === 'configure') {
    await changeConfiguration(store, { maxBlocksPerHost: Number(given('max-blocks-per-host')[0]) });
    return;
  }
  const done: unknown[] = [];
  if (verb === 'release') {
    for (const { outcome } of await releaseIps(store, ips, {})) done.push(outcome === 'released');
    for (const handle of handles) done.push((await releaseHandleUnused(store, handle, {})) !== undefined);
    for (const node of nodes) await releaseNodeUnused(store, node, {});
  } else {
    for (const block of blocks) done.push((await repairBlock(store, parseCidr(block)!)).done.length > 0);
    if (handles.length > 0) for (const repair of (await repairHandles(store, handles)).values()) done.push(repair !== 'sound');
    for (const told of await repairKeys(store, given('key'), now)) done.push(told !== 'nothing to repair');
    for (const code of given('finding') as FindingCode[]) done.push((await repairFindings(store, code, now)).left.length === 0);
  }
  if (how === 'all of it') expect(done).to.not.include(false);
}

async function assign(store: MemoryStore, ip: Ip, { node, handle }: IntendedUser, force: boolean): Promise<void> {
  const found = await readUsers(store, new Set([formatIp(ip)]));
  const users = found.uses.get(formatIp(ip)) ?? [];
  if (!force) await refuseUsed(store, [ip], found, () => Promise.resolve());
  const owner = await rightfulOwner(store, users, { node, handle }, now());
  expect(owner?.handle).to.equal(handle);
  await assignAddress(store, { ip, host: node, owner: owner!, inUse: true });
}
