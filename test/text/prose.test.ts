import { expect } from 'chai';
import { describe, it } from 'mocha';
import { flowed } from '../../src/text/prose.js';
import { columnsOf } from '../../src/text/width.js';

const BOLD = '\u001b[1m';
const OFF = '\u001b[22m';

describe('sentences on a terminal', () => {
  it('are broken between words, and go on further in', () => {
    expect(flowed('    a selector that matches no endpoint', 26)).to.equal('    a selector that\n      matches no endpoint');
    expect(flowed('1. what leaves frontend: allowed', 24)).to.equal('1. what leaves frontend:\n   allowed');
  });

  it('stay as they are in a pipe, and where they fit', () => {
    const long = 'word '.repeat(50);
    expect(flowed(long, undefined)).to.equal(long);
    expect(flowed('a  b\n\n   c\n', 20)).to.equal('a  b\n\n   c\n');
  });

  it('lose nothing but spaces where they are broken', () => {
    const text = 'rule 2  allows TCP from selector role == "a  b" to port 80, which no other rule of the tier does';
    for (let room = 22; room < 100; room++) {
      const lines = flowed(text, room).split('\n');
      expect(lines.map((line) => line.trim()).join(' ').replaceAll(/ +/g, ' ')).to.equal(text.replaceAll(/ +/g, ' '));
      expect(lines.filter((line) => columnsOf(line) > room), String(room)).to.deep.equal([]);
    }
  });

  it('keep words and commands whole that are longer than a line', () => {
    const word = 'a'.repeat(40);
    expect(flowed(`see ${word} there`, 30)).to.equal(`see\n  ${word}\n  there`);
    expect(flowed('hint: make one with `calicoctl datastore backup -o FILE` first', 30)).to.equal('hint: make one with\n  `calicoctl datastore backup -o FILE`\n  first');
    expect(flowed('hint: grant it with: etcdctl role grant-permission ROLE read /calico/ --prefix; or ask', 40)).to.equal('hint: grant it with:\n  etcdctl role grant-permission ROLE read /calico/ --prefix;\n  or ask');
    expect(flowed('    calicoctl ipam release --ip 10.0.0.1', 30)).to.equal('    calicoctl ipam release --ip 10.0.0.1');
  });

  it('count the columns that are seen: colours take none, wide characters two', () => {
    expect(flowed(`${BOLD}policy/a${OFF} denies what comes`, 26)).to.equal(`${BOLD}policy/a${OFF} denies what comes`);
    expect(flowed('漢字漢字 漢字漢字 漢字漢字', 22)).to.equal('漢字漢字 漢字漢字\n  漢字漢字');
  });

  it('are not broken where hardly anything would stand on a line', () => {
    expect(flowed(`${' '.repeat(30)}one two three four`, 40)).to.equal(`${' '.repeat(30)}one two three four`);
  });
});
