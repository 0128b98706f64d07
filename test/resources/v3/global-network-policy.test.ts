import { describe } from 'mocha';
import { globalNetworkPolicy } from '../../../src/resources/v3/global-network-policy.js';
import { testGolden } from '../../support/stored.js';

describe('GlobalNetworkPolicy', () => {
  testGolden(globalNetworkPolicy, ['P0469']);
});
