import { readdirSync, readFileSync } from 'node:fs';
import { after, before, describe, it } from 'mocha';
import { startEtcd, type Etcd } from '../support/etcd.js';
import { playScenario, type Scenario, type Step } from '../support/scenario.js';

const FOLDER = new URL('../cases/golden/v3/', import.meta.url);

/** Verbs of the official tool that are not ours yet. */
const FOREIGN = ['patch', 'label', 'datastore', 'node', 'ipam'];

/** Where our result differs on purpose, by scenario and step. */
const DIFFERS: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  batches: { 14: 'blank documents are skipped, not refused' },
  'policy-names': {
    0: 'a batch of which a part cannot be written is not written at all',
    18: 'the policy of step 0 was not written, so it can be created',
    19: 'then applying it again changes nothing',
  },
  formats: { 19: '' },
};

/** Output that is ours to choose: names, versions, and what is printed when something went wrong. */
function comparesOutput(step: Step): boolean {
  return step.exit === 0 && step.argv[0] !== 'version' && !step.argv.includes('--version');
}

describe('what official Calico 3.32.1 did', function () {
  this.timeout(120_000);
  let etcd: Etcd;
  before(async () => (etcd = await startEtcd()));
  after(() => etcd.stop());

  for (const file of readdirSync(FOLDER)) {
    const scenario = JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')) as Scenario;
    it(`${scenario.name}: ${scenario.about}`, () => playScenario(scenario, etcd, { foreign: FOREIGN, differs: DIFFERS[scenario.name] ?? {}, compareOutput: comparesOutput }));
  }
});
