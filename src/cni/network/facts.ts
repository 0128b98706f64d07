import type { AttachmentCall } from '../call.js';
import { askForPod } from '../kubernetes/kubernetes.js';
import type { PodFacts } from '../kubernetes/pod-facts.js';
import type { PluginContext } from '../plugin.js';
import type { Workload } from './identity.js';

/** What Kubernetes says of a pod, where the configuration has it asked (reference/network-plugin 30). Throws CalicoError. */
export async function factsOf({ config }: AttachmentCall, { env, signal, log }: PluginContext, { namespace, pod }: Workload): Promise<PodFacts | undefined> {
  if (pod === undefined || config.policy.type !== 'k8s') return undefined;
  const facts = await askForPod(config, { namespace, pod }, { env, signal });
  for (const doubt of facts.doubts) log.warning(doubt);
  return facts;
}
