#!/usr/bin/env node
// What the container of a node runs. Plain old JavaScript: a Node that is too old must still be able to read this file and say so.
'use strict';
var version = process.versions.node.split('.').map(Number);
if (version[0] < 20 || (version[0] === 20 && version[1] < 19)) {
  process.stderr.write('the agent needs Node.js 20.19 or newer; this is ' + process.version + '.\n');
  process.exitCode = 1;
} else if (!require('fs').existsSync(__dirname + '/../dist/agent.js')) {
  process.stderr.write('the agent is not built yet: run npm run build first.\n');
  process.exitCode = 1;
} else {
  require('../dist/agent.js');
}
