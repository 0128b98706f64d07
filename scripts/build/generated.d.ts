/** A module that exists only in the bundle (patches.ts). */
declare module 'calicoctl:proto-table' {
  const table: import('./runtime/codec.js').ProtoTable;
  export default table;
}
