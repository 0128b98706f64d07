import type { experimental } from '@grpc/grpc-js';
import { resolveName } from '../../dns/resolve.js';
import { NAME_FAILED, SCHEME } from './named-endpoint.js';

type Grpc = Pick<typeof experimental, 'registerResolver' | 'splitHostPort' | 'statusOrFromError' | 'statusOrFromValue'>;
type ResolverClass = Parameters<Grpc['registerResolver']>[1];
type Target = ConstructorParameters<ResolverClass>[0];
type Listener = ConstructorParameters<ResolverClass>[1];
type Result = Parameters<Listener>[0];

const UNAVAILABLE = 14;

/**
 * Makes gRPC ask us for the addresses of names: its own way is getaddrinfo, which keeps the process from ending for as long
 * as a name server is silent. To be called before a name is used; again does no harm.
 */
export function registerOwnNames({ registerResolver, splitHostPort, statusOrFromError, statusOrFromValue }: Grpc): void {
  class NamedTarget {
    #asked: AbortController | undefined;

    constructor(
      private readonly target: Target,
      private readonly listener: Listener,
    ) {}

    static getDefaultAuthority(target: Target): string {
      return target.path;
    }

    updateResolution(): void {
      if (this.#asked !== undefined) return;
      const asked = new AbortController();
      this.#asked = asked;
      void this.#answer(asked.signal).finally(() => {
        if (this.#asked === asked) this.#asked = undefined;
      });
    }

    destroy(): void {
      this.#asked?.abort();
      this.#asked = undefined;
    }

    async #answer(signal: AbortSignal): Promise<void> {
      const { host, port = 0 } = splitHostPort(this.target.path) ?? { host: this.target.path };
      const result = await resolveName(host, { signal }).then(
        (addresses): Result => statusOrFromValue(addresses.map((address) => ({ addresses: [{ host: address, port }] }))),
        (error: unknown): Result => statusOrFromError({ code: UNAVAILABLE, details: `${NAME_FAILED}${(error as Error).message}` }),
      );
      if (!signal.aborted) this.listener(result, {}, null, '');
    }
  }
  registerResolver(SCHEME, NamedTarget);
}
