import { capture, installed, StepFailure } from '../host/diagnostics/capture.js';
import { felixToSignal } from '../host/diagnostics/felix.js';
import type { DiagnosticStep } from '../host/diagnostics/steps.js';
import { readKernelFacts } from '../host/kernel/facts.js';
import { listProcesses } from '../host/processes.js';
import { readSysctl } from '../host/kernel/sysctl.js';
import { checkSystem, type SystemCheck } from '../host/kernel/system-check.js';

/** The report of `node checksystem`, in the words that `text` finds for it. */
export function checksystemStep(text: (check: SystemCheck) => string): DiagnosticStep {
  return {
    title: 'Checking the system',
    what: 'node checksystem',
    file: 'checksystem',
    async run(write) {
      await write(Buffer.from(text(checkSystem(await readKernelFacts(), readSysctl, undefined))));
    },
  };
}

/** Has Felix write its statistics to its log, which is copied later. */
export function felixStep(searchPath: string): DiagnosticStep {
  return {
    title: 'Dumping felix stats',
    what: 'kill -USR1 of Felix',
    file: 'felix_stats',
    async run(write, signal) {
      const pids = felixToSignal(listProcesses()).map(String);
      const kill = installed('kill', searchPath);
      if (kill === undefined) throw new StepFailure('kill not found');
      await capture(kill, ['-USR1', ...pids], write, signal);
      await write(Buffer.from(`asked the processes ${pids.join(' ')} to write statistics to their log\n`));
    },
  };
}
