#!/usr/bin/env node
// What container runtimes call: the CNI plugins `calico` and `calico-ipam`, by the first word or by a link of that name.
// Plain old JavaScript: a Node that is too old must still be able to read this file and say so.
'use strict';
var version = process.versions.node.split('.').map(Number);
function fail(message) {
  process.stdout.write(JSON.stringify({ code: 999, msg: message }) + '\n');
  process.exitCode = 1;
}
if (version[0] < 20 || (version[0] === 20 && version[1] < 19)) {
  fail('the network plugin needs Node.js 20.19 or newer; this is ' + process.version);
} else if (!require('fs').existsSync(__dirname + '/../dist/cni.js')) {
  fail('the network plugin is not built yet: run npm run build first');
} else {
  require('../dist/cni.js');
}
