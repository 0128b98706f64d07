import { expect } from 'chai';
import { describe, it } from 'mocha';
import { RECORDED, renderedOf, statements } from './recorded-bird.js';

describe("BIRD's files, against what confd of Calico 3.32.1 wrote", () => {
  for (const recording of RECORDED) {
    it(`${recording.name}: ${recording.about}`, () => {
      const { texts } = renderedOf(recording);
      expect([...texts.keys()].sort()).to.deep.equal(Object.keys(recording.files).sort());
      for (const [name, expected] of Object.entries(recording.files)) {
        expect(statements(texts.get(name) ?? ''), name).to.deep.equal(expected);
      }
    });
  }
});
