import { expect } from 'chai';
import { describe, it } from 'mocha';
import { hostNameProblem, nodeNameProblem } from '../../src/resources/node-name.js';

const FORM = 'letters, digits, and inside the name also ".", "-" and "_"; at most 128 characters';

describe('names of nodes', () => {
  for (const name of ['../../x', 'a b', '$(id)', '', '-a', '.a', 'a/b', 'a\nb', 'a:b', 'ä', `a${'b'.repeat(128)}`]) {
    it(`${JSON.stringify(name).slice(0, 20)} is none`, () => {
      const problem = { message: `${JSON.stringify(name)} is not a node name`, hint: FORM };
      expect(hostNameProblem(name)).to.deep.equal(problem);
      expect(nodeNameProblem(name)).to.deep.equal(problem);
    });
  }

  const bent: readonly (readonly [string, string])[] = [['Node1', 'node1'], ['HOST', 'host'], ['a_b', 'a-b'], ['a..b', 'a.b'], ['a.', 'a']];
  for (const [name, stored] of bent) {
    it(`${name} would be stored as ${stored}`, () => {
      expect(hostNameProblem(name)).to.equal(undefined);
      expect(nodeNameProblem(name)).to.deep.equal({ message: `"${name}" is not the name of a node as Calico stores it`, hint: `write ${stored}` });
    });
  }

  for (const name of ['a', 'rack1-host1', 'node-1.example.org', '10.0.0.1', 'a--b']) it(`${name} is one`, () => expect(nodeNameProblem(name)).to.equal(undefined));
});
