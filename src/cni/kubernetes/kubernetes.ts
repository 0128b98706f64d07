import { apiAccess, type KubernetesConfig } from './access.js';
import { kubernetesApi, type ApiOptions } from './api.js';
import { podCidrsOf, type PodCidrs } from './node-facts.js';
import { podFacts, type PodFacts } from './pod-facts.js';
import { textsAt } from './read-json.js';
import type { AnnotationSettings } from './wishes.js';

/** What of a network's config counts for a pod. */
export interface PodNetwork extends KubernetesConfig {
  readonly ipam: { readonly type: string | undefined };
  readonly featureControl: Omit<AnnotationSettings, 'ipam'>;
}

/** Who asks, and for how long. */
export interface AskOptions extends ApiOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Asks Kubernetes for a pod and its namespace at once, and says what follows for its endpoint. Throws CalicoError. */
export async function askForPod(config: PodNetwork, { namespace, pod }: { readonly namespace: string; readonly pod: string }, { env, ...options }: AskOptions): Promise<PodFacts> {
  const api = kubernetesApi(await apiAccess(config, env), options);
  // Of two failures the one of the namespace is told, whichever comes first.
  const [within, found] = await Promise.allSettled([api.namespace(namespace), api.pod(namespace, pod)]);
  if (within.status === 'rejected') throw within.reason;
  if (found.status === 'rejected') throw found.reason;
  return podFacts(found.value, within.value, { ...config.featureControl, ipam: config.ipam.type ?? '' });
}

/** Asks Kubernetes for the networks of a node for its pods. Throws CalicoError. */
export async function askForPodCidrs(config: KubernetesConfig, node: string, { env, ...options }: AskOptions): Promise<PodCidrs> {
  return podCidrsOf(node, await kubernetesApi(await apiAccess(config, env), options).node(node));
}

/** Asks Kubernetes for the labels of a namespace. Throws CalicoError. */
export async function askForNamespaceLabels(config: KubernetesConfig, namespace: string, { env, ...options }: AskOptions): Promise<Readonly<Record<string, string>>> {
  return textsAt({ name: `the namespace ${namespace}`, json: await kubernetesApi(await apiAccess(config, env), options).namespace(namespace) }, 'metadata', 'labels');
}

/** Asks Kubernetes for its version, which it tells everybody whom it knows. Throws CalicoError. */
export async function askForVersion(config: KubernetesConfig, { env, ...options }: AskOptions): Promise<void> {
  await kubernetesApi(await apiAccess(config, env), options).version();
}
