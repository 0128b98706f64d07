import { addressWithPort, parsePeerName, type PeerName } from './peer-name.js';
import { NotBirdError, type Reply } from './reply.js';

/** A BGP protocol of BIRD's, as `show protocols all` tells it. */
export interface BgpProtocol {
  readonly name: string;
  /** up, start, down, stop, flush, wait */
  readonly state: string;
  /** A time, or a date after a day. */
  readonly since: string;
  /** The state of the session and what went wrong last, as the table shows it; empty while the protocol is down. */
  readonly info: string;
  readonly details: ProtocolDetails;
}

/** What the details say; BIRD 1.6 tells the local AS only of internal sessions, and an address only once there is one. */
export interface ProtocolDetails {
  readonly neighborAddress?: string;
  readonly neighborAs?: number;
  readonly localAddress?: string;
  readonly localAs?: number;
}

/** A BGP protocol that Calico made. */
export interface ObservedPeer extends BgpProtocol, PeerName {
  /** The address with its port, if any. */
  readonly text: string;
  /** `Established`, `Active` ...; absent while the protocol is down. */
  readonly session?: string;
}

const HEADING = ['name', 'proto', 'table', 'state', 'since', 'info'];
const HEADING_CODE = 2002;
const ROW_CODE = 1002;
const DETAIL_CODE = 1006;

const DATE = /^\d{4}-\d\d-\d\d$/;
const TIME = /^\d\d:\d\d/;
const DETAIL = /^\s+([A-Z][A-Za-z ]*):\s+(\S.*?)\s*$/;

/**
 * The BGP protocols in a reply to `show protocols` or `show protocols all`, in BIRD's order. BIRD 2 writes the heading
 * with capitals. Throws NotBirdError where the reply is no such table.
 */
export function parseProtocols(reply: Reply): BgpProtocol[] {
  const [heading] = reply;
  const words = heading?.text.trim().toLowerCase().split(/\s+/) ?? [];
  if (heading?.code !== HEADING_CODE || words.join(' ') !== HEADING.join(' ')) throw new NotBirdError(heading?.text ?? '');
  const sections: { row: string; details: string[] }[] = [];
  for (const { code, text } of reply) {
    if (code === ROW_CODE && text.trim() !== '') sections.push({ row: text, details: [] });
    else if (code === DETAIL_CODE) sections.at(-1)?.details.push(text);
  }
  return sections.flatMap(({ row, details }) => parseRow(row, details));
}

function parseRow(row: string, details: readonly string[]): BgpProtocol[] {
  const [name, kind, , state, date, ...rest] = row.trim().split(/\s+/);
  if (name === undefined || kind !== 'BGP' || state === undefined || date === undefined) return [];
  // With "timeformat protocol iso long" the time has a column of its own.
  const time = DATE.test(date) && TIME.test(rest[0] ?? '') ? ` ${rest.shift()}` : '';
  return [{ name, state, since: date + time, info: rest.join(' '), details: parseDetails(details) }];
}

function parseDetails(lines: readonly string[]): ProtocolDetails {
  const told = new Map<string, string>();
  for (const line of lines) {
    const [, label, value] = DETAIL.exec(line) ?? [];
    if (label !== undefined && value !== undefined && !told.has(label)) told.set(label, value);
  }
  const neighborAs = asNumberOf(told.get('Neighbor AS'));
  const localAs = asNumberOf(told.get('Local AS')) ?? (told.get('Session')?.startsWith('internal') ? neighborAs : undefined);
  const neighborAddress = told.get('Neighbor address');
  const localAddress = told.get('Source address');
  return {
    ...(neighborAddress === undefined ? {} : { neighborAddress }),
    ...(neighborAs === undefined ? {} : { neighborAs }),
    ...(localAddress === undefined ? {} : { localAddress }),
    ...(localAs === undefined ? {} : { localAs }),
  };
}

function asNumberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : undefined;
}

/** The peer that a protocol is, or undefined where Calico did not make it. */
export function peerOf(protocol: BgpProtocol): ObservedPeer | undefined {
  const name = parsePeerName(protocol.name);
  if (name === undefined) return undefined;
  const [session] = protocol.info.split(' ');
  return { ...protocol, ...name, text: addressWithPort(name), ...(session === undefined || session === '' ? {} : { session }) };
}

/** Whether the session with a peer stands. */
export function isEstablished(peer: ObservedPeer): boolean {
  return peer.session === 'Established';
}
