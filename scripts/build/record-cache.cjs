'use strict';
/* Loaded before the tool in a warm run (code-cache.ts): when it ends, V8's code cache of the bundle is written to CODE_CACHE_FILE. */
const { writeFileSync } = require('node:fs');
const vm = require('node:vm');

const target = process.env.CODE_CACHE_FILE;
delete process.env.CODE_CACHE_FILE;

vm.Script = class extends vm.Script {
  constructor(source, options) {
    super(source, options);
    // Only now does the cache hold the functions that were really used.
    process.on('exit', () => {
      writeFileSync(target, this.createCachedData());
    });
  }
};
