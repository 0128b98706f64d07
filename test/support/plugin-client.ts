import { request } from 'node:http';

/** What a driver answered. */
export interface PluginAnswer {
  readonly status: number;
  readonly type: string | undefined;
  readonly text: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Asks a driver at its socket as the engine does. */
export function askPlugin(socketPath: string, path: string, body: string | object = '', method = 'POST'): Promise<PluginAnswer> {
  return new Promise((resolve, reject) => {
    const call = request({ socketPath, path: `/${path}`, method, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, type: response.headers['content-type'], text: text.trim(), body: JSON.parse(text) as PluginAnswer['body'] }));
    });
    call.on('error', reject).end(typeof body === 'string' ? body : JSON.stringify(body));
  });
}
