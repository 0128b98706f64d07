import { withoutWords, type Part } from '../../agent/part.js';
import { inTurn, together } from '../../agent/together.js';

type Loaders = Readonly<Record<string, () => Promise<Part>>>;

const startup = async (): Promise<Part> => withoutWords('startup', (await import('../../agent/startup/index.js')).startup);

/** What runs as long as the node does. */
const SERVICES: Loaders = {
  bgp: async () => (await import('../../agent/bgp/index.js')).bgp,
  dataplane: async () => withoutWords('dataplane', (await import('../../agent/dataplane/index.js')).dataplane),
  'tunnel-addresses': async () => (await import('../../agent/tunnels/index.js')).tunnelAddresses,
  libnetwork: async () => withoutWords('libnetwork', (await import('../../agent/libnetwork/index.js')).libnetwork),
};

const run = async (): Promise<Part> => withoutWords('run', together(Object.fromEntries(await Promise.all(Object.entries(SERVICES).map(async ([name, load]) => [name, await load()] as const)))));

/** The parts of the agent by the word that starts them. Each is loaded when it is started. `run` is all but the startup, `all` both. */
export const PARTS: Loaders = {
  startup,
  ...SERVICES,
  run,
  ready: async () => (await import('../../agent/probes/index.js')).ready,
  live: async () => (await import('../../agent/probes/index.js')).live,
  all: async () => withoutWords('all', inTurn(await startup(), await run())),
};
