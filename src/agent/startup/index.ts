import { randomUUID } from 'node:crypto';
import type { Part } from '../part.js';
import { thisHost } from './host.js';
import { startUp } from './startup.js';

/** The part that makes a node of this host, once. */
export const startup: Part = (context) => startUp({ ...context, host: thisHost, sources: { now: () => new Date(), uuid: randomUUID } });
