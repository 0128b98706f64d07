'use strict';
// Runs command lines of the built calicoctl one after the other in this process (resident.ts). The launcher is loaded anew for each, and
// with it a fresh copy of the bundle: nothing that a command leaves in a variable reaches the next. What belongs to a process, folder,
// environment, standard input and exit code, is set as if the process had just been started.
const { Buffer } = require('node:buffer');
const { writeSync } = require('node:fs');
const { dirname, join } = require('node:path');
const { Readable } = require('node:stream');

const [, , program] = process.argv;
const launcher = join(dirname(program), '../dist/launch.js');
let busy = false;
let mark = '';

/** Tells the end of a command, behind all that it wrote. */
function end(code) {
  if (!busy) return;
  busy = false;
  for (const descriptor of [1, 2]) writeSync(descriptor, mark);
  process.channel.ref();
  process.send(code);
}

process.exit = (code = process.exitCode ?? 0) => end(code);
// A command that needs no bundle ends by having nothing left to do.
process.on('beforeExit', () => end(process.exitCode ?? 0));
process.on('message', ({ args, folder, environment, stdin, mark: closing }) => {
  busy = true;
  mark = closing;
  process.channel.unref();
  process.chdir(folder);
  process.env = environment;
  process.argv = [process.execPath, program, ...args];
  process.exitCode = undefined;
  Object.defineProperty(process, 'stdin', { value: Readable.from([Buffer.from(stdin, 'base64')], { objectMode: false }), configurable: true });
  Reflect.deleteProperty(require.cache, launcher);
  require(launcher);
});
