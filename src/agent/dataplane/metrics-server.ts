import { readFileSync } from 'node:fs';
import { createServer as createHttp, type RequestListener, type Server } from 'node:http';
import { createServer as createHttps, type ServerOptions } from 'node:https';
import type { Settings } from '../../dataplane/settings/settings.js';
import type { Log } from '../../text/log.js';
import type { Metrics } from './metrics.js';

/** Serves the metrics where settings want it (reference/felix 5.4), until the signal is aborted. Where it cannot, it says so once and the dataplane goes on. */
export function serveMetrics(metrics: Metrics, settings: Settings, log: Log, signal: AbortSignal): void {
  const { prometheusMetricsEnabled, prometheusMetricsHost: host, prometheusMetricsPort: port } = settings;
  if (!prometheusMetricsEnabled) return;
  const answer: RequestListener = ({ url = '' }, response) => {
    if (url.split('?')[0] !== '/metrics') response.writeHead(404).end();
    else response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }).end(metrics.text(settings.node, settings.prometheusProcessMetricsEnabled));
  };
  try {
    const server = serverFor(settings, answer);
    server.on('error', (error) => log.error(`metrics cannot be served at port ${port}: ${error.message}`));
    server.listen(port, host === '' ? undefined : host);
    signal.addEventListener('abort', () => {
      server.closeAllConnections();
      server.close();
    });
  } catch (error) {
    log.error(`metrics cannot be served: ${(error as Error).message}`);
  }
}

function serverFor(settings: Settings, answer: RequestListener): Server {
  const { prometheusMetricsCertFile: certificate, prometheusMetricsKeyFile: key, prometheusMetricsCAFile: authority, prometheusMetricsClientAuth: clients } = settings;
  if (certificate === '' || key === '') return createHttp(answer);
  const options: ServerOptions = {
    cert: readFileSync(certificate), key: readFileSync(key),
    ...(authority !== '' && { ca: readFileSync(authority) }),
    requestCert: clients !== 'NoClientCert', rejectUnauthorized: clients === 'RequireAndVerifyClientCert',
  };
  return createHttps(options, answer);
}
