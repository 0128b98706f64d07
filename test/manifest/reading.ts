import type { Diagnostic } from '../../src/errors.js';
import { readManifest } from '../../src/manifest/manifests.js';
import type { ManifestResource } from '../../src/manifest/manifests.js';

/** Reads a manifest from memory, under the name `a.yaml`. */
export function read(content: string | Buffer): ReturnType<typeof readManifest> {
  return readManifest({ name: 'a.yaml', bytes: Buffer.from(content) });
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
