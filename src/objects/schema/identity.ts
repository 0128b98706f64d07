import type { Data } from '../../base/data.js';
import { demanded } from '../../resources/fields/json-rules.js';
import type { ClassicKind, Kind, StoredKind } from '../../resources/kind.js';
import { dnsLabelProblem, NAME_SCHEMAS, singletonProblem, subdomainProblem } from '../../resources/v3/names.js';
import { globalPolicyNameProblem, POLICY_NAME_SCHEMAS, policyNameProblem } from '../../resources/v3/policy-names.js';


/** Rules of a kind's documents beyond those of their fields: what has to be there, and what a name may be. */
export function documentRules(kind: Kind): readonly Data[] {
  const metadata = { properties: { metadata: kind.dialect === 'v1' ? classicRules(kind) : storedRules(kind) } };
  const sections = [...(kind.dialect === 'v3' && kind.nameOf !== undefined ? [] : ['metadata']), ...(mayBeEmpty(kind) ? [] : ['spec'])];
  return sections.length === 0 ? [metadata] : [metadata, demanded(...sections)];
}

/** Whether a kind's spec may be left out. */
function mayBeEmpty({ spec }: Kind): boolean {
  return spec.json?.['if'] === undefined && spec.fields.every(({ required }) => required === undefined);
}

const NAMES = new Map<StoredKind['nameProblem'], Data>([
  [subdomainProblem, NAME_SCHEMAS.subdomain],
  [dnsLabelProblem, NAME_SCHEMAS.dnsLabel],
  [singletonProblem, NAME_SCHEMAS.singleton],
  [globalPolicyNameProblem, POLICY_NAME_SCHEMAS.global],
  [policyNameProblem, POLICY_NAME_SCHEMAS.namespaced],
]);

function storedRules({ nameProblem, nameOf, namespaced }: StoredKind): Data {
  const name = NAMES.get(nameProblem) ?? {};
  const made = nameOf !== undefined;
  return {
    properties: { name: made ? { anyOf: [{ enum: ['', null] }, name] } : name, namespace: namespaced ? { pattern: '^[^/]*$' } : { enum: ['', null] } },
    ...(made ? {} : demanded('name')),
  };
}

/** Identifiers that are needed whatever the others are. */
function classicRules(kind: ClassicKind): Data {
  const needed = kind.identity.filter((name) => {
    const others = Object.fromEntries(kind.identity.filter((each) => each !== name).map((each) => [each, each === 'scope' ? 'global' : 'given']));
    return kind.missingIdentifiers(others, 'create').includes(name) && !(name === kind.nameField && kind.generateIdentifier !== undefined);
  });
  return needed.length === 0 ? {} : demanded(...needed);
}
