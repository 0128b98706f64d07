import { formatCidr } from '../net/address.js';
import { subjectOf } from '../ipam/records/key-subject.js';
import { dockerKeyName } from '../resources/docker-keys.js';
import { nameInKey } from '../resources/keys.js';
import { storedKindOfKey } from '../resources/registry.js';

/** What is stored under a key, for people: `IPPool(four)`, `IPAM block(10.0.0.0/26)`. */
export interface KeyName {
  /** A kind of resource, a kind of what address management or Docker's drivers store, or `other key`. */
  readonly kind: string;
  readonly name: string;
}

/** Says what is stored under a key. Never throws: a key that has no such form is an `other key`, by its whole name. */
export function nameOfKey(key: string): KeyName {
  const kind = storedKindOfKey(key);
  const named = kind && nameInKey(kind, key);
  if (kind !== undefined && named !== undefined) return { kind: kind.kind, name: named.namespace === undefined ? named.name : `${named.namespace}/${named.name}` };
  const docker = dockerKeyName(key);
  if (docker !== undefined) return docker;
  const subject = subjectOf(key);
  if (subject === 'configuration') return { kind: 'IPAM configuration', name: 'config' };
  if (subject === undefined || subject === 'nothing') return { kind: 'other key', name: key };
  if ('block' in subject) return { kind: 'IPAM block', name: formatCidr(subject.block) };
  if ('handle' in subject) return { kind: 'IPAM handle', name: subject.handle };
  if ('markerOf' in subject) return { kind: 'IPAM host marker', name: subject.markerOf };
  return { kind: 'IPAM affinity', name: key.slice(key.indexOf('/v2/') + '/v2/'.length) };
}

/** How many there are of each kind, in the order in which they come. */
export class KindCounts {
  readonly counts = new Map<string, number>();

  add(key: string): void {
    const { kind } = nameOfKey(key);
    this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1);
  }
}
