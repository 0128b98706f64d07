import type { Plugin } from '../plugin.js';
import { add } from './add.js';
import { check } from './check.js';
import { del } from './del.js';
import { gc } from './gc.js';
import { status } from './status.js';

/** The plugin `calico`: interfaces of containers on the host's network (reference/network-plugin 10). */
export const network: Plugin = { add, del, check, gc, status };
