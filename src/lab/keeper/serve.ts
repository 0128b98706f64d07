import { createServer, type Socket } from 'node:net';
import { CalicoError } from '../../base/errors.js';
import type { LabFolder } from '../folder.js';
import type { LabAnswer, LabRequest } from '../requests.js';
import type { Keeper } from './keeper.js';

/** Requests that wait for others of their kind: hosts may start at the same time, all else one after the other. */
const AT_ONCE: readonly LabRequest['do'][] = ['start', 'tell', 'keep'];

/** Answers requests on the lab's socket, one a connection. Settles when it listens. */
export async function serve(folder: LabFolder, keeper: Keeper, told: (line: string) => void): Promise<void> {
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = (request: LabRequest): Promise<LabAnswer> => {
    const answer = (AT_ONCE.includes(request.do) ? Promise.resolve() : last).then(() => answered(keeper, request, told));
    last = Promise.all([last, answer]);
    return answer;
  };
  const server = createServer({ allowHalfOpen: true }, (socket) => treat(socket, inTurn));
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(folder.control, resolve));
}

function treat(socket: Socket, answer: (request: LabRequest) => Promise<LabAnswer>): void {
  let text = '';
  socket.setEncoding('utf8').on('error', () => socket.destroy()).on('data', (chunk: string) => (text += chunk));
  socket.on('end', () => void answer(JSON.parse(text) as LabRequest).then((said) => socket.end(JSON.stringify(said))));
}

async function answered(keeper: Keeper, request: LabRequest, told: (line: string) => void): Promise<LabAnswer> {
  try {
    const state = await keeper.carryOut(request);
    if (request.do !== 'tell') told(`done: ${JSON.stringify(request)}`);
    return { state };
  } catch (error) {
    const reason = error instanceof CalicoError ? error.message : String((error as Error).stack ?? error);
    told(`failed: ${JSON.stringify(request)}: ${reason}`);
    return { failed: reason };
  }
}
