import { CLUSTER_KEY, clusterFacts, LockedError, noCluster } from '../ipam/cluster/facts.js';
import { readConfig } from './call.js';
import { LateStore, storeOf } from './datastore.js';
import { failureOf, failureText } from './failure.js';
import { askForVersion } from './kubernetes/kubernetes.js';
import type { End, Process } from './run.js';

/** For how long each of the two is waited for, in milliseconds. */
const LIMIT_MS = 2000;

/**
 * Whether the datastore that a configuration names answers and is not locked, and the API of its kubeconfig, where it has one: what installers ask
 * before they put a configuration where runtimes find it (reference/network-plugin 4.6).
 */
export async function testConnection({ env, stdin, signal, connect }: Process): Promise<End> {
  let store: LateStore | undefined;
  try {
    const config = readConfig(stdin());
    store = connect === undefined ? storeOf(config.etcd, env, signal, LIMIT_MS) : new LateStore(connect);
    const cluster = await (await store.open()).get(CLUSTER_KEY);
    if (cluster === undefined) throw noCluster();
    if (clusterFacts(cluster).locked) throw new LockedError('no container gets an interface');
    if (config.kubernetes.kubeconfig !== undefined) await askForVersion(config, { env, signal, answerMs: LIMIT_MS, totalMs: LIMIT_MS });
    return { code: 0, stdout: '' };
  } catch (error) {
    return { code: 1, stdout: failureText(failureOf(error)) };
  } finally {
    await store?.close();
  }
}
