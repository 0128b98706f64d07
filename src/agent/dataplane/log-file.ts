import { appendLine } from '../../base/append-line.js';
import type { Settings } from '../../dataplane/settings/settings.js';
import type { LogCopy } from '../../text/log.js';

/**
 * The file that lines of the log go to as well (reference/felix 5.5); undefined where there is to be none. What
 * cannot be written is told once.
 */
export function logFile({ logFilePath: path, logSeverityFile: level }: Pick<Settings, 'logFilePath' | 'logSeverityFile'>, tell: (text: string) => void): LogCopy | undefined {
  if (path === '' || level === undefined) return undefined;
  let wasTold = false;
  const write = (line: string): void => {
    try {
      appendLine(path, line, 0o644);
    } catch (error) {
      // It is told to this log, which writes here too.
      if (wasTold) return;
      wasTold = true;
      tell(`logFilePath: ${path} cannot be written: ${(error as Error).message}`);
    }
  };
  return { level, write };
}
