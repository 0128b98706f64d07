import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TABLE_FILE, tableText } from './build/wire-table.js';

/** Writes the table of etcd's messages anew, after etcd3 was changed for another release. */
writeFileSync(join(import.meta.dirname, '..', TABLE_FILE), tableText());
