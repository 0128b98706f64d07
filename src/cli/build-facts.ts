/** What commands may be built into together (docs/build.md tells what each bundle is for). */
export const BUNDLES = ['offline', 'read', 'write', 'addresses', 'node', 'policy', 'lab', 'reference'] as const;

export type BundleName = (typeof BUNDLES)[number];

/**
 * How the build runs a command to know which of its functions to compile ahead: its arguments, in which `MANIFEST` stands for the
 * path of a manifest with a policy; or `not run` for a command that would touch the machine it is built on.
 */
export type WarmRun = readonly string[] | 'not run';
