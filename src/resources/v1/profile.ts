import { isMap } from '../../base/data.js';
import { listOf } from '../fields/collections.js';
import { field, type AsStored, type Of } from '../fields/field.js';
import { sortKeys } from '../../go/json.js';
import { ConversionError, type ClassicDocument, type StoredObject } from '../kind.js';
import type { Path } from '../problem.js';
import { API_VERSION } from '../v3/document.js';
import { profile as stored, type ProfileSpec } from '../v3/profile.js';
import { allowedName, allowedNames, classicKind, named } from './classic-kind.js';
import { classicProfileName, storedProfileName } from './names.js';
import { rulesToClassic, rulesToStored, texts } from './rule-conversion.js';
import { compact, rules } from './rules.js';
import { sections } from './sections.js';
import { labels, profileTag, slashedName } from './texts.js';

const { metadata, spec } = sections(
  'profile',
  [field('name', slashedName), field('tags', listOf(profileTag), { mistakenFor: ['tag'] }), field('labels', labels)],
  [
    field('ingress', rules, { goName: 'IngressRules', mistakenFor: ['inbound', 'ingressRules'] }),
    field('egress', rules, { goName: 'EgressRules', mistakenFor: ['outbound', 'egressRules'] }),
  ],
);

type Meta = Of<typeof metadata>;
type Document = ClassicDocument<Of<typeof spec>, Meta>;

/** In v3 tags are labels without a value, which endpoints get from the profile like its labels (reference/storage 4.3). */
function labelsToApply(metadata: AsStored<Meta>): { labelsToApply?: Record<string, string> } {
  const given = (metadata.labels ?? {}) as Record<string, string>;
  const applied = Object.assign(Object.create(null) as Record<string, string>, given);
  for (const [index, tag] of texts(metadata.tags).entries()) {
    if (Object.hasOwn(given, tag)) {
      throw new ConversionError(
        `Tag: '${tag}' and Label '${tag} == ${given[tag] as string}' have the same value for Profile: ${named(metadata, 'name')}. Change the Label key before proceeding`,
        ['metadata', 'tags', index],
      );
    }
    applied[tag] = '';
  }
  return Object.keys(applied).length === 0 ? {} : { labelsToApply: sortKeys(applied) };
}

/** Where the document has what became a label. */
function labelOrTag(rest: Path, { metadata }: Document): Path {
  const tag = texts(metadata.tags).findIndex((each) => each === rest[0]);
  return tag < 0 ? ['metadata', 'labels', ...rest] : ['metadata', 'tags', tag];
}

function convert({ metadata, spec }: Document): StoredObject<ProfileSpec> {
  const name = named(metadata, 'name');
  return {
    kind: stored.kind,
    apiVersion: API_VERSION,
    metadata: { name: allowedName(stored, storedProfileName(name), name, 'name') },
    spec: { ...compact({ ingress: rulesToStored(spec.ingress), egress: rulesToStored(spec.egress) }), ...labelsToApply(metadata) },
  };
}

function revert({ metadata, spec }: StoredObject<ProfileSpec>): Document {
  const applied = isMap(spec.labelsToApply) ? (spec.labelsToApply as Record<string, string>) : {};
  return {
    kind: 'profile',
    apiVersion: 'v1',
    metadata: { name: classicProfileName(metadata.name), ...(Object.keys(applied).length === 0 ? {} : { labels: sortKeys(applied) }) },
    spec: compact({ ingress: rulesToClassic(spec.ingress), egress: rulesToClassic(spec.egress) }),
  };
}

const NAME = { heading: 'NAME', cell: ({ metadata }: Document) => named(metadata, 'name') };

/** profile: rules, tags and labels for the endpoints that name it (reference/classic 1.7). */
export const profile = classicKind({
  kind: 'profile',
  goName: 'Profile',
  words: ['profile', 'profiles', 'pro', 'pros'],
  metadata,
  spec,
  stored,
  identity: ['name'],
  identityText: (metadata) => `Profile(name=${named(metadata, 'name')})`,
  nameField: 'name',
  identifiers: [],
  convert,
  revert,
  places: { 'spec.labelsToApply': labelOrTag },
  refusalMeans: 'its Felix would ignore all labels and tags of the profile',
  decides: { spec: ['ingress', 'egress', 'labelsToApply'] },
  storedNames(metadata) {
    const name = named(metadata, 'name');
    return name === '' ? [] : allowedNames(stored, [storedProfileName(name), name]);
  },
  sortKey: (metadata) => named(metadata, 'name'),
  columns: { ps: [NAME], wide: [NAME, { heading: 'TAGS', cell: ({ metadata }) => texts(metadata.tags).join(',') }] },
  readOnly: (metadata, verb) => stored.readOnly?.({ metadata: { name: storedProfileName(named(metadata, 'name')) } }, verb),
});
