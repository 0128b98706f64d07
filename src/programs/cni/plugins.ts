import type { Plugin } from '../../cni/plugin.js';

/** The plugins by name. Each is loaded when it is called. */
export const PLUGINS: Readonly<Record<string, () => Promise<Plugin>>> = {
  calico: async () => (await import('../../cni/network/plugin.js')).network,
  'calico-ipam': async () => (await import('../../cni/ipam/plugin.js')).ipam,
};
