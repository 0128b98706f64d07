import { Resolver } from 'node:dns/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds before the next name server is asked; doubled in the second round and again in the third. */
const TRY = { timeout: 1000, tries: 3 } as const;
/** How long the addresses of one family wait for those of the other, in milliseconds: some name servers never answer for IPv6. */
const OTHER_FAMILY_MS = 300;

/** Codes of c-ares that say that a name has no address. */
const NOT_THERE: readonly (string | undefined)[] = ['ENOTFOUND', 'ENODATA', 'EBADNAME'];

/** What DNS came to: addresses, or why there are none: the code of c-ares, `ENOTFOUND` where every name was denied. */
export type DnsOutcome = { readonly addresses: readonly string[] } | { readonly code: string };

export interface DnsOptions {
  readonly signal?: AbortSignal | undefined;
  /** Name servers other than those of this machine, as `ADDRESS:PORT`. */
  readonly servers?: readonly string[] | undefined;
}

/**
 * Asks DNS for the addresses of names, one name after the other, until one has some. It can be given up at once, other
 * than getaddrinfo, which holds a thread that Node waits for at its end. Rejects with the reason of the signal only.
 */
export async function askDns(names: readonly string[], { signal, servers }: DnsOptions): Promise<DnsOutcome> {
  signal?.throwIfAborted();
  const resolver = new Resolver(TRY);
  if (servers !== undefined) resolver.setServers(servers);
  const cancel = (): void => resolver.cancel();
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    let code = 'ENOTFOUND';
    for (const name of names) {
      const outcome = await bothFamilies(resolver, name);
      signal?.throwIfAborted();
      if ('addresses' in outcome) return outcome;
      if (outcome.code === 'ETIMEOUT' || outcome.code === 'ECONNREFUSED') return outcome;
      if (!NOT_THERE.includes(outcome.code)) ({ code } = outcome);
    }
    return { code };
  } finally {
    signal?.removeEventListener('abort', cancel);
    resolver.cancel();
  }
}

async function bothFamilies(resolver: Resolver, name: string): Promise<DnsOutcome> {
  const answers = [resolver.resolve4(name), resolver.resolve6(name)] as const;
  const found = await Promise.any(answers.map(async (answer) => ((await answer).length > 0 ? undefined : Promise.reject(new Error())))).then(() => true, () => false);
  if (!found) return { code: codeOf(await Promise.allSettled(answers)) };
  const settled = answers.map((answer) => answer.catch(() => []));
  await Promise.race([Promise.all(settled), sleep(OTHER_FAMILY_MS, undefined, { ref: false })]);
  const addresses = await Promise.all(settled.map((answer) => Promise.race([answer, Promise.resolve([])])));
  return { addresses: addresses.flat() };
}

/** Of two failures the one that does not just say that there is no such address. */
function codeOf(outcomes: readonly PromiseSettledResult<unknown>[]): string {
  const codes = outcomes.map((outcome) => (outcome.status === 'rejected' ? ((outcome.reason as NodeJS.ErrnoException).code ?? 'unknown error') : 'ENODATA'));
  return codes.find((code) => !NOT_THERE.includes(code)) ?? codes.find((code) => code === 'ENODATA') ?? 'ENOTFOUND';
}
