import { isMap, type Data } from '../base/data.js';
import { nameOf } from '../objects/reference.js';
import { viewObject } from '../objects/view.js';
import { hostId, policyId, profileId, setId, workloadId } from '../policy/ids.js';
import type { Rule } from '../policy/rule.js';
import type { AnyDocument, Dialect, Kind, StoredKind, StoredObject } from '../resources/kind.js';
import { kindOfDocument, shownKind } from '../resources/registry.js';
import { API_VERSION } from '../resources/v3/document.js';
import { defaultAllowProfile } from '../resources/v3/profile.js';

/** What the engine's ids stand for, as a dialect shows it. */
export class Directory {
  private readonly objects = new Map<string, StoredObject>();
  private readonly documents = new Map<string, AnyDocument>();

  constructor(
    resources: Iterable<StoredObject>,
    readonly dialect: Dialect,
  ) {
    for (const object of [defaultAllowProfile, ...resources]) {
      const id = engineId(object);
      if (id !== undefined) this.objects.set(id, object);
    }
  }

  /** What is stored of an id. */
  object(id: string): StoredObject | undefined {
    return this.objects.get(id);
  }

  /** `policy/a`, `workloadEndpoint/n1/k8s/shop.w1/eth0`, `NetworkPolicy/shop/a`: as `-o name` prints it. */
  name(id: string): string {
    const document = this.document(id);
    if (document !== undefined) return nameOf({ document });
    // Nobody stored it: a profile that endpoints name.
    return `${this.dialect === 'v1' ? 'profile' : 'Profile'}/${id.slice(id.indexOf(':') + 1)}`;
  }

  /** A rule as it stands in the document of its policy or profile. */
  rule({ owner, direction, index, stored }: Rule): Data {
    const spec = this.document(owner.id)?.spec as Data | undefined;
    const rules = spec?.[direction];
    const shown: unknown = Array.isArray(rules) ? rules[index] : undefined;
    return isMap(shown) ? shown : stored;
  }

  /** The document of an id, in the dialect where that can say all of it. */
  document(id: string): AnyDocument | undefined {
    const known = this.documents.get(id);
    const object = this.objects.get(id);
    if (known !== undefined || object === undefined) return known;
    const { document } = viewObject(shownKindOf(object, this.dialect), object, 'documents');
    this.documents.set(id, document);
    return document;
  }
}

/** The kind as which a dialect shows an object. */
export function shownKindOf({ kind }: StoredObject, dialect: Dialect): Kind {
  return shownKind(kindOfDocument(API_VERSION, kind) as StoredKind, dialect);
}

/** What the engine calls an object; undefined for kinds that it has no ids for. */
export function engineId({ kind, metadata: { name, namespace } }: StoredObject): string | undefined {
  switch (kind) {
    case 'WorkloadEndpoint':
      return workloadId(name, namespace);
    case 'HostEndpoint':
      return hostId(name);
    case 'GlobalNetworkSet':
    case 'NetworkSet':
      return setId(name, namespace);
    case 'GlobalNetworkPolicy':
    case 'NetworkPolicy':
      return policyId(name, namespace);
    case 'Profile':
      return profileId(name);
    default:
      return undefined;
  }
}
