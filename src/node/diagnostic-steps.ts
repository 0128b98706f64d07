import { capture, installed, StepFailure } from '../host/diagnostics/capture.js';
import { felixToSignal } from '../host/diagnostics/felix.js';
import { isLogFile, logFiles } from '../host/diagnostics/log-files.js';
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

/** Where container runtimes look for the configs of networks. */
const NETWORKS = '/etc/cni/net.d';

/** The configs of networks that a container runtime finds; the first by its name is the one it uses. */
export function networksStep(folder = NETWORKS): DiagnosticStep {
  return {
    title: 'Copying the configs of container networks',
    what: `configs in ${folder}`,
    file: 'cni_networks',
    async run(write, signal) {
      let found = 0;
      for await (const each of logFiles(folder)) {
        const name = each.path.join('/');
        if (!/^[^/]+\.(?:conf|conflist|json)$/.test(name) || !isLogFile(each)) continue;
        found++;
        await write(Buffer.from(`==> ${folder}/${name}\n`));
        await each.copy(write, signal);
        await write(Buffer.from('\n'));
      }
      if (found === 0) throw new StepFailure('there are none');
    },
  };
}
