import { describe } from 'mocha';
import { kubeControllersConfiguration } from '../../../src/resources/v3/kube-controllers-configuration.js';
import { testGolden } from '../../support/stored.js';

describe('KubeControllersConfiguration', () => {
  testGolden(kubeControllersConfiguration);
});
