/** Values by what they have in common, in the order in which each group was met first. */
export function groupedBy<T, Key>(values: Iterable<T>, key: (value: T) => Key): Map<Key, T[]> {
  const groups = new Map<Key, T[]>();
  for (const value of values) {
    const group = groups.get(key(value));
    if (group === undefined) groups.set(key(value), [value]);
    else group.push(value);
  }
  return groups;
}
