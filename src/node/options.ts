import { resolve } from 'node:path';
import { InvalidRequest } from '../base/errors.js';

export const BACKENDS = ['bird', 'gobgp', 'none'] as const;
export type Backend = (typeof BACKENDS)[number];

/** `autodetect`, or an address in canonical text. */
export type AddressSource = string;
export const AUTODETECT = 'autodetect';

/** What a node is to be like, checked: paths absolute, addresses canonical, the AS number decimal. */
export interface NodeOptions {
  readonly name: string;
  readonly nameOrigin: string;
  readonly asNumber?: number;
  readonly ip?: AddressSource;
  readonly ip6?: AddressSource;
  readonly method: string;
  readonly method6: string;
  readonly logDir: string;
  readonly image: string;
  readonly backend: Backend;
  readonly noDefaultPools: boolean;
  readonly felixConfig?: string;
  /** How each is given, for what has to be said of it. */
  readonly origins: Readonly<Record<'ip' | 'ip6' | 'method' | 'method6' | 'logDir' | 'felixConfig', string>>;
}

/** How Docker's own networking uses Calico (1.6 only). */
export interface DockerNetworking {
  readonly enabled: boolean;
  readonly interfacePrefix: string;
  readonly labels: boolean;
}

/** What the interfaces of Docker's containers are named after where nothing else is said. */
export const DEFAULT_INTERFACE_PREFIX = 'cali';

/** A path of the host that a container can be given: engines end it at a colon. Throws InvalidRequest; `origin` is where it was given. */
export function hostPath(origin: string, given: string): string {
  if (given === '' || /[:\x00-\x1f\x7f]/.test(given)) throw new InvalidRequest(`${origin}: ${JSON.stringify(given)} cannot be mounted into a container`, 'use a path without colons and control characters');
  return resolve(given);
}
