import { readdirSync, readFileSync } from 'node:fs';
import { release } from 'node:os';

/** What can be found out about a kernel without root, and where from. */
export interface KernelFacts {
  readonly release: string;
  /** Loaded modules, and built-in ones that have parameters. Names have underscores, never dashes. */
  readonly loaded: ReadonlySet<string>;
  /** Modules that modules.builtin names. */
  readonly builtIn: ReadonlySet<string>;
  /** Modules that modules.dep names. */
  readonly loadable: ReadonlySet<string>;
  /** Options of the kernel's configuration: `y` or `m`. */
  readonly options: ReadonlyMap<string, string>;
  /** Matches and targets that iptables has in use now. */
  readonly iptables: ReadonlySet<string>;
  readonly hasIpv6: boolean;
  /** The files all this came from. */
  readonly sources: readonly string[];
}

/** Where to look; tests look elsewhere. */
export interface KernelFiles {
  readonly release: string;
  /** Reads a file, or undefined where that is not possible. */
  read(path: string): string | Buffer | undefined;
  /** The entries of a folder; none where there is no such folder. */
  list(path: string): readonly string[];
}

/** This host. */
export const thisHost: KernelFiles = {
  release: release(),
  read(path) {
    try {
      return readFileSync(path);
    } catch {
      return undefined;
    }
  },
  list(path) {
    try {
      return readdirSync(path);
    } catch {
      return [];
    }
  },
};

/** Where a kernel's configuration is looked for (reference/node 6), and the copy the kernel itself may hold. */
function configurationPaths(release: string): string[] {
  return ['/usr/src/linux/.config', `/boot/config-${release}`, `/usr/src/linux-${release}/.config`, `/usr/src/linux-headers-${release}/.config`, `/lib/modules/${release}/build/.config`, '/proc/config.gz'];
}

/**
 * Reads every source there is.
 * @param configuration a kernel configuration to use instead of those of the host
 */
export async function readKernelFacts(places: KernelFiles = thisHost, configuration?: { readonly path: string; readonly text: string }): Promise<KernelFacts> {
  const sources: string[] = [];
  const text = (path: string): string => {
    const content = places.read(path);
    if (content !== undefined) sources.push(path);
    return content?.toString() ?? '';
  };
  const folder = `/lib/modules/${places.release}`;
  const loaded = wordsOf(text('/proc/modules'));
  const inSys = places.list('/sys/module');
  if (inSys.length > 0) sources.push('/sys/module');
  const found = configuration ?? (await readConfiguration(places));
  if (found !== undefined) sources.push(found.path);
  return {
    release: places.release,
    loaded: new Set([...loaded, ...inSys].map(moduleName)),
    builtIn: modulesOf(text(`${folder}/modules.builtin`)),
    loadable: modulesOf(text(`${folder}/modules.dep`)),
    options: optionsOf(found?.text ?? ''),
    iptables: new Set(['ip_tables_matches', 'ip_tables_targets', 'ip6_tables_matches', 'ip6_tables_targets'].flatMap((name) => wordsOf(text(`/proc/net/${name}`)))),
    hasIpv6: places.list('/proc/sys/net/ipv6').length > 0,
    sources,
  };
}

/** The name of a module as the kernel has it: xt-set and xt_set are the same. */
export function moduleName(text: string): string {
  return text.replaceAll('-', '_');
}

/** The first word of each line. */
function wordsOf(text: string): string[] {
  return text.split('\n').flatMap((line) => line.split(/\s/)[0] || []);
}

/** Lines such as `kernel/net/netfilter/xt_set.ko.xz: ...`. */
function modulesOf(text: string): Set<string> {
  return new Set(text.split('\n').flatMap((line) => /(?:^|\/)([^/:]+)\.ko(?:\.\w+)?(?::|$)/.exec(line)?.[1] ?? []).map(moduleName));
}

function optionsOf(text: string): Map<string, string> {
  return new Map(text.split('\n').flatMap((line) => {
    const [, name, value] = /^(CONFIG_\w+)=([ym])$/.exec(line) ?? [];
    return name === undefined || value === undefined ? [] : [[name, value] as const];
  }));
}

async function readConfiguration(places: KernelFiles): Promise<{ path: string; text: string } | undefined> {
  for (const path of configurationPaths(places.release)) {
    const content = places.read(path);
    if (content !== undefined) return { path, text: await configurationText(content) };
  }
  return undefined;
}

/** The text of a kernel's configuration, which may be compressed as /proc/config.gz is. Throws Node's errors where it is damaged. */
export async function configurationText(content: string | Buffer): Promise<string> {
  if (typeof content === 'string' || content[0] !== 0x1f || content[1] !== 0x8b) return content.toString();
  const { gunzipSync } = await import('node:zlib');
  return gunzipSync(content).toString();
}
