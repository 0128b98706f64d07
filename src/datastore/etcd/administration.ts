import type { Etcd3 } from 'etcd3';
import type { CallOptions } from '@grpc/grpc-js';
import type { ConnectionSettings } from '../../config/settings.js';
import { DatastoreError } from '../../base/errors.js';
import { loadLibraries, prepareTls } from './connect.js';
import type { Credentials } from './credentials.js';
import { explainAll } from './explain.js';
import { CallFailure, Member } from './member.js';
import { hasName } from './named-endpoint.js';
import { Session } from './session.js';

/** What a member says of itself (etcdserverpb.StatusResponse). Sizes are bytes, ids decimal numbers. */
export interface MemberStatus {
  readonly memberId: string;
  readonly clusterId: string;
  readonly version: string;
  readonly leader: string;
  readonly databaseBytes: bigint;
  readonly usedBytes: bigint;
  readonly learner: boolean;
  readonly errors: readonly string[];
}

/** A member as its cluster knows it (etcdserverpb.Member). */
export interface KnownMember {
  readonly id: string;
  readonly name: string;
  readonly clientUrls: readonly string[];
}

/** Questions to single members of etcd, each asked once: who is well and who is not is what is to be found out. */
export class Administration {
  readonly #running = new Set<() => void>();

  private constructor(
    private readonly settings: ConnectionSettings,
    private readonly members: readonly Member[],
    private readonly session: Session | undefined,
    private readonly timeoutMs: number,
    readonly credentials: Credentials | undefined,
  ) {}

  /** Opens it; connections come about with the first question. Throws DatastoreError for certificates that cannot be used. */
  static async open(settings: ConnectionSettings, endpoints: readonly string[], { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal: AbortSignal }): Promise<Administration> {
    const credentials = endpoints.some((each) => each.startsWith('https:')) ? await prepareTls(settings) : undefined;
    const libraries = await loadLibraries(endpoints.some(hasName));
    const members = endpoints.map((endpoint) => new Member(endpoint, libraries, credentials));
    const opened = new Administration(settings, members, settings.user && new Session(settings.user, () => undefined), timeoutMs, credentials);
    signal.addEventListener('abort', () => opened.#running.forEach((cancel) => cancel()), { once: true });
    return opened;
  }

  /** Logs in at an endpoint. Throws DatastoreError; returns whether etcd asks for that. */
  async logIn(endpoint: string): Promise<boolean> {
    return this.#asked(endpoint, async (member) => (await this.session?.token(member, { timeoutMs: this.timeoutMs, running: this.#running })) !== undefined);
  }

  /** Whether the server answers who asks, whatever they may see. Throws DatastoreError, stage `authentication` where it does not know them. */
  async recognises(endpoint: string): Promise<void> {
    // What this member has by itself, so that the answer needs no leader.
    await this.#call(endpoint, (client, options) => client.kv.range({ key: Buffer.from('/calico/'), serializable: true }, options)).catch((error: unknown) => {
      if (!(error instanceof DatastoreError) || error.stage !== 'permission') throw error;
    });
  }

  /** Throws DatastoreError. */
  async status(endpoint: string): Promise<MemberStatus> {
    const { header, version, leader, dbSize, ...rest } = await this.#call(endpoint, (client, options) => client.maintenance.status(options));
    // Fields that etcd3 does not declare, though its .proto file has them.
    const more = rest as { dbSizeInUse?: string; isLearner?: boolean; errors?: readonly string[] };
    return {
      memberId: header.member_id,
      clusterId: header.cluster_id,
      version,
      leader,
      databaseBytes: BigInt(dbSize),
      usedBytes: BigInt(more.dbSizeInUse ?? dbSize),
      learner: more.isLearner === true,
      errors: more.errors ?? [],
    };
  }

  /** Throws DatastoreError. */
  async knownMembers(endpoint: string): Promise<readonly KnownMember[]> {
    const { members } = await this.#call(endpoint, (client, options) => client.cluster.memberList({}, options));
    return members.map(({ ID, name, clientURLs }) => ({ id: ID, name, clientUrls: clientURLs }));
  }

  /** The alarms of the cluster: which member, and what. Throws DatastoreError. */
  async alarms(endpoint: string): Promise<readonly { readonly memberId: string; readonly alarm: string }[]> {
    const { alarms } = await this.#call(endpoint, (client, options) => client.maintenance.alarm({ action: 'Get' }, options));
    return alarms.map(({ memberID, alarm }) => ({ memberId: memberID, alarm }));
  }

  close(): void {
    for (const member of this.members) member.close();
  }

  #call<T>(endpoint: string, send: (client: Etcd3, options: CallOptions) => Promise<T>): Promise<T> {
    return this.#asked(endpoint, async (member) => {
      const attempt = { timeoutMs: this.timeoutMs, running: this.#running };
      return member.call(send, { ...attempt, token: await this.session?.token(member, attempt) });
    });
  }

  async #asked<T>(endpoint: string, ask: (member: Member) => Promise<T>): Promise<T> {
    const member = this.members.find((each) => each.endpoint === endpoint);
    if (member === undefined) throw new DatastoreError('configuration', `${endpoint} is none of the endpoints`);
    try {
      return await ask(member);
    } catch (error) {
      if (error instanceof CallFailure) throw explainAll([error], this.settings, { keys: [] });
      throw error;
    }
  }
}
