/** A rule of iptables matches at most so many ports; a range counts as two (reference/policy 5.1). */
const PORT_SLOTS = 15;

/** Numbers and ranges `from:to` in lists that one rule can match, in their order. */
export function portLists(ports: readonly string[]): readonly (readonly string[])[] {
  const lists: string[][] = [];
  let free = 0;
  for (const port of ports) {
    const slots = port.includes(':') ? 2 : 1;
    if (slots > free) {
      lists.push([]);
      free = PORT_SLOTS;
    }
    lists.at(-1)!.push(port);
    free -= slots;
  }
  return lists;
}
