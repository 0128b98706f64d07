import { existsSync, writeFileSync } from 'node:fs';
import { CalicoError } from '../../base/errors.js';
import { runWithin, type Run } from '../run.js';
import type { KernelSetting, SidePlan } from './interface-plan.js';

/** One side of a workload's interface: where commands run and settings are written. */
export interface Side {
  readonly run: Run;
  /** Writes the settings and carries out the lines. Throws CalicoError with the first that fails. */
  apply(plan: SidePlan): Promise<void>;
  /** Takes an interface away, and with it the other end; harmless where there is none. */
  remove(name: string): Promise<void>;
}

/** Carries out lines as they come; the first that fails ends it. */
export const IP_BATCH = ['ip', '-batch', '-'] as const;

/** For how long a command on an interface may take: the deletion of one hangs with some kernels. */
const LIMIT_MS = 20_000;

/** Writes settings that are given as PATH=VALUE, those that there are, and carries out lines: a setting of a network is seen from inside of it only. */
const SETTLE = ['sh', '-c', 'for setting; do file=/proc/sys/${setting%%=*}; [ ! -e "$file" ] || printf %s "${setting#*=}" > "$file" || exit 1; done; exec ip -batch -', 'sh'] as const;

/** A side where a process that we start is first led into other namespaces. */
export function sideOf(run: Run): Side {
  return {
    run,
    apply: async ({ settings, lines }) => {
      await run(settings.length === 0 ? IP_BATCH : [...SETTLE, ...settings.map(([path, value]) => `${path}=${value}`)], text(lines));
    },
    remove: async (name) => {
      await run(['ip', '-force', '-batch', '-'], text([`link del dev ${name}`])).catch(() => undefined);
    },
  };
}

const here = runWithin(LIMIT_MS);

/** The side of the host that we are on: settings need no process, and neither does finding that there is nothing to remove. */
export const HERE: Side = {
  run: here,
  apply: async ({ settings, lines }) => {
    for (const setting of settings) writeSetting(setting);
    await here(IP_BATCH, text(lines));
  },
  remove: async (name) => {
    if (!isInterface(name)) return;
    await here(['ip', 'link', 'del', 'dev', name]).catch((error: unknown) => {
      // It goes by itself when the namespace of its other end does.
      if (isInterface(name)) throw error;
    });
  },
};

/** Whether there is an interface of this name in the network that we are in. */
export function isInterface(name: string): boolean {
  return existsSync(`/proc/sys/net/ipv4/conf/${name}`);
}

function writeSetting([path, value]: KernelSetting): void {
  const file = `/proc/sys/${path}`;
  if (!existsSync(file)) return;
  try {
    writeFileSync(file, value, { flag: 'r+' });
  } catch (error) {
    throw new CalicoError('failed', `${file} cannot be set to ${value}: ${(error as Error).message}`);
  }
}

/** Lines as a program reads them. */
function text(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}
