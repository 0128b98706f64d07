/** A module that the build makes (scripts/build/agent.ts). */
declare module 'calicoctl:agent-facts' {
  export const version: string;
  /** The commit that was built, empty where there was no repository. */
  export const commit: string;
}
