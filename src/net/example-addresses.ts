import { parseIp, type Ip } from './address.js';

/** Addresses for documentation and examples, which nobody should have; those that people know come first. */
export const EXAMPLE_ADDRESSES: Readonly<Record<4 | 6, readonly Ip[]>> = {
  4: ips('203.0.113.1', '198.51.100.1', '192.0.2.1', '100.127.255.254', '223.255.255.254'),
  6: ips('2001:db8::1', '3fff::1', '2001:db8:ffff::1', '2a0f:ffff::1'),
};

function ips(...texts: readonly string[]): readonly Ip[] {
  return texts.map((text) => parseIp(text)!);
}
