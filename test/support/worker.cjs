'use strict';
// A worker of mocha's is given a second to end, then SIGTERM: too little for writing down what was covered. With a listener the signal
// has to wait for its turn, which it does not get once the process is ending.
if (process.env.MOCHA_WORKER_ID !== undefined) process.on('SIGTERM', () => process.exit(143));
