const SIGNALS: Readonly<Record<number, string>> = { 130: 'SIGINT', 134: 'SIGABRT', 137: 'SIGKILL', 139: 'SIGSEGV', 143: 'SIGTERM' };

/** How a container ended, in words. */
export function exitText({ exitCode, outOfMemory }: { readonly exitCode: number; readonly outOfMemory?: boolean }): string {
  const signal = SIGNALS[exitCode];
  return `exit code ${exitCode}${signal === undefined ? '' : ` (${signal})`}${outOfMemory === true ? ', out of memory' : ''}`;
}
