import { expect } from 'chai';
import { describe, it } from 'mocha';
import { bgpFilter } from '../../../src/resources/v3/bgp-filter.js';
import { document, problemsOf, tableOf, testGolden } from '../../support/stored.js';

function problems(spec: Record<string, unknown>): string[] {
  return problemsOf(bgpFilter, document(bgpFilter, spec));
}

describe('BGPFilter', () => {
  testGolden(bgpFilter);

  it('explains values of the wrong kind', () => {
    const spec = {
      exportV4: [
        { action: 'accept', cidr: 'fd00::/8', matchOperator: 'in' },
        { cidr: '10.0.0.1/8', matchOperator: 'In' },
        { action: 'Accept', cidr: '10.0.0.0/8', prefixLength: { max: 33 } },
      ],
      importV6: [{ action: 'Accept', operations: [{ addCommunity: { value: '1:065' } }, { setPriority: {} }] }, { action: 'Accept', communities: { values: ['70000:1'] } }],
    };
    expect(problems(spec)).to.deep.equal([
      'spec.exportV4[0].cidr: "fd00::/8" is not an IPv4 network',
      'spec.exportV4[0].matchOperator: "in" is not a match operator: expected Equal, NotEqual, In or NotIn; did you mean "In"?',
      'spec.exportV4[0].action: "accept" is not an action: expected Accept or Reject; did you mean "Accept"?',
      'spec.exportV4[1].cidr: 10.0.0.1/8 has bits set after its prefix length: the network is 10.0.0.0/8',
      'spec.exportV4[1].action: a rule needs an action: Accept or Reject',
      'spec.exportV4[2].prefixLength.max: 33 is not a prefix length (0 to 32)',
      'spec.importV6[0].operations[0].addCommunity.value: "1:065" has leading zeros',
      'spec.importV6[0].operations[1].setPriority.value: setPriority needs a value',
      'spec.importV6[1].communities.values[0]: 70000 is too large for a community of 2 numbers: at most 65535 is allowed',
      'spec.exportV4[2].matchOperator: a rule with a cidr needs a matchOperator: Equal, NotEqual, In or NotIn',
    ]);
  });

  it('explains fields that do not fit together', () => {
    const spec = {
      importV6: [
        { action: 'Reject', prefixLength: { min: 1 }, operations: [{}] },
        { action: 'Accept', cidr: 'fd00::/8', operations: [{ addCommunity: { value: '1:65' }, setPriority: { value: 1 } }, { prependASPath: { prefix: [] } }] },
        { action: 'Accept', matchOperator: 'In', communities: { values: ['1:2', '1:3'] }, operations: Array(11).fill({ setPriority: { value: 1 } }) },
      ],
    };
    expect(problems(spec)).to.deep.equal([
      'spec.importV6[0].cidr: a rule with a prefixLength needs a cidr',
      'spec.importV6[0].operations: only a rule that accepts routes can have operations',
      'spec.importV6[0].operations[0]: exactly one of addCommunity, prependASPath, setPriority must be set, none is',
      'spec.importV6[1].matchOperator: a rule with a cidr needs a matchOperator: Equal, NotEqual, In or NotIn',
      'spec.importV6[1].operations[0]: exactly one of addCommunity, prependASPath, setPriority must be set, not addCommunity and setPriority',
      'spec.importV6[1].operations[1].prependASPath.prefix: 1 to 10 AS numbers can be prepended, not 0',
      'spec.importV6[2].cidr: a rule with a matchOperator needs a cidr',
      'spec.importV6[2].communities.values: exactly one community is allowed here, not 2',
      'spec.importV6[2].operations: at most 10 operations are allowed, not 11',
    ]);
  });

  it('counts its rules', () => {
    expect(tableOf(bgpFilter, 'ps', [document(bgpFilter, { exportV4: [{ action: 'Accept' }, { action: 'Reject' }], importV6: [{ action: 'Reject' }] })])).to.deep.equal([
      ['NAME', 'NUMEXPORTV4', 'NUMIMPORTV4', 'NUMEXPORTV6', 'NUMIMPORTV6'],
      ['default', '2', '0', '0', '1'],
    ]);
  });
});
