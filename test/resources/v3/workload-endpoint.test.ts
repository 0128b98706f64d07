import { describe } from 'mocha';
import { workloadEndpoint } from '../../../src/resources/v3/workload-endpoint.js';
import { testGolden } from '../../support/stored.js';

describe('WorkloadEndpoint', () => {
  testGolden(workloadEndpoint);
});
