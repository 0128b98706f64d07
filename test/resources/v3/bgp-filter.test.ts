import { describe } from 'mocha';
import { bgpFilter } from '../../../src/resources/v3/bgp-filter.js';
import { testGolden } from '../../support/stored.js';

describe('BGPFilter', () => {
  testGolden(bgpFilter);
});
