/**
 * Which room of src may import which (docs/layout.md). A room may only name rooms that stand above it, so that no two need each
 * other, however many stand between them. What is not named here is not allowed.
 */
export const MAY_IMPORT = {
  base: [],
  net: [],
  dns: [],
  text: ['base'],
  go: ['base', 'text'],
  selector: [],
  resources: ['base', 'net', 'text', 'go', 'selector'],
  objects: ['base', 'text', 'go', 'resources'],
  policy: ['base', 'net', 'selector', 'resources'],
  manifest: ['base', 'text', 'resources'],
  config: ['base', 'text'],
  datastore: ['base', 'go', 'dns', 'config'],
  journal: ['base', 'text', 'datastore'],
  ipam: ['base', 'net', 'text', 'go', 'selector', 'resources', 'datastore'],
  changes: ['base', 'net', 'text', 'go', 'selector', 'resources', 'objects', 'policy', 'manifest', 'datastore', 'journal', 'ipam'],
  backup: ['base', 'text', 'go', 'net', 'resources', 'datastore', 'ipam'],
  get: ['base', 'text', 'go', 'selector', 'resources', 'objects', 'policy', 'datastore'],
  insight: ['base', 'net', 'text', 'go', 'selector', 'resources', 'objects', 'policy', 'datastore', 'changes', 'get'],
  settings: ['base', 'text', 'go', 'resources', 'objects', 'datastore', 'ipam', 'changes'],
  bgp: ['base', 'net', 'go', 'selector', 'resources', 'datastore', 'ipam'],
  guard: ['base', 'net', 'selector', 'resources', 'policy', 'datastore', 'changes', 'insight', 'bgp'],
  dataplane: ['base', 'net', 'text', 'selector', 'resources', 'policy'],
  history: ['base', 'resources', 'objects', 'datastore', 'journal', 'get'],
  describe: ['base', 'net', 'selector', 'resources', 'objects', 'policy', 'datastore', 'journal', 'ipam', 'get', 'bgp', 'history'],
  host: ['base', 'net', 'text', 'go', 'dns'],
  node: ['base', 'net', 'text', 'resources', 'datastore', 'bgp', 'host'],
  cni: ['base', 'net', 'dns', 'text', 'go', 'selector', 'resources', 'config', 'datastore', 'ipam', 'changes', 'host'],
  libnetwork: ['base', 'net', 'text', 'go', 'resources', 'config', 'datastore', 'ipam', 'changes', 'host', 'cni'],
  agent: ['base', 'net', 'dns', 'text', 'go', 'selector', 'resources', 'policy', 'config', 'datastore', 'ipam', 'changes', 'bgp', 'dataplane', 'host', 'libnetwork', 'node'],
  lab: ['base', 'net', 'text', 'go', 'resources', 'objects', 'policy', 'manifest', 'config', 'datastore', 'ipam', 'changes', 'backup', 'insight', 'bgp', 'host', 'node'],
  health: ['base', 'dns', 'resources', 'config', 'datastore', 'ipam', 'backup'],
  output: ['base', 'net', 'text', 'go', 'selector', 'resources', 'objects', 'policy', 'config', 'datastore', 'journal', 'ipam', 'changes', 'backup', 'get', 'insight', 'guard', 'settings', 'bgp', 'history', 'describe', 'host', 'cni', 'node', 'lab', 'health'],
  cli: ['base', 'net', 'dns', 'text', 'go', 'selector', 'resources', 'objects', 'policy', 'manifest', 'config', 'datastore', 'journal', 'ipam', 'changes', 'backup', 'get', 'insight', 'guard', 'settings', 'host', 'node', 'lab', 'output'],
  commands: ['base', 'net', 'text', 'go', 'selector', 'resources', 'objects', 'policy', 'manifest', 'config', 'datastore', 'journal', 'ipam', 'changes', 'backup', 'get', 'insight', 'guard', 'settings', 'bgp', 'history', 'describe', 'host', 'cni', 'node', 'lab', 'health', 'output', 'cli'],
  programs: ['base', 'text', 'host', 'cni', 'agent', 'lab', 'cli'],
};

/**
 * Checks a table like the one above against the rooms there are. Throws where one is missing, and where a room names another
 * that stands below it.
 */
export function checkRooms(mayImport, rooms) {
  const known = Object.keys(mayImport);
  for (const room of rooms) if (!known.includes(room)) throw new Error(`src/${room} is new: say in eslint.rooms.js what it may import`);
  known.forEach((room, at) => {
    const below = mayImport[room].filter((other) => !known.slice(0, at).includes(other));
    if (below.length > 0) throw new Error(`src/${room} must not import src/${below[0]}, which does not stand above it in eslint.rooms.js`);
  });
}
