/** What the datastore says while it is used. */
export interface DatastoreNotice {
  /** A name and password were given for nothing: `setting` gave them, and etcd at `endpoint` asks for none. */
  readonly code: 'datastore.authentication-off';
  readonly endpoint: string;
  readonly setting: string;
}
