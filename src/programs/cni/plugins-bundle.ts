/** What the bundle of the plugins offers to what loads it. */
export interface PluginsBundle {
  /** Runs the plugin that is meant, and ends the process when it is done. */
  run(argv: readonly string[]): Promise<void>;
}

const WITH_CACHE = ['ADD', 'DEL', 'CHECK', 'GC', 'STATUS'];

/** The name of the code cache for a command: each uses another part of the plugins. */
export function cacheOf(command: string | undefined): string {
  return `cni ${command !== undefined && WITH_CACHE.includes(command) ? command.toLowerCase() : 'other'}`;
}
