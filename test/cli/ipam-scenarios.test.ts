import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import { describe } from 'mocha';
import { testAtOnce } from '../support/at-once.js';
import type { Ended } from '../../scripts/support/calicoctl.js';
import { playScenario, type Command, type Scenario } from '../support/ipam-scenario.js';

const FOLDER = new URL('../cases/ipam/scenarios/', import.meta.url);

/** Command lines that end otherwise on purpose. */
const ENDS_OTHERWISE: Readonly<Record<string, string>> = {
  'ipam': 'a topic without a command is a question for help',
  'ipam bogus': 'an unknown command is a mistake',
  'ipam check': 'it works on etcd alone: neither a kubeconfig nor the configuration of the controllers is needed',
};

/** Command lines that print otherwise on purpose, by their beginning. */
const SAYS_OTHERWISE: Readonly<Record<string, string>> = {
  'ipam split': 'each sentence is on a line of its own',
  'ipam bogus': 'an unknown command is a mistake',
  'ipam show --show-configuration': 'values instead of pointers',
  'ipam release --from-report=seq.json': 'it says what became of the address',
  'ipam release --from-report=hd.json': 'it says what became of the address',
  'ipam release --from-report=report.json --force': 'running a report twice is no conflict',
  'outside-pools: ipam show --show-blocks': 'IPv6 blocks outside pools are shown too',
};

/** Scenarios of which the official check says otherwise, and why. */
const CHECKS_OTHERWISE: Readonly<Record<string, string>> = {
  'bad-keys': 'a block under a key that is not its own is no block',
  'borrowed': 'addresses of services are not judged',
  'in-use-not-allocated': 'IPv6 tunnel addresses are known',
  'malformed-allocations-long': 'an address past the end of a block is none',
  'malformed-cidr-missing': 'a block without a network is unreadable',
  'malformed-null': 'a block without a network is unreadable',
  'malformed-object': 'a block without a network is unreadable',
  'tunnels-six': 'IPv6 tunnel addresses are known',
};

/** Lines of the official check that ours does without, or says otherwise: problems it counts, services, blocks it takes for something else. */
const CHECK_LINES = /^Check complete; found|^Loading all service|^No configuration for LoadBalancer|^Loading all handles|^Looking for top/;

function judge(command: Command, ended: Ended, scenario: Scenario): string | undefined {
  const line = command.argv.join(' ');
  const { exit, crash, quirk } = command;
  if (ended.code === null) return 'it was killed';
  const isCheck = line.startsWith('ipam check');
  const accepted = [exit, ...(quirk?.exit === undefined ? [] : [quirk.exit])];
  const success = ended.code === 0 || (isCheck && ended.code === 1);
  const asRecorded = accepted.some((code) => code === 'any' || (code === 0) === success || (isCheck && code === 1 && ended.code === 1));
  if (crash !== undefined) return ended.stderr.includes('    at ') ? `it crashed: ${ended.stderr}` : undefined;
  if (!asRecorded && !(line in ENDS_OTHERWISE)) return `it ended with ${ended.code} instead of ${exit}: ${ended.stderr}`;
  if (exit !== 0 || ended.code > 1 || (isCheck && scenario.name in CHECKS_OTHERWISE) || quirk?.stdout === 'any' || Object.keys(SAYS_OTHERWISE).some((start) => line.startsWith(start) || `${scenario.name}: ${line}`.startsWith(start))) return undefined;
  return outputProblem(line, command.stdout, ended.stdout);
}

function outputProblem(line: string, recorded: string, printed: string): string | undefined {
  if (line.startsWith('ipam check')) {
    const lines = new Set(printed.split('\n'));
    const missing = recorded.split('\n').filter((each) => !lines.has(each) && !CHECK_LINES.test(each));
    return missing.length === 0 ? undefined : `it did not print\n${missing.join('\n')}`;
  }
  // What is ours stands below what the official tool says.
  return printed.startsWith(recorded) ? undefined : `it printed\n${printed}instead of\n${recorded}`;
}

describe('what official Calico 3.32.1 did with addresses', () => {
  const scenarios = readdirSync(FOLDER).map((file) => JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')) as Scenario);
  testAtOnce(scenarios, ({ name, about }) => `${name}: ${about}`, async (scenario, workplace) => {
    expect(await playScenario(scenario, workplace, judge)).to.deep.equal([]);
  });
});
