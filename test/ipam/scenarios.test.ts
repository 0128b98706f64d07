import { expect } from 'chai';
import { describe, it } from 'mocha';
import { formatIp, parseIp } from '../../src/net/address.js';
import { findBorrowed } from '../../src/ipam/report/borrowed.js';
import { releaseAddresses } from '../../src/ipam/operations/release.js';
import { reportText } from '../../src/ipam/report/report.js';
import { readIpamSnapshot } from '../../src/ipam/snapshot/snapshot.js';
import { survey } from '../../src/ipam/snapshot/allocations.js';
import { readUsage, usageRows } from '../../src/ipam/report/usage.js';
import type { MemoryStore } from '../support/memory-store.js';
import { commandsOf, scenarios, type Command, type Scenario } from './scenarios.js';

/** Where we say otherwise, and why. */
const DIFFERENCES: Readonly<Record<string, string>> = {
  'tunnels-six: writes the same report': 'the official tool calls IPv6 tunnel addresses leaked',
  'borrowed: writes the same report': 'the official tool calls the address of a service unused, although only Kubernetes could tell',
  'malformed-allocations-long: writes the same report': 'the official tool reports an address past the end of a block',
  'malformed-attribute-index-negative: writes the same report': 'the official tool crashed and wrote no report',
  'malformed-cidr-missing: writes the same report': 'the official tool takes a block without a network for one at ::',
  'outside-pools: shows the same usage': 'the official tool leaves out IPv6 blocks outside pools',
  'version-gate: releases the same': 'the command refuses before it gets that far',
};

describe('the recorded scenarios of the official tool', () => {
  for (const scenario of scenarios()) {
    const runs = [...commandsOf(scenario)];
    test(scenario, 'shows the same usage', runs.filter(({ command }) => isUsage(command)), async (command, store) => {
      const rows = usageRows(await readUsage(store), command.argv.includes('--show-blocks'));
      return [rows, tableRows(command.stdout)];
    });
    test(scenario, 'finds the same borrowed addresses', runs.filter(({ command }) => command.argv[2] === '--show-borrowed' && command.exit === 0), async (command, store) => {
      const { borrowed, withoutNode } = findBorrowed(survey(await readIpamSnapshot(store)));
      const note = Number(/found (\d+) IP allocations without/.exec(command.stdout)?.[1] ?? 0);
      return [[borrowed.map((address): string[] => Object.values<string>({ ...address })), withoutNode], [tableRows(command.stdout), note]];
    });
    test(scenario, 'writes the same report', runs.filter(({ command }) => command.argv.includes('-o')), async (command, store) => {
      const text = [...reportText(survey(await readIpamSnapshot(store)), 'v3.32.1')].join('');
      const recorded = Object.values(command.outputs!)[0]!;
      const revisions = await withRevisions(recorded, store);
      return [orderless(text), orderless(revisions)];
    });
    test(scenario, 'releases the same', runs.filter(({ command }) => isRelease(command)), async (command, store) => {
      const before = store.content();
      await releaseAddresses(store, [{ ip: parseIp(command.argv[2]!.slice('--ip='.length))! }]);
      return [changes(before, store.content()), command.store];
    });
  }
});

type Run = { command: Command; title: string; store: MemoryStore };

/** One test over the commands of a scenario; none where there are no such commands. */
function test(scenario: Scenario, what: string, runs: readonly Run[], compare: (command: Command, store: MemoryStore) => Promise<[unknown, unknown]>): void {
  if (runs.length === 0 || `${scenario.name}: ${what}` in DIFFERENCES) return;
  it(`${scenario.name}: ${what}`, async () => {
    for (const { command, title, store } of runs) {
      const [made, recorded] = await compare(command, store);
      expect(made, title).to.deep.equal(recorded);
    }
  });
}

function isUsage({ argv, exit }: Command): boolean {
  return exit === 0 && argv[1] === 'show' && (argv.length === 2 || (argv.length === 3 && argv[2] === '--show-blocks'));
}

/** Releases whose outcome the official tool got right. */
function isRelease({ argv, crash, quirk }: Command): boolean {
  const address = argv[1] === 'release' && argv.length === 3 && argv[2]!.startsWith('--ip=') ? parseIp(argv[2]!.slice('--ip='.length)) : undefined;
  return address !== undefined && formatIp(address) !== '' && crash === undefined && quirk === undefined;
}

/** The cells of an ASCII table. */
function tableRows(text: string): string[][] {
  const lines = text.split('\n').filter((line) => line.startsWith('|')).slice(1);
  return lines.map((line) => line.slice(1, -1).split('|').map((cell) => cell.trim()));
}

/** The official tool lists leaked handles in random order. */
function orderless(report: string): string {
  return report.replace(/(?<="leakedHandles": \[\n)[^\]]*(?=\n {2}\])/, (list) => list.split(/,\n(?= {4}\{)/).sort().join(',\n'));
}

async function withRevisions(text: string, store: MemoryStore): Promise<string> {
  const keys = [...text.matchAll(/\$\{rev:([^}]*)\}/g)].map(([, key]) => key!);
  let filled = text;
  for (const key of keys) filled = filled.replace(`\${rev:${key}}`, (await store.get(key))?.modRevision ?? '');
  return filled;
}

function changes(before: Record<string, string>, after: Record<string, string>): Record<string, string | null> {
  const changed = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((key) => before[key] !== after[key]);
  return Object.fromEntries(changed.map((key) => [key, after[key] ?? null]));
}
