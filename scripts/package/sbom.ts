import { Enums, Models, Serialize, Spec } from '@cyclonedx/cyclonedx-library';
import type { Part } from '../build/parts.js';

/** What a package carries beside the bundles, such as Node.js itself. */
export interface Carried {
  readonly name: string;
  readonly version: string;
  readonly licence?: string;
  /** Whose package it is, in the words of a package URL. */
  readonly from?: 'deb/debian';
}

/**
 * The bill of materials of what is built, as CycloneDX 1.6 in JSON: the same for the same parts, without a time or a serial number.
 * @param carried what is in the artefact besides
 */
export function sbomOf(product: { readonly name: string; readonly version: string; readonly description: string }, parts: readonly Omit<Part, 'texts'>[], carried: readonly Carried[] = []): string {
  const bom = new Models.Bom();
  const own = component(Enums.ComponentType.Application, { ...product, licence: 'Apache-2.0' });
  bom.metadata.component = own;
  for (const part of parts) {
    const library = component(Enums.ComponentType.Library, part);
    bom.components.add(library);
    own.dependencies.add(library.bomRef);
  }
  for (const program of carried) {
    const platform = component(Enums.ComponentType.Platform, program, program.from ?? 'generic');
    bom.components.add(platform);
    own.dependencies.add(platform.bomRef);
  }
  const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6));
  return `${serializer.serialize(bom, { sortLists: true, space: 2 })}\n`;
}

function component(type: Enums.ComponentType, { name, version, licence, description }: Carried & { readonly description?: string }, source = 'npm'): Models.Component {
  const purl = `pkg:${source}/${name.replace('@', '%40')}@${version}`;
  const made = new Models.Component(type, name, { version, purl, bomRef: purl, ...(description === undefined ? {} : { description }) });
  if (licence !== undefined) made.licenses.add(new Models.SpdxLicense(licence));
  return made;
}
