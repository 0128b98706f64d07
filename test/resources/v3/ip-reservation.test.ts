import { expect } from 'chai';
import { describe, it } from 'mocha';
import { ipReservation } from '../../../src/resources/v3/ip-reservation.js';
import { document, problemsOf, tableOf, testGolden } from '../../support/stored.js';

describe('IPReservation', () => {
  testGolden(ipReservation);

  it('cuts a long list', () => {
    const reservedCIDRs = Array.from({ length: 9 }, (_, index) => `10.0.${index}.0/24`);
    expect(tableOf(ipReservation, 'wide', [document(ipReservation, { reservedCIDRs }), document(ipReservation, { reservedCIDRs: ['10.0.0.1', 'fd00::/120'] }), document(ipReservation, {})])).to.deep.equal([
      ['NAME', 'CIDRS'],
      ['default', '10.0.0.0/24,10.0.1.0/24,10.0.2.0/24,10.0.3.0/24,10.0.4.0/24,10.0.5.0/24,10.0....'],
      ['default', '10.0.0.1,fd00::/120'],
      ['default', ''],
    ]);
  });

  it('explains what is not an address', () => {
    expect(problemsOf(ipReservation, document(ipReservation, { reservedCIDRs: ['10.0.0.0/8', '10.0.1.0/33'] }))).to.deep.equal([
      'spec.reservedCIDRs[1]: "10.0.1.0/33" is neither a network such as 10.0.0.0/16 nor an IP address',
    ]);
    expect(problemsOf(ipReservation, document(ipReservation, { reservedCIDRs: '10.0.0.1' }))).to.deep.equal([
      'spec.reservedCIDRs: expected a list, found "10.0.0.1" (write it as a list: [10.0.0.1])',
    ]);
  });
});
