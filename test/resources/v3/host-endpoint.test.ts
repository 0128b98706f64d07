import { describe } from 'mocha';
import { hostEndpoint } from '../../../src/resources/v3/host-endpoint.js';
import { testGolden } from '../../support/stored.js';

describe('HostEndpoint', () => {
  testGolden(hostEndpoint);
});
