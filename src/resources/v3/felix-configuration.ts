import type { AsStored, ObjectOf } from '../fields/field.js';
import { objectOf, type ObjectType } from '../fields/object.js';
import type { Metadata, StoredKind } from '../kind.js';
import { nameColumn } from './columns.js';
import { withDefaults } from './defaults.js';
import { bpfFields } from './felix-bpf.js';
import type { FelixField } from './felix-field.js';
import { hostFields } from './felix-host.js';
import { networkFields } from './felix-network.js';
import { felixRisks } from './felix-risks.js';
import { routeFields } from './felix-routes.js';
import { subdomainProblem } from './names.js';
import { node } from './node.js';
import { nodeInName } from './references.js';

function makeFields() {
  return [...hostFields(), ...networkFields(), ...bpfFields(), ...routeFields()];
}

type Fields = ReturnType<typeof makeFields>;

/** The spec of a FelixConfiguration: all settings of Felix. */
export type FelixConfigurationSpec = ObjectOf<Fields>;

let fields: Fields | undefined;
let spec: ObjectType<FelixConfigurationSpec> | undefined;

/** All settings of Felix in the order in which they are stored. Built when they are first asked for: most commands never do. */
export function felixFields(): Fields {
  fields ??= makeFields();
  return fields;
}

/** The setting that classic configuration knows by this name, in exactly this spelling (reference/storage 3.12). */
export function felixFieldOfV1Name(name: string): FelixField | undefined {
  return felixFields().find((each) => each.v1Name === name);
}

function specType(): ObjectType<FelixConfigurationSpec> {
  spec ??= objectOf('the spec of a FelixConfiguration', felixFields());
  return spec;
}

const DEFAULTS = { nftablesMode: 'Auto', bpfConnectTimeLoadBalancing: 'TCP', bpfHostNetworkedNATWithoutCTLB: 'Enabled', floatingIPs: 'Disabled' } as const satisfies Partial<FelixConfigurationSpec>;

/** What the deprecated switch of load balancing makes of its successors, whatever was given for them (reference/storage 2.3). */
function decided(spec: AsStored<FelixConfigurationSpec>): { readonly by: keyof FelixConfigurationSpec; readonly values: Partial<FelixConfigurationSpec> } | undefined {
  const by = 'bpfConnectTimeLoadBalancingEnabled';
  if (typeof spec[by] !== 'boolean') return undefined;
  return { by, values: { bpfConnectTimeLoadBalancing: spec[by] ? 'Enabled' : 'Disabled', bpfHostNetworkedNATWithoutCTLB: 'Disabled' } };
}

const columns = [nameColumn];

/** FelixConfiguration: settings of Felix for the cluster (`default`), for one node (`node.NAME`) or for the nodes of a selector (reference/storage 3.12). */
export const felixConfiguration: StoredKind<FelixConfigurationSpec> = {
  dialect: 'v3',
  kind: 'FelixConfiguration',
  plural: 'felixconfigurations',
  namespaced: false,
  words: ['felixconfiguration', 'felixconfigurations', 'felixconfig', 'felixconfigs'],
  get spec() {
    return specType();
  },
  nameProblem: subdomainProblem,
  applyDefaults(object) {
    object.spec = withDefaults(specType(), { ...object.spec, ...decided(object.spec)?.values }, DEFAULTS);
  },
  decided,
  risks: felixRisks,
  check(object, problems) {
    for (const { field, message, hint } of felixRisks(object.spec)) problems.warn('breaks-felix', ['spec', field], message, { hint, grave: true });
    // Absent where it was wrong.
    const metadata: Partial<Metadata> = object.metadata;
    const name = metadata.name ?? '';
    if (object.spec.nodeSelector !== undefined && (name === 'default' || name.startsWith('node.'))) {
      problems.add('rule', ['spec', 'nodeSelector'], `the FelixConfiguration ${name} cannot have a nodeSelector: its name says which nodes it applies to`);
    }
    if (object.spec.routeTableRange !== undefined && object.spec.routeTableRanges !== undefined) {
      problems.add('rule', ['spec', 'routeTableRange'], 'routeTableRange cannot be given together with routeTableRanges', { hint: 'remove routeTableRange' });
    }
  },
  references: [nodeInName(node)],
  columns: { ps: columns, wide: columns },
};
