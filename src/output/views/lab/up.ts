import { nameFlag, type Lab } from '../../../lab/lab.js';
import { safe } from '../../../text/safe.js';

/** What `lab up` prints in the end. */
export function upText(lab: Lab, { seconds, context }: { readonly seconds: number; readonly context: string | undefined }): string {
  const { plan, endpoint } = lab;
  const name = nameFlag(plan.name);
  const hosts = plan.hosts.map((host) => host.name);
  return [
    `Lab ${plan.name} is up, in ${seconds.toFixed(1)} s: ${hosts.length === 1 ? `host ${hosts[0]!}` : `hosts ${hosts.join(', ')}`}.`,
    '',
    context === undefined ? `  export ETCD_ENDPOINTS=${endpoint}    # then calicoctl works on it` : `  calicoctl get workloadEndpoints --context ${context}`,
    ...(plan.from === undefined ? [`  calicoctl lab connect frontend-1 database:3306${name}`] : []),
    `  calicoctl lab status${name}`,
    `  calicoctl lab shell ${hosts[0] ?? ''}${name}`,
    `  calicoctl lab down${name}`,
    '',
  ].map(safe).join('\n');
}
