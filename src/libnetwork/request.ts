import { isMap, type Data } from '../base/data.js';
import { CalicoError } from '../base/errors.js';
import { parseCidr, parseIp, type Ip } from '../net/address.js';

/** A text of a request; empty where it is left out. Throws CalicoError for anything else. */
export function text(request: Data, field: string): string {
  const value = request[field] ?? '';
  if (typeof value !== 'string') throw invalid(`${field} is no text`);
  return value;
}

/** A map of a request; empty where it is left out. Throws CalicoError for anything else. */
export function map(request: Data, field: string): Data {
  const value = request[field] ?? {};
  if (!isMap(value)) throw invalid(`${field} is no map`);
  return value;
}

/** Maps in a list; none where it is left out. Throws CalicoError for anything else. */
export function maps(request: Data, field: string): readonly Data[] {
  const value = request[field] ?? [];
  if (!Array.isArray(value) || !value.every(isMap)) throw invalid(`${field} is no list of maps`);
  return value;
}

/** The id of a network or an endpoint, which the engine makes of 64 hexadecimal digits. Throws CalicoError where it cannot be one. */
export function id(request: Data, field: string): string {
  const value = text(request, field);
  if (!/^[a-z0-9]{11,128}$/.test(value)) throw invalid(`${field} ${JSON.stringify(value)} is no id`);
  return value;
}

/** The address in a text such as `10.0.0.1/16`, alone or with the length of a network; undefined for an empty one. Throws CalicoError. */
export function address(value: string): Ip | undefined {
  if (value === '') return undefined;
  const ip = parseCidr(value)?.address ?? parseIp(value);
  if (ip === undefined) throw invalid(`${JSON.stringify(value)} is no address`);
  return ip;
}

function invalid(message: string): CalicoError {
  return new CalicoError('invalid-request', message);
}
