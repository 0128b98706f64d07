import { createConnection } from 'node:net';
import { CalicoError } from '../base/errors.js';
import type { LabFolder } from './folder.js';
import type { LabAnswer, LabRequest, LabState } from './requests.js';

/** The longest that anything which is asked for takes. */
const LONGEST_MS = 30_000;

/** Asks the keeper of a lab. Throws CalicoError: `missing` where nobody answers, `failed` with what it says. */
export async function askKeeper(folder: LabFolder, request: LabRequest, longestMs = LONGEST_MS): Promise<LabState> {
  const answer = await exchange(folder.control, request, longestMs).catch((error: unknown) => {
    throw new CalicoError('missing', `the keeper of lab ${folder.name} does not answer: ${(error as Error).message}`, { hint: `take away what is left with calicoctl lab down${folder.name === 'lab' ? '' : ` --name ${folder.name}`}` });
  });
  if ('failed' in answer) throw new CalicoError('failed', answer.failed);
  return answer.state;
}

function exchange(path: string, request: LabRequest, longestMs: number): Promise<LabAnswer> {
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = createConnection(path);
    socket.setEncoding('utf8').setTimeout(longestMs, () => socket.destroy(new Error(`no answer in ${longestMs / 1000} s`)));
    socket.on('connect', () => socket.end(`${JSON.stringify(request)}\n`));
    socket.on('data', (chunk: string) => (text += chunk)).on('error', reject);
    socket.on('close', () => {
      try {
        resolve(JSON.parse(text) as LabAnswer);
      } catch {
        reject(new Error('it ended before it answered'));
      }
    });
  });
}
