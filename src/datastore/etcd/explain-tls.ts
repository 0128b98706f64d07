import { namePem, type ConnectionSettings } from '../../config/settings.js';
import type { Explanation } from './explain.js';

interface Facts {
  readonly details: string;
  readonly host: string;
  readonly secure: boolean;
  readonly settings: ConnectionSettings;
}

/** Each failure of TLS by the words and codes it is known by (reference/etcd-client 3), first match first. */
const CASES: readonly (readonly [RegExp, (facts: Facts) => Omit<Explanation, 'stage'> | undefined])[] = [
  [/certificate has expired|CERT_HAS_EXPIRED/, () => ({ cause: 'its certificate has expired', hint: "renew the server's certificate, or check this machine's clock" })],
  [/certificate is not yet valid|CERT_NOT_YET_VALID/, () => ({ cause: 'its certificate is not valid yet', hint: "check this machine's clock and the server's certificate" })],
  [/ERR_TLS_CERT_ALTNAME_INVALID/, wrongName],
  [/unable to (verify|get (local )?issuer)|self-signed certificate|UNABLE_TO_(VERIFY|GET_ISSUER)|SELF_SIGNED/, unknownAuthority],
  [/alert (bad certificate|certificate required|unknown ca|certificate unknown|unsupported certificate|certificate expired)|alert number (42|43|45|46|48|116)/i, clientRefused],
  [/before secure TLS connection|wrong version number|packet length too long/, withoutTls],
  [/the server speaks the other/, (facts) => (facts.secure ? withoutTls(facts) : withTls(facts))],
  [/Last error: Failed to connect/, (facts) => (facts.secure ? undefined : withTls(facts))],
  [/EPROTO|SSL routines/, ({ details }) => ({ cause: `TLS failed (${/SSL routines:[^:]*:([^:]*)/.exec(details)?.[1] ?? 'protocol error'})` })],
];

/** Explains why no connection came about where TLS, or its absence, is the cause; undefined where it is not. */
export function explainTls(details: string, endpoint: string, settings: ConnectionSettings): Explanation | undefined {
  const url = new URL(endpoint);
  const facts = { details, host: url.hostname, secure: url.protocol === 'https:', settings };
  const found = CASES.find(([words]) => words.test(details))?.[1](facts);
  return found && { stage: 'tls', ...found };
}

function withoutTls({ settings }: Facts): Omit<Explanation, 'stage'> {
  return { cause: 'does not speak TLS', hint: `write http:// in ${settings.endpointsOrigin}, or enable TLS in etcd` };
}

function withTls({ settings }: Facts): Omit<Explanation, 'stage'> {
  return { cause: 'closed the connection immediately; it probably expects TLS', hint: `write https:// in ${settings.endpointsOrigin} if etcd uses TLS` };
}

function wrongName({ details, host, settings }: Facts): Omit<Explanation, 'stage'> {
  const names = /altnames: .*?(?:cert's altnames|cert's list): ([^.]*(?:\.[^ .][^.]*)*)\./.exec(details)?.[1]?.trim();
  const cause = names === undefined || names === '' ? `its certificate is not for ${host}` : `its certificate is for ${names}, not for ${host}`;
  return { cause, hint: `use a name from the certificate in ${settings.endpointsOrigin}` };
}

function unknownAuthority({ settings }: Facts): Omit<Explanation, 'stage'> {
  if (settings.authority === undefined) {
    return {
      cause: "its certificate is not signed by any authority built into Node.js, which are trusted if none is named; this machine's own are not",
      hint: "name the authority's file in ETCD_CA_CERT_FILE, or etcdCACertFile in the configuration file; this machine's own is often /etc/ssl/certs/ca-certificates.crt",
    };
  }
  return { cause: `its certificate is not signed by the authority in ${namePem(settings.authority)}`, hint: `check ${settings.authority.origin}` };
}

function clientRefused({ settings }: Facts): Omit<Explanation, 'stage'> {
  if (settings.client === undefined) {
    return { cause: 'the server requires a client certificate', hint: 'name certificate and key in ETCD_CERT_FILE and ETCD_KEY_FILE, or etcdCertFile and etcdKeyFile in the configuration file' };
  }
  const { certificate } = settings.client;
  return { cause: `the client certificate in ${namePem(certificate)} is refused`, hint: `check that ${certificate.origin} is signed by the authority etcd trusts for clients` };
}

