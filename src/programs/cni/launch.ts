import { loadBundle } from '../calicoctl/bundle.js';
import { cacheOf, type PluginsBundle } from './plugins-bundle.js';

/** What a container runtime starts: loads the plugins with what V8 compiled of them at an earlier call of the same command. */
void loadBundle<PluginsBundle>('cni', cacheOf(process.env['CNI_COMMAND'])).run(process.argv);
