/** A list in a table's cell: joined by commas, cut to `width` characters with "..." at the end (v3-storage.md 7.3). */
export function joined(items: unknown, width: number): string {
  const text = Array.isArray(items) ? items.join(',') : '';
  return text.length > width ? `${text.slice(0, width - 3)}...` : text;
}
