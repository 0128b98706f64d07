#!/usr/bin/env node
// Runs the tool from its sources, without a build: slow to start, for development only.
'use strict';
import('tsx/esm/api').then(({ register }) => {
  register();
  return import('../scripts/dev.ts');
});
