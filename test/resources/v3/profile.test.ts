import { describe } from 'mocha';
import { profile } from '../../../src/resources/v3/profile.js';
import { testGolden } from '../../support/stored.js';

describe('Profile', () => {
  testGolden(profile);
});
