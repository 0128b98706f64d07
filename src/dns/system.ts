import { readFile } from 'node:fs/promises';

/** What the files of this machine say of how names are resolved; each is the text of the file, empty where there is none. */
export interface SystemFiles {
  /** `/etc/hosts` */
  readonly hosts: string;
  /** `/etc/resolv.conf` */
  readonly resolvConf: string;
  /** `/etc/nsswitch.conf` */
  readonly nsswitch: string;
}

/** Reads the files. Never rejects. */
export async function readSystemFiles(): Promise<SystemFiles> {
  const [hosts = '', resolvConf = '', nsswitch = ''] = await Promise.all(['/etc/hosts', '/etc/resolv.conf', '/etc/nsswitch.conf'].map((file) => readFile(file, 'utf8').catch(() => '')));
  return { hosts, resolvConf, nsswitch };
}

/** Lines without comments, as words. */
function wordsOf(text: string, comment: RegExp): string[][] {
  return text.split('\n').map((line) => line.replace(comment, '').trim().split(/\s+/)).filter(([first]) => first !== '');
}

/** The addresses that `/etc/hosts` has for a name, in its order; letter case does not matter. */
export function addressesInHosts(hosts: string, name: string): string[] {
  const wanted = withoutDot(name).toLowerCase();
  return wordsOf(hosts, /#.*/).flatMap(([address = '', ...names]) => (names.some((each) => each.toLowerCase() === wanted) ? [address] : []));
}

/** Where names are looked up, by nsswitch.conf: `files`, `dns`, and whatever else. */
export function sourcesOf(nsswitch: string): readonly string[] {
  const line = wordsOf(nsswitch, /#.*/).find(([first]) => first === 'hosts:');
  return line === undefined ? ['files', 'dns'] : line.slice(1).filter((word) => !/[[\]!=]/.test(word));
}

/** The name servers that resolv.conf names. */
export function serversOf(resolvConf: string): string[] {
  return wordsOf(resolvConf, /^\s*[#;].*/).flatMap(([keyword, server]) => (keyword === 'nameserver' && server !== undefined ? [server] : []));
}

/** The full names to ask DNS for, one after the other: the search list of resolv.conf, and `ndots`, say which (resolv.conf(5)). */
export function candidatesFor(name: string, resolvConf: string): string[] {
  if (name.endsWith('.')) return [withoutDot(name)];
  const lines = wordsOf(resolvConf, /^\s*[#;].*/);
  const [, ...search] = lines.filter(([keyword]) => keyword === 'search' || keyword === 'domain').at(-1) ?? [];
  const options = lines.filter(([keyword]) => keyword === 'options').flat();
  const ndots = Number(options.flatMap((option) => /^ndots:(\d+)$/.exec(option)?.[1] ?? []).at(-1) ?? 1);
  const searched = search.filter((domain) => domain !== '.').map((domain) => `${name}.${withoutDot(domain)}`);
  const dots = name.split('.').length - 1;
  return dots >= ndots ? [name, ...searched] : [...searched, name];
}

function withoutDot(name: string): string {
  return name.endsWith('.') ? name.slice(0, -1) : name;
}
