'use strict';
const { reporters } = require('mocha');

/**
 * Mocha's own report, closed by one line with the counts, for machines. Run in parallel, files that cannot be loaded and workers that die
 * are told of when mocha has already closed its report: they stand behind it, and count.
 */
module.exports = class CountingReporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    this.told = 0;
    runner.once('end', () => (this.told = this.failures.length));
  }

  /** Called by mocha when there is nothing more to come. */
  done(failures, finish) {
    for (const { err } of this.failures.slice(this.told)) process.stdout.write(`\n${err.file ?? ''}\n${err.stack ?? err.message}\n\n`);
    const { passes, pending, failures: failed } = this.stats;
    process.stdout.write(`${passes} passed, ${failed} failed${pending > 0 ? `, ${pending} skipped` : ''}\n`);
    finish(failures);
  }
};
