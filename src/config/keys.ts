/**
 * Every documented key of a configuration file and the environment variable that says the same
 * (reference/classic 2, reference/storage 5.1). Those of Kubernetes are known, so that a file that has them is not refused.
 */
export const VARIABLES = {
  datastoreType: 'DATASTORE_TYPE',
  etcdEndpoints: 'ETCD_ENDPOINTS',
  etcdDiscoverySrv: 'ETCD_DISCOVERY_SRV',
  etcdAuthority: 'ETCD_AUTHORITY',
  etcdScheme: 'ETCD_SCHEME',
  etcdUsername: 'ETCD_USERNAME',
  etcdPassword: 'ETCD_PASSWORD',
  etcdKeyFile: 'ETCD_KEY_FILE',
  etcdCertFile: 'ETCD_CERT_FILE',
  etcdCACertFile: 'ETCD_CA_CERT_FILE',
  etcdKey: undefined,
  etcdCert: undefined,
  etcdCACert: undefined,
  // CALICOCTL_GUARD and CALICOCTL_JOURNAL hold whatever says how etcd is reached (src/config/switches.ts).
  guard: undefined,
  journal: undefined,
} as const;

/** Keys that say how Kubernetes is reached, which nothing here does. */
export const KUBERNETES_KEYS = [
  'kubeconfig', 'k8sAPIEndpoint', 'k8sKeyFile', 'k8sCertFile', 'k8sCAFile', 'k8sAPIToken', 'k8sInsecureSkipTLSVerify', 'k8sDisableNodePoll',
  'k8sClientQPS', 'k8sCurrentContext', 'k8sUsePodCIDR', 'kubeconfigInline',
] as const;

export type SettingKey = keyof typeof VARIABLES;

export const SETTING_KEYS = Object.keys(VARIABLES) as SettingKey[];

/** What may stand under `spec` of a configuration file. */
export const SPEC_KEYS: readonly string[] = [...SETTING_KEYS, ...KUBERNETES_KEYS];

/** A setting as it was found: its text, and what to name when it is wrong. */
export interface FoundSetting {
  readonly text: string;
  readonly origin: string;
}

export type FoundSettings = Partial<Record<SettingKey, FoundSetting>>;

/** Reads the settings from the environment. A variable with the prefix `CALICO_` wins over its twin; an empty one counts as absent. */
export function fromEnvironment(env: Readonly<Record<string, string | undefined>>): FoundSettings {
  const found: FoundSettings = {};
  for (const key of SETTING_KEYS) {
    const variable = VARIABLES[key];
    if (variable === undefined) continue;
    const name = [`CALICO_${variable}`, variable].find((each) => (env[each] ?? '').trim() !== '');
    if (name !== undefined) found[key] = { text: env[name] as string, origin: name };
  }
  return found;
}

/** Pairs of variables of which one hides another that says something else. */
export function hiddenTwins(env: Readonly<Record<string, string | undefined>>): readonly { readonly used: string; readonly hidden: string }[] {
  return Object.values(VARIABLES).flatMap((variable) => {
    if (variable === undefined) return [];
    const [used, hidden] = [`CALICO_${variable}`, variable];
    const texts = [used, hidden].map((name) => (env[name] ?? '').trim());
    return texts.includes('') || texts[0] === texts[1] ? [] : [{ used, hidden }];
  });
}
