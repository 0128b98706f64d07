import { FAILURE, Failure } from './failure.js';
import { shownValue } from './fields.js';

/** The versions of the protocol that the plugins speak, oldest first. */
export const VERSIONS = ['0.1.0', '0.2.0', '0.3.0', '0.3.1', '0.4.0', '1.0.0', '1.1.0'] as const;
export type Version = (typeof VERSIONS)[number];

/** Whether a version is as new as another one. */
export function isSince(version: Version, since: Version): boolean {
  return VERSIONS.indexOf(version) >= VERSIONS.indexOf(since);
}

/** The version that a configuration names; without one it is the first. Throws Failure where we do not speak it, or where it is no text. */
export function versionOf(stated: unknown): Version {
  if (stated === undefined || stated === null || stated === '') return '0.1.0';
  if (typeof stated !== 'string') throw new Failure(FAILURE.undecodable, `cniVersion must be text, not ${shownValue(stated)}`);
  const version = VERSIONS.find((each) => each === stated);
  if (version === undefined) throw new Failure(FAILURE.incompatibleVersion, 'incompatible CNI versions', `config is ${JSON.stringify(stated)}, plugin supports [${VERSIONS.map((each) => JSON.stringify(each)).join(' ')}]`);
  return version;
}

/** What `VERSION` answers. */
export function versionText(): string {
  return `${JSON.stringify({ cniVersion: VERSIONS.at(-1), supportedVersions: VERSIONS })}\n`;
}
