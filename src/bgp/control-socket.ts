import { connect, type Socket } from 'node:net';
import { NotBirdError, ReplyReader, type Reply } from './reply.js';

export type BirdFailureReason = 'missing' | 'permission' | 'nobody' | 'silent' | 'closed' | 'garbage' | 'too-long' | 'other';

/** A control socket could not be used, or what came over it was of no use. */
export class BirdFailure extends Error {
  constructor(
    readonly path: string,
    readonly reason: BirdFailureReason,
    message: string,
  ) {
    super(message);
    this.name = 'BirdFailure';
  }
}

export interface Limits {
  /** Longest silence, in milliseconds. */
  readonly idleMs: number;
  /** Longest conversation, in milliseconds. */
  readonly totalMs: number;
  /** Most text BIRD may send. */
  readonly bytes: number;
}

/** The official tool waits 2 s for each line (reference/node 4.1), which a busy host may need; 16 MiB are the details of ten thousand peers. */
export const LIMITS: Limits = { idleMs: 5000, totalMs: 20_000, bytes: 16 << 20 };

const WITHOUT_CONNECTION: Readonly<Record<string, readonly [BirdFailureReason, string]>> = {
  ENOENT: ['missing', 'no such socket'],
  ENOTDIR: ['missing', 'no such socket'],
  EACCES: ['permission', 'this user may not use it; try as root'],
  EPERM: ['permission', 'this user may not use it; try as root'],
  ECONNREFUSED: ['nobody', 'nothing listens; BIRD has ended and left it behind'],
};

/**
 * Says some commands to BIRD, one after the other. Returns the reply to each, in order.
 * @param path the control socket
 * Throws BirdFailure.
 */
export function askBird(path: string, commands: readonly string[], limits: Limits = LIMITS): Promise<Reply[]> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    const conversation = new Conversation(socket, commands, limits.bytes);
    const end = (failure?: BirdFailure): void => {
      clearTimeout(deadline);
      socket.destroy();
      if (failure === undefined) resolve(conversation.replies);
      else reject(failure);
    };
    const fail = (reason: BirdFailureReason, message: string): void => end(new BirdFailure(path, reason, message));
    const silent = (milliseconds: number) => (): void => fail('silent', `BIRD did not finish its answer within ${milliseconds / 1000} s`);
    const deadline = setTimeout(silent(limits.totalMs), limits.totalMs);
    socket.setEncoding('utf8').setTimeout(limits.idleMs, silent(limits.idleMs));
    socket.on('error', (error: NodeJS.ErrnoException) => fail(...(WITHOUT_CONNECTION[error.code ?? ''] ?? ['other', `it cannot be used (${error.code ?? error.message})`])));
    socket.on('close', () => fail('closed', 'the connection ended in the middle of the answer'));
    socket.on('data', (text: string) => {
      const outcome = conversation.hear(text);
      if (outcome === 'done') end();
      else if (outcome !== 'more') fail(...outcome);
    });
  });
}

/** The greeting, then a reply for each command. */
class Conversation {
  readonly replies: Reply[] = [];
  private readonly reader = new ReplyReader();
  private greeted = false;
  private length = 0;

  constructor(
    private readonly socket: Socket,
    private readonly commands: readonly string[],
    private readonly most: number,
  ) {}

  hear(text: string): 'done' | 'more' | readonly [BirdFailureReason, string] {
    this.length += text.length;
    if (this.length > this.most) return ['too-long', `the answer is longer than ${this.most} bytes`];
    try {
      for (const reply of this.reader.push(text)) this.receive(reply);
    } catch (error) {
      if (error instanceof NotBirdError) return ['garbage', `the program that answers is not BIRD: ${error.message}`];
      throw error;
    }
    return this.greeted && this.replies.length === this.commands.length ? 'done' : 'more';
  }

  private receive(reply: Reply): void {
    if (this.greeted) this.replies.push(reply);
    else if (reply[0]?.code !== 1) throw new NotBirdError(reply[0]?.text ?? '');
    this.greeted = true;
    const next = this.commands[this.replies.length];
    if (next !== undefined) this.socket.write(`${next}\n`);
  }
}
