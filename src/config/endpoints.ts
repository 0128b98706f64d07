import { DatastoreError } from '../base/errors.js';

const EXAMPLE = 'write each endpoint as http://HOST:PORT or https://HOST:PORT, separated by commas; put IPv6 addresses in brackets';

/**
 * Takes a list of etcd endpoints separated by commas and returns them as `scheme://host:port`, each once, in order.
 * The port is 2379 where none is given (reference/etcd-client 2.3). Throws DatastoreError, stage `configuration`,
 * naming `origin`; what stands before an `@` or behind a `?` may be a secret and is never repeated.
 */
export function parseEndpoints(text: string, origin: string, example = EXAMPLE): string[] {
  const endpoints = new Set<string>();
  const parts = text.split(',');
  // A comma in a password takes it apart: all that stands before the last `@` may belong to one.
  const withUser = parts.findLastIndex((part) => part.includes('@'));
  for (const [index, part] of parts.entries()) {
    if (part.trim() !== '') endpoints.add(parseEndpoint(part.trim(), { origin, example }, index < withUser));
  }
  if (endpoints.size === 0) throw refuse(`${origin} names no endpoint`, example);
  const list = [...endpoints];
  if (new Set(list.map((each) => each.slice(0, each.indexOf(':')))).size > 1) {
    throw refuse(`${origin} mixes http and https: ${list.join(', ')}`, 'all endpoints of one etcd cluster are reached the same way');
  }
  return list;
}

const AUTHORITY = 'write only HOST:PORT; http or https goes into ETCD_SCHEME, and several endpoints into ETCD_ENDPOINTS';

/** The one endpoint of an authority, `HOST:PORT`, and a scheme. Returns and throws as `parseEndpoints` does. */
export function parseAuthority(text: string, scheme: 'http' | 'https', origin: string): string[] {
  const trimmed = text.trim();
  if (/^[a-z][a-z\d+.-]*:\/\//i.test(trimmed)) throw refuse(`${origin} begins with ${JSON.stringify(/^.*?:\/\//.exec(trimmed)?.[0])}`, AUTHORITY);
  if (trimmed.includes(',') && !trimmed.includes('@')) throw refuse(`${origin} names more than one endpoint`, AUTHORITY);
  return parseEndpoints(`${scheme}://${trimmed}`, origin, AUTHORITY);
}

function parseEndpoint(text: string, { origin, example }: { readonly origin: string; readonly example: string }, maySecret: boolean): string {
  const shown = `"${maySecret && !text.includes('@') ? text.replace(/^([a-z]*:\/\/)?.*$/is, '$1***') : withoutSecrets(text)}"`;
  if (!/^https?:\/\//i.test(text)) throw refuse(`${origin}: endpoint ${shown} does not begin with http:// or https://`, example);
  if (text.includes('@')) throw refuse(`${origin}: endpoint ${shown} carries a user name`, 'give user and password in ETCD_USERNAME and ETCD_PASSWORD, or in the configuration file');
  const url = tryUrl(text);
  // For a scheme it does not know, URL keeps a port that is the default of http or https.
  const port = tryUrl(text.replace(/^https?/i, 'etcd'))?.port;
  if (url === undefined || port === undefined || url.hostname === '') throw refuse(`${origin}: endpoint ${shown} is not a URL`, example);
  if (port === '0') throw refuse(`${origin}: endpoint ${shown} has port 0`, example);
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') throw refuse(`${origin}: endpoint ${shown} has something after the port`, example);
  return `${url.protocol}//${url.hostname}:${port === '' ? '2379' : port}`;
}

function tryUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

/** Neither what stands before an @ nor what follows a ? or #: both may be secrets. */
function withoutSecrets(text: string): string {
  return text.replace(/^([a-z]*:\/\/)?.*@/is, '$1***@').replace(/[?#].*$/s, (rest) => `${rest.charAt(0)}***`);
}

function refuse(message: string, hint: string): DatastoreError {
  return new DatastoreError('configuration', message, hint);
}
