/** One command line of the tour, with what it is there to show. */
export interface TourStep {
  readonly about?: string;
  readonly argv: readonly string[];
  /** The exit code it must have; the tour fails where it has another. */
  readonly exit?: number;
}

/** The tour (docs/tour.md): a tenant's three workloads, a policy and a profile, from nothing to nothing. */
export const STEPS: readonly TourStep[] = [
  { about: 'A broken manifest: every problem at once, and nothing is written.', argv: ['validate', '-f', 'examples/broken/profile.yaml'], exit: 3 },
  { about: 'The tenant network: two frontends and a database on two hosts.', argv: ['create', '-f', 'examples/tenant/endpoints.yaml'] },
  { argv: ['get', 'workloadEndpoints'] },
  { argv: ['get', 'workloadEndpoints', '-o', 'wide'] },
  { about: 'A policy for the tenant and a profile for its database; first only looking.', argv: ['create', '-f', 'examples/tenant/policy.yaml', '-f', 'examples/tenant/profile.yaml', '--dry-run'] },
  { argv: ['create', '-f', 'examples/tenant/policy.yaml', '-f', 'examples/tenant/profile.yaml'] },
  { about: 'Which rule decides; what a policy would change, and what is wrong with it, before it is applied.', argv: ['policy', 'trace', '--from', 'slave1-frontend1', '--to', 'slave2-database', '--port', '3306'] },
  { argv: ['policy', 'trace', '--from', 'slave1-frontend1', '--to', 'slave2-database', '--port', '3306', '-f', 'examples/deny-first/policy.yaml'], exit: 1 },
  { argv: ['policy', 'lint', '-f', 'examples/deny-first/policy.yaml'], exit: 1 },
  { about: 'The same again is refused, whole.', argv: ['create', '-f', 'examples/tenant'], exit: 5 },
  { about: 'The policy is changed.', argv: ['apply', '-f', 'examples/changed/policy.yaml'] },
  { argv: ['get', 'policy', 'namespace-default', '-o', 'yaml'] },
  { argv: ['get', 'policy', '-o', 'custom-columns=NAME,ORDER,SELECTOR'] },
  { about: 'What is stored are Calico v3 objects.', argv: ['--dialect', 'v3', 'get', 'globalNetworkPolicy', 'namespace-default', '-o', 'yaml', '--export'] },
  { argv: ['--dialect', 'v3', 'get', 'workloadEndpoints', '-o', 'wide'] },
  { about: 'Everything goes again.', argv: ['delete', 'policy', 'namespace-default'] },
  { argv: ['delete', '-f', 'examples/tenant/profile.yaml', '-f', 'examples/tenant/endpoints.yaml'] },
  { argv: ['get', 'workloadEndpoints'] },
  { about: 'A node with its pools; an address for a workload that no plugin looks after.', argv: ['create', '-f', 'examples/classic/node.yaml', '-f', 'examples/classic/ip-pools.yaml'] },
  { argv: ['ipam', 'assign', '--ip', '10.1.19.70', '--node', 'rack1-host1', '--handle', 'appliance'] },
  { argv: ['ipam', 'show', '--show-blocks'] },
  { argv: ['ipam', 'show', '--ip', '10.1.19.70'] },
  { about: 'No endpoint has the address, so the check calls it leaked, and says what to do.', argv: ['ipam', 'check'], exit: 1 },
  { argv: ['ipam', 'release', '--ip', '10.1.19.70'] },
  { about: 'Settings of the whole network.', argv: ['config', 'set', 'asNumber', '64600'] },
  { argv: ['config', 'list'] },
  { about: 'The node: what would be started on it, and who should be talking to whom.', argv: ['node', 'run', '--dryrun', '--name', 'rack1-host1', '--ip', '127.0.0.1'] },
  { argv: ['node', 'status', '--all'] },
  { argv: ['delete', 'node', 'rack1-host1'] },
  { argv: ['delete', 'ipPool', '10.1.0.0/16', 'fd80:24e2:f998:72d6::/64'] },
];
