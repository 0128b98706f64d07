import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'mocha';
import { testAtOnce } from '../support/at-once.js';
import { playScenario, type Difference, type Scenario, type ScenarioStep } from '../support/scenario.js';

const FOLDER = new URL('../cases/golden/v3/', import.meta.url);

/**
 * Where our result differs on purpose, by scenario and step; docs/differences.md has a line for each. One difference holds everywhere
 * and is part of what is compared: what stays as it is is not written again.
 */
const DIFFERS: Readonly<Record<string, Readonly<Record<number, Difference>>>> = {
  batches: { 14: { reason: 'blank documents are skipped, not refused', succeeds: true } },
  formats: { 11: { reason: 'jsonpath is a format of ours', succeeds: true } },
  'kind-words': { 25: { reason: 'get all shows every kind', succeeds: true } },
  'patch-types': {
    5: { reason: 'a JSON patch is one, where the official tool takes each for a merge', succeeds: true },
    6: { reason: 'a type of patch that there is not is refused, not ignored', succeeds: false },
    7: { reason: 'a patch may be YAML', succeeds: true },
  },
  'policy-names': { 0: { reason: 'a batch of which a part cannot be written is not written at all', succeeds: false } },
  'usage-errors': {
    0: { reason: 'without a command, the help is what was asked for', succeeds: true },
    16: { reason: 'errors go to stderr' },
  },
  'workloadendpoint-a': { 3: { reason: 'the name follows from the fields; the official tool forgets that when it tries again', succeeds: true } },
};

/** Of what goes wrong, only that it does is compared, and what `get` has found nevertheless. */
function comparesOutput({ argv, exit, stdout }: ScenarioStep): boolean {
  const found = exit === 0 || (argv[0] === 'get' && stdout !== '');
  return found && argv[0] !== 'version' && !argv.includes('--version');
}

describe('what official Calico 3.32.1 did', () => {
  const scenarios = readdirSync(FOLDER).map((file) => JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')) as Scenario);
  it('a difference is of a step that is played', () => {
    const played = new Map(scenarios.map(({ name, steps }) => [name, steps.length]));
    const steps = Object.entries(DIFFERS).flatMap(([name, differences]) => Object.keys(differences).map((step) => ({ name, step: Number(step) })));
    expect(steps.filter(({ name, step }) => step >= (played.get(name) ?? 0))).to.deep.equal([]);
  });

  testAtOnce(
    scenarios,
    ({ name, about }) => `${name}: ${about}`,
    (scenario, workplace) => playScenario(scenario, workplace, { differs: DIFFERS[scenario.name] ?? {}, compareOutput: comparesOutput }),
  );
});
