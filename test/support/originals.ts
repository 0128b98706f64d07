import { asWritten, type Original } from '../../src/changes/edit/read-edited.js';
import type { Store } from '../../src/datastore/store.js';
import { storedTarget } from '../../src/objects/target.js';
import { viewObject } from '../../src/objects/view.js';
import { keyOf } from '../../src/resources/keys.js';
import type { StoredObject } from '../../src/resources/kind.js';
import { decodeStored } from '../../src/resources/stored-value.js';
import { globalNetworkPolicy } from '../../src/resources/v3/global-network-policy.js';

/** Global network policies as somebody begins to edit them. */
export function originalPolicies(store: Store, names: readonly string[]): Promise<readonly Original[]> {
  return Promise.all(
    names.map(async (name) => {
      const object = decodeStored(globalNetworkPolicy, (await store.get(keyOf(globalNetworkPolicy, name)))!) as StoredObject;
      return { target: storedTarget(globalNetworkPolicy, object), remark: '', base: asWritten(viewObject(globalNetworkPolicy, object, 'documents').document) };
    }),
  );
}
