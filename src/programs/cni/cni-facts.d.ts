/** A module that the build makes (scripts/build/cni.ts). */
declare module 'calicoctl:cni-facts' {
  export const version: string;
  /** The commit that was built, empty where there was no repository. */
  export const commit: string;
}
