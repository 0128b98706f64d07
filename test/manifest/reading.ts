import type { Diagnostic } from '../../src/base/errors.js';
import { readManifest, readManifests, type ManifestList, type ManifestOptions, type ManifestResource, type ReadManifests } from '../../src/manifest/manifests.js';

/** All that a manifest holds, and what is wrong with it. */
export interface WholeManifest {
  readonly resources: readonly ManifestResource[];
  readonly lists: readonly ManifestList[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads a manifest from memory, under the name `a.yaml`. */
export function read(content: string | Buffer): WholeManifest {
  const diagnostics: Diagnostic[] = [];
  const parts = [...readManifest({ name: 'a.yaml', bytes: Buffer.from(content) }, diagnostics, (work) => work())].filter((part) => part !== 'pause');
  return { resources: parts.flatMap(({ resources }) => resources), lists: parts.flatMap(({ lists }) => lists), diagnostics };
}

/** Reads what -f names, with all resources of all files. */
export async function readAll(sources: readonly string[], options: ManifestOptions): Promise<ReadManifests & { readonly resources: readonly ManifestResource[] }> {
  const resources: ManifestResource[] = [];
  const read = await readManifests(sources, options, (part) => {
    resources.push(...part.resources);
    return 'more';
  });
  return { ...read, resources };
}

/** The value of `spec` in a manifest of one resource, where `spec` is given as YAML on the lines below the key. */
export function specOf(yaml: string): unknown {
  const { resources, diagnostics } = read(`apiVersion: v1\nkind: policy\nspec:\n${indented(yaml)}`);
  if (diagnostics.length > 0 || resources.length !== 1) throw new Error(shown(diagnostics).join('\n'));
  return resources[0]?.raw['spec'];
}

/** Diagnostics as people see them: `3:5 message`, and the hint after a bar. */
export function shown(diagnostics: readonly Diagnostic[]): string[] {
  return diagnostics.map(({ line, column, message, hint }) => `${line}:${column} ${message}${hint === undefined ? '' : ` | ${hint}`}`);
}

/** The metadata names of resources. */
export function names(resources: readonly ManifestResource[]): unknown[] {
  return resources.map(({ raw }) => (raw['metadata'] as Record<string, unknown> | undefined)?.['name']);
}

/** A small resource. */
export function policy(name: string): string {
  return `apiVersion: v1\nkind: policy\nmetadata:\n  name: ${name}\n`;
}

function indented(yaml: string): string {
  return yaml.replace(/^(?=.)/gm, '  ');
}
