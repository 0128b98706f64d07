import type { Version } from '../host/addresses/autodetect.js';
import type { ContainerNotice } from '../host/notices.js';

/** Which address the container will use, and why; `option` is the one that chooses another. */
export type AddressNotice =
  | { readonly code: 'node.address.given'; readonly version: Version; readonly address: string; readonly interface: string; readonly option: string }
  /** The datastore has it for the node; on no interface of this host where `interface` is undefined. */
  | { readonly code: 'node.address.stored'; readonly version: Version; readonly address: string; readonly interface: string | undefined; readonly node: string; readonly option: string }
  /** The datastore has it for the node, and looking for another found none for the reason given. */
  | { readonly code: 'node.address.kept'; readonly version: Version; readonly address: string; readonly node: string; readonly reason: string }
  | { readonly code: 'node.address.found'; readonly version: Version; readonly address: string; readonly interface: string; readonly reason: string }
  /** Interfaces that a search did not take. */
  | { readonly code: 'node.address.passed-over'; readonly interfaces: readonly string[] }
  /** Only the container can tell. */
  | { readonly code: 'node.address.left-to-container'; readonly version: Version; readonly option: string };

/** What `node run` says. */
export type NodeRunNotice =
  | ContainerNotice
  | AddressNotice
  | { readonly code: 'node.name'; readonly name: string; readonly origin: string }
  | { readonly code: 'kernel.modules'; readonly modules: readonly string[] }
  | { readonly code: 'kernel.forwarding'; readonly family: 'IPv4' | 'IPv6' }
  | { readonly code: 'kernel.conntrack' }
  | { readonly code: 'kernel.conntrack.failed'; readonly reason: string };

/** What collecting diagnostics says. */
export type DiagnosticsNotice =
  | { readonly code: 'diagnostics.step'; readonly title: string }
  | { readonly code: 'diagnostics.step.failed'; readonly what: string; readonly reason: string }
  | { readonly code: 'diagnostics.logs' }
  | { readonly code: 'diagnostics.logs.none'; readonly folder: string; readonly reason: string };
