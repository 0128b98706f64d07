import type { Part } from '../../agent/part.js';

/** The parts of the agent by the word that starts them. Each is loaded when it is started. */
export const PARTS: Readonly<Record<string, () => Promise<Part>>> = {
  bgp: async () => (await import('../../agent/bgp/index.js')).bgp,
  startup: async () => (await import('../../agent/startup/index.js')).startup,
};
