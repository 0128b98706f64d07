import table from 'calicoctl:proto-table';
import { packageDefinition } from './services.js';

/** Takes the place of `@grpc/proto-loader`, which etcd3 calls at import for its own .proto file: nothing is parsed at run time. */
export function loadSync(): object {
  return packageDefinition(table);
}
