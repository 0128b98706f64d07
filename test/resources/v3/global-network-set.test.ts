import { describe } from 'mocha';
import { globalNetworkSet } from '../../../src/resources/v3/global-network-set.js';
import { testGolden } from '../../support/stored.js';

describe('GlobalNetworkSet', () => {
  testGolden(globalNetworkSet);
});
