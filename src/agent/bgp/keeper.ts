import { join } from 'node:path';
import { renderBird, type BirdFiles } from '../../bgp/bird/files.js';
import type { BirdSettings } from '../../bgp/bird/facts.js';
import { birdObjects } from '../../bgp/bird/stored-objects.js';
import { SOCKET_NAMES } from '../../bgp/local-status.js';
import type { LocalWorkload } from '../../bgp/network.js';
import type { Family } from '../../bgp/peer-name.js';
import type { Entry } from '../../datastore/store.js';
import { runProgram } from '../../host/program.js';
import type { Log } from '../../text/log.js';
import { installFiles } from './install.js';
import { reconfigure } from './reconfigure.js';

/** Where things are on a node. */
export interface BgpPaths {
  /** The folder of BIRD's files. */
  readonly configuration: string;
  /** The folder of the status files of endpoints. */
  readonly statuses: string;
  /** The folder of BIRD's control sockets. */
  readonly sockets: string;
}

export interface KeeperParts {
  readonly paths: BgpPaths;
  readonly settings: BirdSettings;
  readonly log: Log;
}

const FAMILIES = [4, 6] as const;
const PROGRAMS: Readonly<Record<Family, string>> = { 4: 'bird', 6: 'bird6' };
/** How BIRD names what only Calico's own BIRD knows. */
const UNKNOWN_TO_DEBIAN = /You may set only variables/;

/** Keeps BIRD's files as the store has it, and BIRD up to date with them. */
export class BirdKeeper {
  /** What was said of each matter last, so that it is said once and not at every change. */
  private readonly said = new Map<string, string>();
  /** BIRDs that may not have read their files since these changed: who wrote them before us may have come no further. */
  private readonly behind = new Set<Family>(FAMILIES);

  constructor(private readonly parts: KeeperParts) {}

  /** Makes the files, and puts those in place that are new. Returns whether all of them are as the store has it. */
  async update(entries: readonly Entry[], workloads: readonly LocalWorkload[]): Promise<boolean> {
    const { settings, log } = this.parts;
    const unreadable: string[] = [];
    const rendered = renderBird(birdObjects(settings.node, entries, workloads, (text) => unreadable.push(text)), settings);
    if (rendered === undefined) {
      this.say('node', `the Node ${settings.node} is not stored yet, and without it there is nothing to tell BIRD`, (text) => log.warning(text));
      return false;
    }
    this.say('node', undefined);
    this.sayRemarks([...unreadable, ...rendered.remarks]);
    const done = await Promise.all(FAMILIES.map((family) => this.keep(family, rendered.families[family])));
    return done.every(Boolean);
  }

  /** Tells the BIRDs that are behind to read their files. Returns whether none is left. */
  async tellBirds(): Promise<boolean> {
    await Promise.all([...this.behind].map((family) => this.tell(family)));
    return this.behind.size === 0;
  }

  /** All BIRDs are to be told again. */
  forgetTold(): void {
    for (const family of FAMILIES) this.behind.add(family);
  }

  private async keep(family: Family, files: BirdFiles | { readonly problem: string }): Promise<boolean> {
    const { paths, log } = this.parts;
    const matter = `files of IPv${family}`;
    if ('problem' in files) return this.refused(matter, files.problem);
    try {
      const installed = await installFiles(paths.configuration, files, PROGRAMS[family], runProgram);
      if (typeof installed === 'object') return this.refused(matter, `${PROGRAMS[family]} refuses ${files.main}: ${installed.refused}${hintFor(installed.refused, files)}`);
      this.say(matter, undefined);
      if (installed === 'installed') {
        log.info(`${files.main} is new`);
        this.behind.add(family);
      }
      return true;
    } catch (error) {
      if (!isSystemError(error)) throw error;
      return this.refused(matter, `${files.main} cannot be written: ${error.message}`);
    }
  }

  private refused(matter: string, text: string): false {
    this.say(matter, `${text}. The ${matter} stay as they were`, (line) => this.parts.log.error(line));
    return false;
  }

  private async tell(family: Family): Promise<void> {
    const { paths, log } = this.parts;
    const name = PROGRAMS[family];
    const outcome = await reconfigure(join(paths.sockets, SOCKET_NAMES[family]));
    if (outcome === 'not running') {
      this.say(name, `${name} does not run yet; it will be told of its files`, (text) => log.info(text));
      return;
    }
    if (outcome === 'done') {
      this.behind.delete(family);
      this.say(name, undefined);
      log.info(`${name} reads its files again`);
      return;
    }
    this.say(name, `${name} did not take its new files: ${outcome.problem}`, (text) => log.error(text));
  }

  private sayRemarks(remarks: readonly string[]): void {
    for (const text of remarks) this.say(`remark ${text}`, text, (line) => this.parts.log.warning(line));
    for (const matter of [...this.said.keys()]) if (matter.startsWith('remark ') && !remarks.includes(matter.slice('remark '.length))) this.said.delete(matter);
  }

  /** Says something of a matter unless it was said last; without a text there is nothing more to say of it. */
  private say(matter: string, text: string | undefined, to: (text: string) => void = () => undefined): void {
    if (text === undefined) this.said.delete(matter);
    else if (this.said.get(matter) !== text) {
      this.said.set(matter, text);
      to(text);
    }
  }
}

/** What to do about what BIRD says, where that follows. */
function hintFor(refused: string, files: BirdFiles): string {
  if (UNKNOWN_TO_DEBIAN.test(refused)) return '; pools with IPIP need the BIRD of Calico, or programClusterRoutes: Disabled in BGPConfiguration default, so that the dataplane makes their routes';
  return /^router id ;$/m.test(files.texts.get(files.main) ?? '') ? '; a node without an IPv4 address needs CALICO_ROUTER_ID, an identifier in the form of one, or hash' : '';
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && typeof error.code === 'string';
}
