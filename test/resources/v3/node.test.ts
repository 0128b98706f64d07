import { describe } from 'mocha';
import { node } from '../../../src/resources/v3/node.js';
import { testGolden } from '../../support/stored.js';

describe('Node', () => {
  testGolden(node);
});
