import { rangeIn } from './fields/shape.js';

const WITH_PROTOCOL = /^\s*(?:(tcp|udp|sctp)\s*[/:]\s*([\w:-]+)|([\w:-]+)\s*[/]\s*(tcp|udp|sctp))\s*$/i;

/** What to write for a port of a rule in the form of another tool: `80-90`, `80,443`, `80/tcp`, ` 80`. */
export function portHint(raw: string): string | undefined {
  if (raw.trim() === '') return 'remove the empty entry, or give its port';
  const range = rangeIn(raw);
  if (range && !range.every(isPort)) return undefined;
  if (range) return range[0] > range[1] ? `the lower end of a range comes first: write "${range[1]}:${range[0]}"` : `write "${range[0]}:${range[1]}"`;
  if (/^[\d\s,;:.-]+$/.test(raw) && /[,;\s]/.test(raw.trim())) return severalPorts(raw);
  const [, before, port = '', other, after] = WITH_PROTOCOL.exec(raw) ?? [];
  const protocol = before ?? after;
  if (protocol !== undefined) return `write the port alone, ${inEntry(port === '' ? String(other) : port)}, and the protocol ${protocol} in the rule`;
  return raw.trim() !== raw && /^\s*\w+\s*$/.test(raw) ? `write ${raw.trim()} without spaces around it` : undefined;
}

function isPort(value: number): boolean {
  return value >= 1 && value <= 65535;
}

function severalPorts(raw: string): string {
  const entries = raw.split(/[,;\s]+/).filter((each) => each !== '');
  return entries.length === 1 ? `write ${inEntry(entries[0] as string)} alone` : `write an entry for each: [${entries.map(inEntry).join(', ')}]`;
}

function inEntry(text: string): string {
  const range = rangeIn(text);
  return range ? `"${range[0]}:${range[1]}"` : text;
}
