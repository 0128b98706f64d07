import { isMap } from '../../base/data.js';
import { storedProfileName } from './names.js';
import { texts } from './rule-conversion.js';

/** Addresses or networks as the classic tool reads them back: IPv4 before IPv6, otherwise as given (reference/classic 1.8, reference/classic 1.9). */
export function ipv4First<T>(list: readonly T[], textOf: (each: T) => string): readonly T[] {
  if (list.length < 2) return list;
  const isIpv6 = (each: T): boolean => textOf(each).includes(':');
  return [...list.filter((each) => !isIpv6(each)), ...list.filter(isIpv6)];
}

/** The list, or undefined where it is empty. */
export function unlessEmpty<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length === 0 ? undefined : list;
}

/** The names of profiles in v3's words; undefined for none. */
export function profilesToStored(list: unknown): readonly string[] | undefined {
  return unlessEmpty(texts(list).map(storedProfileName));
}

/** Labels with converted keys, in a map without a prototype, which is sorted when it is written; nothing where there are none. `keep` says which labels take part. */
export function labelsWith(labels: unknown, renamed: (key: string) => string, keep: (key: string) => boolean = () => true): { labels?: Record<string, string> } {
  if (!isMap(labels)) return {};
  const converted = Object.create(null) as Record<string, string>;
  let count = 0;
  for (const key of Object.keys(labels)) {
    if (!keep(key)) continue;
    converted[renamed(key)] = labels[key] as string;
    count++;
  }
  return count === 0 ? {} : { labels: converted };
}
