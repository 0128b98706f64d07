import type { WarmRun } from '../../src/cli/build-facts.js';
import { ExitCode } from '../../src/cli/exit-codes.js';
import { Refusal } from './refusal.js';

const META = { uid: '0e0a1c0c-6b0c-4a43-8a53-4d9dd6f5f4a9', creationTimestamp: '2026-01-01T00:00:00Z' };
const KEYS = '/calico/resources/v3/projectcalico.org';

/** A manifest with a policy of either dialect, as small ones are. */
export const WARM_MANIFEST = `apiVersion: v1
kind: policy
metadata:
  name: allow-web
spec:
  order: 100
  selector: role == 'web'
  ingress:
  - action: allow
    protocol: tcp
    source:
      selector: role == 'client'
    destination:
      ports: [80, 443]
  egress:
  - action: allow
`;

/** What the stub of etcd holds during warm runs. */
export const WARM_STORE: Readonly<Record<string, object>> = {
  [`${KEYS}/globalnetworkpolicies/default.web`]: {
    kind: 'GlobalNetworkPolicy', apiVersion: 'projectcalico.org/v3', metadata: { name: 'default.web', ...META },
    spec: {
      tier: 'default', order: 100, selector: "role == 'web'", types: ['Ingress', 'Egress'],
      ingress: [{ action: 'Allow', protocol: 'TCP', source: { selector: "role == 'client'" }, destination: { ports: [80, 443] } }],
      egress: [{ action: 'Allow', source: {}, destination: {} }],
    },
  },
  [`${KEYS}/clusterinformations/default`]: {
    kind: 'ClusterInformation', apiVersion: 'projectcalico.org/v3', metadata: { name: 'default', ...META },
    spec: { clusterGUID: '1f2d5b1f9a5e4c6f8f7b4a3c2d1e0f9a', clusterType: 'typha', calicoVersion: 'v3.32.1', datastoreReady: true },
  },
  [`${KEYS}/tiers/default`]: { kind: 'Tier', apiVersion: 'projectcalico.org/v3', metadata: { name: 'default', ...META }, spec: { order: 1000000, defaultAction: 'Deny' } },
};

/** A flag that no command has: the command is loaded, refuses it, and does nothing. */
const NOTHING = ['--no-such-flag'];

/** The arguments of a warm run; `manifest` is where WARM_MANIFEST is. */
export function warmArguments(warm: WarmRun, manifest: string): readonly string[] {
  return warm === 'not run' ? NOTHING : warm.map((word) => (word === 'MANIFEST' ? manifest : word));
}

/** How a warm run ended: with an exit code, and what it printed; null where it had to be ended. */
export interface WarmEnd {
  readonly code: number | null;
  readonly output: string;
}

/** Throws Refusal where a warm run was no use: it crashed, did not end, or stopped at its command line. What else went wrong was work done. */
export function checkWarmRun({ name, warm }: { readonly name: string; readonly warm: WarmRun }, { code, output }: WarmEnd): void {
  const fault = faultOf(warm, code, output);
  if (fault !== undefined) throw new Refusal(`the warm run of calicoctl ${name} (\`warm\` in src/commands/${name.replaceAll(' ', '/')}.ts) ${fault}:\n${output}`);
}

function faultOf(warm: WarmRun, code: number | null, output: string): string | undefined {
  if (output.includes('this is a bug of calicoctl')) return 'crashed';
  if (code === null) return 'did not end';
  return code === ExitCode.usage && warm !== 'not run' ? 'stopped at its command line, so that it is no use' : undefined;
}
