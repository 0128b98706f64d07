import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { namePem, type ConnectionSettings, type PemSource } from '../../config/settings.js';
import { DatastoreError } from '../../base/errors.js';
import { readRegularFile, SETTINGS_LIMIT, whyUnread } from '../../base/regular-file.js';

/** What etcd3 takes for TLS. */
export interface Credentials {
  readonly rootCertificate: Buffer;
  readonly privateKey?: Buffer;
  readonly certChain?: Buffer;
}

/**
 * Reads and checks the certificates before anything is connected, since the errors of TLS itself are cryptic
 * (reference/etcd-client 2.3). Returns undefined where none is set. Throws DatastoreError, stage `tls`, naming file and setting.
 */
export function loadCredentials({ authority, client }: Pick<ConnectionSettings, 'authority' | 'client'>): Credentials | undefined {
  const rootCertificate = authority && checkedAuthority(authority);
  if (client === undefined) return rootCertificate && { rootCertificate };
  const certChain = load(client.certificate);
  const privateKey = load(client.key);
  const [certificate] = certificatesIn(certChain, client.certificate);
  checkDates([certificate], client.certificate);
  if (!certificate.checkPrivateKey(keyIn(privateKey, client.key))) {
    throw refuse(`the key in ${namePem(client.key)} does not belong to the certificate in ${namePem(client.certificate)}`, `check ${client.key.origin} and ${client.certificate.origin}`);
  }
  // etcd3 types the authority as given; without one Node's own list of authorities stands in.
  return { rootCertificate: rootCertificate as Buffer, privateKey, certChain };
}

function checkedAuthority(source: PemSource): Buffer {
  const pem = load(source);
  checkDates(certificatesIn(pem, source), source);
  return pem;
}

function load(source: PemSource): Buffer {
  if (source.file === undefined) return Buffer.from(source.pem ?? '');
  try {
    return readRegularFile(source.file, SETTINGS_LIMIT).bytes;
  } catch (error) {
    throw refuse(`${namePem(source)} ${whyUnread(error)}`, `check ${source.origin}, and that this user may read the file`);
  }
}

function certificatesIn(pem: Buffer, source: PemSource): [X509Certificate, ...X509Certificate[]] {
  const blocks = pem.toString('latin1').match(/-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----/gs) ?? [];
  try {
    const [first, ...rest] = blocks.map((block) => new X509Certificate(block));
    if (first !== undefined) return [first, ...rest];
  } catch {
    throw refuse(`${namePem(source)} holds a damaged certificate`, `check ${source.origin}`);
  }
  throw refuse(`${namePem(source)} holds no certificate in PEM form`, `check ${source.origin}`);
}

/** Of several authorities one that is valid today is enough. */
function checkDates(certificates: readonly X509Certificate[], source: PemSource): void {
  const now = Date.now();
  const faults = certificates.map((each) => {
    if (Date.parse(each.validTo) < now) return `expired on ${isoDay(each.validTo)}`;
    if (Date.parse(each.validFrom) > now) return `is not valid before ${isoDay(each.validFrom)}`;
    return undefined;
  });
  if (faults.every((fault) => fault !== undefined)) throw refuse(`the certificate in ${namePem(source)} ${faults[0]}`, "renew it, or check this machine's clock");
}

function isoDay(date: string): string {
  return new Date(Date.parse(date)).toISOString().slice(0, 10);
}

function keyIn(pem: Buffer, source: PemSource): KeyObject {
  // OpenSSL's words for a missing passphrase differ by version; the PEM says it itself.
  if (pem.includes('ENCRYPTED')) throw refuse(`the key in ${namePem(source)} is encrypted`, 'use one without a passphrase');
  try {
    return createPrivateKey(pem);
  } catch {
    throw refuse(`${namePem(source)} holds no private key in PEM form`, `check ${source.origin}`);
  }
}

function refuse(message: string, hint: string): DatastoreError {
  return new DatastoreError('tls', message, hint);
}
