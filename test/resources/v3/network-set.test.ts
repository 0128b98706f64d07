import { describe } from 'mocha';
import { networkSet } from '../../../src/resources/v3/network-set.js';
import { testGolden } from '../../support/stored.js';

describe('NetworkSet', () => {
  testGolden(networkSet);
});
