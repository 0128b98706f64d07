import { describe } from 'mocha';
import { ipReservation } from '../../../src/resources/v3/ip-reservation.js';
import { testGolden } from '../../support/stored.js';

describe('IPReservation', () => {
  testGolden(ipReservation);
});
