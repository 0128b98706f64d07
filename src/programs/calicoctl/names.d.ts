/** A module that the build makes (scripts/build/bundle.ts). */
declare module 'calicoctl:names' {
  /** Every name of a command, aliases included, and the name it is filed under; written with spaces. */
  export const names: Readonly<Record<string, string>>;
  /** The bundle of each command. */
  export const bundles: Readonly<Record<string, string>>;
  export const version: string;
  /** The commit that was built, empty where there was no repository. */
  export const commit: string;
}
