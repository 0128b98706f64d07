import { readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { isAgent, isFelix, type Process } from '../processes.js';
import { StepFailure } from './capture.js';

/** The bit of SIGUSR1 (10) in a mask of signals. */
const SIGUSR1_BIT = 1n << 9n;

/**
 * The processes of Felix, or of our own agent, that write their statistics to their log on SIGUSR1. A process without a handler would be
 * ended by it, and Node would open its debugger. Throws StepFailure where there is none.
 */
export function felixToSignal(processes: readonly Process[]): number[] {
  const felix = processes.filter(isFelix);
  const agents = processes.filter(isAgent);
  if (felix.length + agents.length === 0) throw new StepFailure('Felix is not running');
  const ready = [...agents.map(({ pid }) => pid), ...felix.map(({ pid }) => pid).filter(writesStatistics)];
  if (ready.length === 0) throw new StepFailure('the running Felix does not handle SIGUSR1, or this user may not inspect it');
  return ready;
}

function writesStatistics(pid: number): boolean {
  try {
    const caught = /^SigCgt:\s*([0-9a-f]+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '0';
    return (BigInt(`0x${caught}`) & SIGUSR1_BIT) !== 0n && /^(calico-felix|calico-node|felix)$/.test(basename(readlinkSync(`/proc/${pid}/exe`)));
  } catch {
    return false;
  }
}
