import type { Data } from '../../../src/base/data.js';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { STORED_KINDS } from '../../../src/resources/registry.js';
import { findings, policyWith } from '../../support/classic.js';
import { document, problemsOf } from '../../support/stored.js';

function hints(kind: string, spec: Data, metadata?: Data): (string | undefined)[] {
  const found = STORED_KINDS.find((each) => each.kind === kind)!;
  return problemsOf(found, document(found, spec, metadata)).map((line) => / \((.*)\)$/s.exec(line)?.[1]);
}

function ports(...list: unknown[]): (string | undefined)[] {
  return hints('GlobalNetworkPolicy', { ingress: [{ action: 'Allow', protocol: 'TCP', destination: { ports: list } }] });
}

const PORTS: readonly (readonly [written: unknown, hint: string])[] = [
  ['80-90', 'write "80:90"'],
  [' 80 - 90 ', 'write "80:90"'],
  ['80..90', 'write "80:90"'],
  ['80\u201390', 'write "80:90"'],
  ['90-80', 'the lower end of a range comes first: write "80:90"'],
  ['80,443', 'write an entry for each: [80, 443]'],
  ['80, 8000-8100', 'write an entry for each: [80, "8000:8100"]'],
  ['80,,443', 'write an entry for each: [80, 443]'],
  ['80,', 'write 80 alone'],
  ['', 'remove the empty entry, or give its port'],
  [null, 'remove the empty entry, or give its value'],
  [' 80 ', 'write 80 without spaces around it'],
  ['80/tcp', 'write the port alone, 80, and the protocol tcp in the rule'],
  ['TCP:80-90', 'write the port alone, "80:90", and the protocol TCP in the rule'],
  [{ min: 80, max: 90 }, 'write the range: "80:90"'],
];

describe('What is said of values of another shape', () => {
  for (const [written, hint] of PORTS) it(`the port ${JSON.stringify(written)}`, () => expect(ports(written)).to.deep.equal([hint]));

  it('the same for classic ports', () => {
    const found = PORTS.map(([written]) => findings(policyWith({ action: 'allow', protocol: 'tcp', destination: { ports: [written] } }))[0]);
    for (const [index, [, hint]] of PORTS.entries()) expect(found[index]).to.match(/^error spec\.ingress\[0\]\.destination\.ports\[0\]/).and.include(`(${hint})`);
  });

  const cases: readonly (readonly [what: string, kind: string, spec: Data, hint: string | undefined, metadata?: Data])[] = [
    ['one text of ports', 'GlobalNetworkPolicy', { ingress: [{ action: 'Allow', protocol: 'TCP', destination: { ports: '80, 8000-8100' } }] }, 'write it as a list: [80, "8000:8100"]'],
    ['one range of ports', 'GlobalNetworkPolicy', { ingress: [{ action: 'Allow', protocol: 'TCP', destination: { ports: '80 - 90' } }] }, 'write it as a list: ["80:90"]'],
    ['one port as text', 'GlobalNetworkPolicy', { ingress: [{ action: 'Allow', protocol: 'TCP', destination: { ports: '80' } }] }, 'write it as a list: [80]'],
    ['a map for a list of rules', 'GlobalNetworkPolicy', { ingress: { action: 'Allow' } }, 'write it as a list: put "- " before the first field of each entry'],
    ['a map for a list of networks', 'GlobalNetworkSet', { nets: { a: '10.0.0.0/8' } }, 'write it as a list: each entry on its own line, after "- "'],
    ['a list for a map', 'GlobalNetworkPolicy', { ingress: [{ action: 'Allow', source: [{ selector: 'all()' }] }] }, 'it is a map, not a list: leave out the "- " before it'],
    ['labels as a list of pairs', 'GlobalNetworkSet', {}, 'write a map: {a: b}', { name: 'default', labels: ['a=b'] }],
    ['labels as one text', 'GlobalNetworkSet', {}, 'write a map: {a: b}', { name: 'default', labels: 'a: b' }],
    ['labels as a list of maps', 'GlobalNetworkSet', {}, 'write a map, not a list: one line "name: value" for each entry, without "- "', { name: 'default', labels: [{ a: 'b' }] }],
    ['a list for one text', 'IPPool', { cidr: ['10.0.0.0/16'] }, 'only one value is allowed here: write 10.0.0.0/16, without brackets or "- "'],
    ['a map for a number', 'Tier', { order: { value: 5 } }, 'write only the number: 5'],
    ['a range for a number', 'Tier', { order: '1-250' }, 'only one number is allowed here, not a range'],
    ['a range for one with two ends', 'FelixConfiguration', { routeTableRange: '1-250' }, 'write {min: 1, max: 250}'],
    ['a range for a list of such', 'FelixConfiguration', { routeTableRanges: '1-250' }, 'write it as a list: [{min: 1, max: 250}]'],
    ['a range of ports of Felix', 'FelixConfiguration', { natPortRange: '32768-65535' }, 'write "32768:65535"'],
    ['"on" in quotes', 'IPPool', { cidr: '10.0.0.0/16', disabled: 'off' }, 'write false'],
    ['one where true is meant', 'IPPool', { cidr: '10.0.0.0/16', natOutgoing: 1 }, 'write true'],
  ];
  for (const [what, kind, spec, hint, metadata] of cases) it(what, () => expect(hints(kind, spec, metadata)).to.deep.equal([hint]));
});
