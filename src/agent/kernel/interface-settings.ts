import { readFileSync, writeFileSync } from 'node:fs';
import type { HostState, KernelSetting } from '../../dataplane/host/state.js';

/** Writes a setting of the kernel by its path below /proc/sys. Throws Node's errors. */
export type WriteSetting = (path: string, value: string) => void;

const SETTINGS = '/proc/sys/';

/**
 * Makes a setting of this kernel what it should be. In a container that is not privileged nothing can be written there, and need not
 * be where whoever runs it has set it. Throws Node's errors.
 */
export const setKernel: WriteSetting = (path, value) => {
  try {
    writeFileSync(SETTINGS + path, value);
  } catch (error) {
    if (readFileSync(SETTINGS + path, 'utf8').trim() !== value) throw error;
  }
};

/** Settings of workloads' interfaces. What was written is not looked at again (reference/host-network 3.2). */
export class InterfaceSettings {
  private readonly written = new Map<string, readonly KernelSetting[]>();

  constructor(private readonly write: WriteSetting) {}

  /** They are written again the next time. */
  forget(device: string): void {
    this.written.delete(device);
  }

  /** Writes what is to be written. Returns what failed, in sentences. */
  apply({ settings }: HostState): readonly string[] {
    for (const name of this.written.keys()) if (!settings.has(name)) this.written.delete(name);
    const failures: string[] = [];
    for (const [name, list] of settings) {
      if (this.written.get(name) === list) continue;
      const failed = writeSettings(list, this.write);
      if (failed.length === 0) this.written.set(name, list);
      failures.push(...failed);
    }
    return failures;
  }
}

/** Writes settings of the kernel. Returns what failed, in sentences, but for what may fail. */
export function writeSettings(settings: readonly KernelSetting[], write: WriteSetting): readonly string[] {
  return settings.flatMap(({ path, value, mayFail = false }) => {
    try {
      write(path, value);
      return [];
    } catch (error) {
      return mayFail ? [] : [`/proc/sys/${path} cannot be set to ${value}: ${(error as Error).message}`];
    }
  });
}
