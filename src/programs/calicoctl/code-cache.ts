import { createHash } from 'node:crypto';

const DIGEST = 'sha256';
const DIGEST_BYTES = 32;

/**
 * A code cache with a digest at its end. V8 looks only at the length of the source and at its own version before it runs what
 * a cache holds: one flipped bit would crash it, and a bundle that was changed would go on running its old code.
 */
export function seal(cache: Buffer, source: Buffer): Buffer {
  return Buffer.concat([cache, digestOf(cache, source)]);
}

/** The code cache out of what `seal` made, where it is whole and was made of this source by this Node; undefined otherwise. */
export function unseal(sealed: Buffer | undefined, source: Buffer): Buffer | undefined {
  if (sealed === undefined || sealed.length < DIGEST_BYTES) return undefined;
  const end = sealed.length - DIGEST_BYTES;
  const cache = sealed.subarray(0, end);
  return sealed.subarray(end).equals(digestOf(cache, source)) ? cache : undefined;
}

function digestOf(cache: Buffer, source: Buffer): Buffer {
  return createHash(DIGEST).update(`${process.version} ${process.arch}\n`).update(source).update(cache).digest();
}
