/** What the datastore says while it is used. */
export type DatastoreNotice =
  /** An answer is being waited for, since so many seconds, of so many that there are; without seconds, no longer. */
  | { readonly code: 'datastore.waiting'; readonly endpoint: string; readonly seconds?: number; readonly of: number }
  /** Of a long list, so many keys were read; of how many, where that is known. */
  | { readonly code: 'datastore.read'; readonly count: number; readonly of?: number }
  /** A name and password were given for nothing: `setting` gave them, and etcd at `endpoint` asks for none. */
  | { readonly code: 'datastore.authentication-off'; readonly endpoint: string; readonly setting: string }
  /** A watch has lost its connection and tries to make it again. Everything up to `revision` was told. */
  | { readonly code: 'datastore.watch-lost'; readonly reason: string; readonly revision: string }
  /** It is there again; what follows is every change after `revision`. */
  | { readonly code: 'datastore.watch-back'; readonly endpoint: string; readonly revision: string };
