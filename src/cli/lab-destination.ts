import { InvalidRequest } from '../base/errors.js';
import { parseIp } from '../net/address.js';
import type { Probed } from '../lab/probe/task.js';

/** Reads where a packet is to go: `database:3306`, `[fd00::7]:80`, of icmp without a port. Throws InvalidRequest. */
export function readDestination(text: string, protocol: Probed): { readonly word: string; readonly port?: number } {
  const bracketed = /^\[(.*)\](?::(.*))?$/.exec(text);
  const [word = '', port] = bracketed !== null ? [bracketed[1], bracketed[2]] : parseIp(text) !== undefined ? [text] : split(text);
  if (protocol === 'icmp') {
    if (port !== undefined) throw new InvalidRequest(`${text}: icmp has no ports`, `write only ${word}`);
    return { word };
  }
  if (port === undefined) throw new InvalidRequest(`${text}: the port is missing`, `write it behind a colon: ${word.includes(':') ? `[${word}]` : word}:80`);
  const number = /^\d{1,5}$/.test(port) ? Number(port) : 0;
  if (number < 1 || number > 65_535) throw new InvalidRequest(`${text}: ${JSON.stringify(port)} is no port`, 'a port is a number from 1 to 65535');
  return { word, port: number };
}

function split(text: string): readonly [string, string?] {
  const at = text.lastIndexOf(':');
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
