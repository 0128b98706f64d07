import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Paths of a certificate and its key. */
export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

export interface Request {
  /** Subject alternative names, such as `IP:127.0.0.1,DNS:localhost`. Without them the certificate is a client's. */
  readonly names?: string;
  /** Days from now on which it begins and ends to be valid. */
  readonly days?: readonly [from: number, to: number];
}

/** An authority made for one test. */
export interface Authority {
  readonly certificate: string;
  issue(name: string, request?: Request): KeyPair;
}

/** A temporary directory with authorities of the test's own; `remove` takes it away. */
export interface CertificateStore {
  readonly directory: string;
  authority(name: string): Authority;
  remove(): void;
}

/** Makes certificates with the `openssl` command. */
export function certificateStore(): CertificateStore {
  const directory = mkdtempSync(join(tmpdir(), 'calicoctl-certificates-'));
  return {
    directory,
    authority: (name) => makeAuthority(join(directory, name), name),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}

function makeAuthority(directory: string, name: string): Authority {
  mkdirSync(directory);
  const certificate = join(directory, 'authority.pem');
  const key = join(directory, 'authority-key.pem');
  openssl(['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '30', '-subj', `/CN=${name}`, '-keyout', key, '-out', certificate]);
  writeFileSync(join(directory, 'index.txt'), '');
  writeFileSync(join(directory, 'ca.cnf'), [
    '[ca]', 'default_ca = own', '[own]', `database = ${directory}/index.txt`, `new_certs_dir = ${directory}`,
    `certificate = ${certificate}`, `private_key = ${key}`, 'rand_serial = yes', 'default_md = sha256', 'policy = any', 'unique_subject = no', '[any]', 'commonName = supplied', '',
  ].join('\n'));
  return { certificate, issue: (subject, request = {}) => issue(directory, subject, request) };
}

function issue(directory: string, subject: string, request: Request): KeyPair {
  const path = (suffix: string): string => join(directory, subject + suffix);
  const pair = { certificate: path('.pem'), key: path('-key.pem') };
  const [from, to] = request.days ?? [-1, 20];
  writeFileSync(path('.ext'), request.names === undefined ? 'extendedKeyUsage = clientAuth\n' : `extendedKeyUsage = serverAuth\nsubjectAltName = ${request.names}\n`);
  openssl(['req', '-new', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-subj', `/CN=${subject}`, '-keyout', pair.key, '-out', path('.csr')]);
  openssl(['ca', '-batch', '-notext', '-config', join(directory, 'ca.cnf'), '-in', path('.csr'), '-out', pair.certificate, '-extfile', path('.ext'), '-startdate', day(from), '-enddate', day(to)]);
  return pair;
}

/** The moment so many days from now, as openssl writes it: YYMMDDHHMMSSZ. */
function day(offset: number): string {
  return new Date(Date.now() + offset * 86_400_000).toISOString().replace(/[-:T]/g, '').slice(2, 14) + 'Z';
}

function openssl(args: readonly string[]): void {
  execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] });
}
