import { isMap } from '../../base/data.js';
import { CalicoError, type Meaning } from '../../base/errors.js';
import { TIME_IS_OVER } from '../../base/time-limit.js';
import { NameError } from '../../dns/resolve.js';
import { safe } from '../../text/safe.js';
import type { ApiAccess } from './access.js';

/** A question: what messages call it, and its path below the server's address. */
export interface Question {
  readonly what: string;
  readonly path: string;
}

interface Cause {
  readonly cause: string;
  readonly hint?: string | undefined;
  readonly meaning?: Meaning;
  /** It may be over soon. */
  readonly passing?: boolean;
}

/** Why there is no answer, by the words and codes of Node and OpenSSL. */
const CAUSES: readonly (readonly [RegExp, (access: ApiAccess) => Cause])[] = [
  [/ECONNREFUSED/, ({ serverOrigin }) => ({ cause: 'connection refused', hint: `check that the API server runs, and ${serverOrigin}` })],
  [/EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL/, () => ({ cause: 'no route to the host' })],
  [/ETIMEDOUT/, () => ({ cause: 'the connection timed out' })],
  [/CERT_HAS_EXPIRED/, () => ({ cause: 'its certificate has expired' })],
  [/CERT_NOT_YET_VALID/, () => ({ cause: 'its certificate is not valid yet' })],
  [/ERR_TLS_CERT_ALTNAME_INVALID/, ({ server, serverName, serverOrigin }) => ({ cause: `its certificate is not for ${serverName ?? server.hostname}`, hint: `use a name from the certificate in ${serverOrigin}, or tls-server-name in the kubeconfig` })],
  [/UNABLE_TO_|SELF_SIGNED|unable to (verify|get)|self-signed/, ({ authority }) => ({
    cause: `its certificate is not signed by ${authority === undefined ? 'any authority built into Node.js' : 'the authority that is trusted'}`,
    hint: authority === undefined ? "name the cluster's authority in the kubeconfig, or in policy.k8s_certificate_authority" : `check ${authority.origin}`,
  })],
  [/alert (bad certificate|certificate required|unknown ca|certificate unknown|unsupported certificate|certificate expired)|alert number (42|43|45|46|48|116)/i, ({ client }) => ({
    cause: client === undefined ? 'it requires a client certificate' : 'it refuses the client certificate', hint: `check ${client?.certificate.origin ?? 'the user in the kubeconfig'}`, meaning: 'denied',
  })],
  [/wrong version number|packet length too long|EPROTO|HPE_/, ({ server, serverOrigin }) => ({ cause: `it does not speak ${server.protocol === 'https:' ? 'TLS' : 'HTTP'}`, hint: `check ${serverOrigin}` })],
  [/ANSWER_TOO_LONG/, () => ({ cause: 'its answer is too long' })],
  // Some servers say nothing to a client whose certificate they refuse.
  [/ECONNRESET|EPIPE|aborted|socket hang up/i, ({ client }) => ({ cause: 'it closed the connection before its answer was whole', hint: client && `it may refuse the client certificate: check ${client.certificate.origin}`, passing: true })],
];

/** Why a question got no answer, and whether that may be over soon. Secrets never take part. */
export function explainFailure(error: unknown, access: ApiAccess, question: Question): { readonly error: CalicoError; readonly passing: boolean } {
  const { cause, hint, meaning = 'unreachable', passing = false } = causeOf(error, access);
  return { error: failure(meaning, access, question, cause, hint), passing };
}

function causeOf(error: unknown, access: ApiAccess): Cause {
  const all = error instanceof AggregateError ? (error.errors as unknown[]) : [error, (error as Error).cause];
  if (all.includes(TIME_IS_OVER)) return { cause: 'it does not answer in time', meaning: 'timeout', passing: true };
  if (error instanceof NameError) return { cause: error.message, hint: `check the host in ${access.serverOrigin}` };
  const words = all.map((each) => (each instanceof Error ? `${(each as NodeJS.ErrnoException).code ?? ''} ${each.message}` : '')).join(' ');
  return CAUSES.find(([pattern]) => pattern.test(words))?.[1](access) ?? { cause: `the request failed (${(error as NodeJS.ErrnoException).code ?? (error as Error).name})` };
}

/** What an answer means that is not the object. `body` is its JSON, if it is JSON: Kubernetes says in it why. */
export function explainStatus(status: number, body: unknown, access: ApiAccess, question: Question): CalicoError {
  const said = isMap(body) && typeof body['message'] === 'string' && body['message'] !== '' ? `: ${safe(body['message']).slice(0, LONGEST_MESSAGE)}` : '';
  const who = access.authorization?.origin ?? access.client?.certificate.origin;
  if (status === 200) return failure('unreadable', access, question, 'it answers with something that is no object of Kubernetes', `check ${access.serverOrigin}`);
  if (status === 401) return failure('denied', access, question, `it does not know who asks (401)${said}`, who === undefined ? 'name a token or a client certificate in the kubeconfig' : `check ${who}; a token may have expired`);
  if (status === 403) return failure('denied', access, question, `it does not let this user read that (403)${said}`, `grant "get" on pods, namespaces and nodes to the user of ${who ?? 'this machine'}`);
  if (status === 404) return failure('missing', access, question, `it is not there (404)${said}`, undefined);
  return failure(status === 429 || status >= 500 ? 'unreachable' : 'failed', access, question, `it answers ${status}${said}`, status >= 300 && status < 400 ? `check ${access.serverOrigin}` : undefined);
}

const LONGEST_MESSAGE = 500;

function failure(meaning: Meaning, { server }: ApiAccess, { what }: Question, cause: string, hint: string | undefined): CalicoError {
  return new CalicoError(meaning, `Kubernetes' API at ${server.origin} was asked for ${what}: ${cause}`, { hint, subject: what });
}
