/** The Calico release whose keys, values and reports this tool reads and writes. */
export const CALICO_VERSION = 'v3.32.1';
