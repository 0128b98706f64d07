import type { Family } from '../peer-name.js';
import { aggregationFile } from './aggregation-file.js';
import { exportFile } from './export-file.js';
import { birdFacts, type BirdFacts, type BirdObjects, type BirdSettings } from './facts.js';
import { mainFile } from './main-file.js';
import { NotForBird } from './text.js';

/** The files of one family. */
export interface BirdFiles {
  /** The file that BIRD is started with; it includes the others. */
  readonly main: string;
  /** The texts by the names of the files, the main one last. */
  readonly texts: ReadonlyMap<string, string>;
  /** Whether the main file holds passwords. */
  readonly isSecret: boolean;
}

/** What became of the objects. */
export interface RenderedBird {
  /** The files of each family, or why there can be none. */
  readonly families: Readonly<Record<Family, BirdFiles | { readonly problem: string }>>;
  /** What an operator should know. */
  readonly remarks: readonly string[];
}

const HEADER = '# Made from the datastore by the agent of the node; what is changed here is lost.';
const NAMES: Readonly<Record<Family, string>> = { 4: 'bird', 6: 'bird6' };

/** Makes the six files of BIRD (reference/bird 1), or undefined where the node is not stored. */
export function renderBird(objects: BirdObjects, settings: BirdSettings): RenderedBird | undefined {
  const remarks = new Set<string>();
  const facts = birdFacts(objects, settings, (text) => remarks.add(text));
  if (facts === undefined) return undefined;
  const families = { 4: filesOf(facts[4]), 6: filesOf(facts[6]) };
  return { families, remarks: [...remarks] };
}

function filesOf(facts: BirdFacts): BirdFiles | { readonly problem: string } {
  const name = NAMES[facts.family];
  const [aggregation, exports, main] = [`${name}_aggr.cfg`, `${name}_ipam.cfg`, `${name}.cfg`];
  try {
    const texts = { [aggregation]: aggregationFile(facts), [exports]: exportFile(facts), [main]: mainFile(facts, [aggregation, exports]) };
    return { main, isSecret: texts[main]?.some((line) => /^ *password /.test(line)) === true, texts: new Map(Object.entries(texts).map(([file, lines]) => [file, [HEADER, '', ...lines, ''].join('\n')])) };
  } catch (error) {
    if (error instanceof NotForBird) return { problem: error.message };
    throw error;
  }
}
