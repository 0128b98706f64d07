import { expect } from 'chai';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { CalicoError } from '../../src/base/errors.js';
import { LabFolder, labNames } from '../../src/lab/folder.js';
import { labNameProblem, type LabPlan } from '../../src/lab/plan.js';

const plan = (name: string): LabPlan => ({ name, id: 'i', begun: 'now', encapsulation: 'routed', network: '172.28.0', hosts: [{ name: 'node1', number: 1 }], program: ['node'], searchPath: '/bin' });

describe('the folder of a lab', () => {
  let root = '';
  let labs = '';
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'calicoctl-labs-'));
    labs = join(root, 'calicoctl', 'labs');
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it('holds what is to be made before anything is, for root alone', () => {
    const folder = new LabFolder('one', labs);
    folder.begin(plan('one'));
    expect(folder.read()).to.deep.equal(plan('one'));
    expect(statSync(folder.path).mode & 0o777).to.equal(0o700);
    expect(labNames(labs)).to.deep.equal(['one']);
  });

  it('is taken by one lab only', () => {
    new LabFolder('one', labs).begin(plan('one'));
    expect(() => new LabFolder('one', labs).begin(plan('one'))).to.throw(CalicoError, 'there is a lab of the name one already').with.property('meaning', 'exists');
    new LabFolder('two', labs).begin(plan('two'));
    expect(labNames(labs)).to.deep.equal(['one', 'two']);
  });

  it('says nothing of a lab that was killed before it was written', () => {
    const folder = new LabFolder('one', labs);
    mkdirSync(folder.path, { recursive: true });
    expect(folder.read()).to.equal(undefined);
    writeFileSync(folder.plan, '{"name": "on');
    expect(folder.read()).to.equal(undefined);
    expect(folder.exists).to.equal(true);
  });

  it('goes with the folders around it, unless others have something there', () => {
    const [one, two] = [new LabFolder('one', labs), new LabFolder('two', labs)];
    one.begin(plan('one'));
    two.begin(plan('two'));
    one.remove();
    expect(labNames(labs)).to.deep.equal(['two']);
    two.remove();
    expect(existsSync(join(root, 'calicoctl'))).to.equal(false);
    expect(existsSync(root)).to.equal(true);
  });

  it('has a name that is one of a folder and of a socket', () => {
    for (const name of ['lab', 'a', 'lab-2', 'x'.repeat(24)]) expect(labNameProblem(name), name).to.equal(undefined);
    for (const name of ['', '.', '..', 'a/b', '-a', 'a-', 'A', 'x'.repeat(25), 'a b']) expect(labNameProblem(name), name).to.include('is no name for a lab');
  });
});
