import { askBird, BirdFailure } from '../../bgp/control-socket.js';

/** How BIRD took it: it has read its files again, or does not run yet, or did not do it, in its words. */
export type Reconfigured = 'done' | 'not running' | { readonly problem: string };

/** What BIRD says when it has the new configuration, has to wait for protocols to end, or has queued it (reference/bird 1). */
const DONE: readonly number[] = [3, 4, 18];

/**
 * Tells a BIRD to read its files again. Sessions that are the same in old and new go on. Over its socket, not by a signal: that needs no
 * process to be found, and BIRD says what became of it.
 */
export async function reconfigure(socket: string): Promise<Reconfigured> {
  try {
    const [reply = []] = await askBird(socket, ['configure']);
    if (reply.some(({ code }) => DONE.includes(code))) return 'done';
    return { problem: reply.map(({ text }) => text).join('; ') };
  } catch (error) {
    if (!(error instanceof BirdFailure)) throw error;
    return error.reason === 'missing' || error.reason === 'nobody' ? 'not running' : { problem: error.message };
  }
}
