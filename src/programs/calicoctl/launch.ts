import { bundles, commit, names, version } from 'calicoctl:names';
import { readCommandLine, type CommandLine } from '../../cli/argv.js';
import { COMPLETE } from '../../cli/completion/facts.js';
import { ExitCode } from '../../cli/exit-codes.js';
import { PLUGIN_WORD } from '../../cni/install/launcher.js';
import { safe } from '../../text/safe.js';
import { cacheOf, type PluginsBundle } from '../cni/plugins-bundle.js';
import { loadBundle } from './bundle.js';
import { complete } from './complete.js';
import { helpWidth } from './help-width.js';
import { isInner, runInner } from './inner.js';
import { readOwn } from './own-files.js';
import { writeAll } from './streams.js';

/** Answers what needs no command (help, version, mistakes) by itself, and loads the tool for the rest. */
function launch(line: CommandLine): void {
  switch (line.kind) {
    case 'version': return answer(`calicoctl ${version}${commit === '' ? '' : ` (${commit})`}\n`);
    case 'help': return answer((JSON.parse(readOwn(`help-${helpWidth()}.json`).toString()) as Record<string, string>)[line.topic] as string);
    case 'problem':
      writeAll(2, `${safe(line.message)}\nhint: ${safe(line.hint)}\n`);
      process.exitCode = ExitCode.usage;
      return;
    case 'run': {
      const command = names[line.command] as string;
      void loadBundle(bundles[command] as string, command).run(command, line.args);
    }
  }
}

function answer(text: string): void {
  try {
    writeAll(1, text);
  } catch (error) {
    writeAll(2, `cannot write the output: ${(error as Error).message}\n`);
    process.exitCode = ExitCode.failed;
  }
}

const [first, ...rest] = process.argv.slice(2);
if (first === COMPLETE) void complete(rest);
else if (first === PLUGIN_WORD) void loadBundle<PluginsBundle>('cni', cacheOf(process.env['CNI_COMMAND'])).run([process.execPath, first, ...rest]);
else if (isInner(first)) runInner(first);
else launch(readCommandLine(process.argv.slice(2), Object.keys(names)));
