import { Args } from '@oclif/core';
import { selectionsOf, type Selection } from '../objects/selection.js';
import type { IdentityFlags } from '../cli/identifiers.js';
import { readWatched } from '../cli/watched.js';
import Get from './get.js';

export default class Watch extends Get {
  static override summary = 'Show resources, and each change when it happens.';
  static override description = 'Shows what is there (PRESENT), then a line for each change (ADDED, MODIFIED, DELETED) with its revision, in order, until Ctrl-C (exit code 130). Without a kind, everything that is stored. -o json prints one object in a line, -o yaml one document, with type, revision and object; -o name prints type, revision and KIND/NAME; a template is carried out for each of them and has config "event" and config "revision". A lost connection is made again, with any endpoint, and nothing is lost or told twice; where compaction took revisions meanwhile, they are named (type UNKNOWN, from, to), and what is different after them follows.';
  static override examples = [
    '<%= config.bin %> watch policy',
    '<%= config.bin %> watch node,bgpPeer -o json',
    '<%= config.bin %> watch',
    '<%= config.bin %> --dialect v3 watch networkpolicy -A',
    '<%= config.bin %> watch workloadEndpoint --node host1 -o name',
  ];
  static override args = { kind: Args.string({ description: 'resource kinds, such as node or ipPool', ignoreStdin: true }) };
  static override usage = ['watch [KIND...] [flags]', 'watch KIND NAME... [flags]', 'watch KIND/NAME... [flags]', 'watch -f FILE... [flags]'];
  // oclif looks for them in the class itself and the next one above it.
  static override baseFlags = Get.baseFlags;
  static override flags = {
    ...Get.flags,
    export: { ...Get.flags.export, hidden: true },
    'with-revision': { ...Get.flags['with-revision'], hidden: true },
    watch: { ...Get.flags.watch, hidden: true },
    store: { ...Get.flags.store, hidden: true },
    at: { ...Get.flags.at, hidden: true },
    timeout: { ...Get.flags.timeout, description: 'time limit for the first answer of etcd, such as 10s or 2m; a watch that has begun goes on' },
  };

  protected override readonly isWatch = true;

  protected override named(words: readonly string[], given: IdentityFlags): readonly Selection[] {
    return selectionsOf(readWatched(words, this.dialect, given), given['all-namespaces'] === true || (words.length === 0 && (given.namespace ?? given.n) === undefined));
  }
}
