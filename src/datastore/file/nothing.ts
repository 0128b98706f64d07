import type { EntryFile } from './entry-file.js';

/** A store without any entry, which manifests are laid over that are looked at by themselves. */
export const nothing: EntryFile = {
  name: 'an empty store',
  revision: '0',
  between: () => [],
  close: () => undefined,
};
