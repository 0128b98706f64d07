/** What the engine and the recorded verdicts call what they speak of (docs/policy.md). */

/** `wep:NAMESPACE/NAME`. */
export function workloadId(name: string, namespace = ''): string {
  return `wep:${namespace}/${name}`;
}

/** `hep:NAME`. */
export function hostId(name: string): string {
  return `hep:${name}`;
}

/** `NetworkSet:NAME` of a global set, `NetworkSet:NAMESPACE/NAME`. */
export function setId(name: string, namespace: string | undefined): string {
  return `NetworkSet:${namespace === undefined ? '' : `${namespace}/`}${name}`;
}

/** `gnp:NAME` or `np:NAMESPACE/NAME`. */
export function policyId(name: string, namespace: string | undefined): string {
  return namespace === undefined ? `gnp:${name}` : `np:${namespace}/${name}`;
}

/** `profile:NAME`. */
export function profileId(name: string): string {
  return `profile:${name}`;
}
