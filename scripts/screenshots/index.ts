import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../support/calicoctl.js';
import { ensurePrograms } from '../support/programs.js';
import { takeScreenshots } from './take.js';

/** `npm run screenshots`: makes the pictures in docs/images anew. */
ensurePrograms({ etcd: 'etcd-server', etcdctl: 'etcd-client' });
const folder = join(ROOT, 'docs/images');
mkdirSync(folder, { recursive: true });
for (const [name, picture] of await takeScreenshots()) {
  writeFileSync(join(folder, `${name}.svg`), picture);
  console.log(`docs/images/${name}.svg`);
}
