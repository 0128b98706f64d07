/** Where a setting came from, in words an operator can act on: `ETCD_CA_CERT_FILE`, or `etcdCACertFile in /etc/calico/calicoctl.cfg`. */
export type Origin = string;

/** PEM text, or the file that holds it. */
export interface PemSource {
  readonly origin: Origin;
  readonly file?: string;
  readonly pem?: string;
}

/** How to reach etcd. */
export interface ConnectionSettings {
  /** `http://host:port` or `https://host:port`, all alike; empty when they are found by discovery. */
  readonly endpoints: readonly string[];
  readonly endpointsOrigin: Origin;
  /** A domain whose SRV records name the endpoints. */
  readonly discovery?: { readonly domain: string; readonly origin: Origin };
  readonly user?: { readonly name: string; readonly password: string; readonly nameOrigin: Origin; readonly passwordOrigin: Origin };
  /** The authorities the server is checked against; where there is none, those built into Node.js, not the system's own. */
  readonly authority?: PemSource;
  /** The client certificate and its key. */
  readonly client?: { readonly certificate: PemSource; readonly key: PemSource };
}

/** A file as the configuration needs it: its bytes, and its mode bits as `stat` has them. */
export interface ConfigFile {
  readonly bytes: Uint8Array;
  readonly mode: number;
}

/** The file that is read where no other is named. */
export const DEFAULT_CONFIG_FILE = '/etc/calico/calicoctl.cfg';

/** What is tried where nothing is configured. */
export const DEFAULT_ENDPOINT = 'http://127.0.0.1:2379';

/** Names PEM text in a message: its file and the setting that names the file, or the setting that holds it. */
export function namePem(source: PemSource): string {
  return source.file === undefined ? source.origin : `${source.file} (${source.origin})`;
}
