/** The word by which the scripts of shells ask for completion; also the name of the bundle of what is looked up, and of its code cache. */
export const COMPLETE = '__complete';

/** What completion knows of the commands: the build makes it of their classes, into `completion.json` (docs/completion.md). */
export interface CompletionFacts {
  /** By name, written with spaces: `ipam show`. */
  readonly commands: Readonly<Record<string, CommandFacts>>;
  /** What each folder of commands is for. */
  readonly topics: Readonly<Record<string, string>>;
  /** Flags that may stand before the command too, and those of calicoctl itself. */
  readonly globals: readonly FlagFacts[];
  /** Words that stand for a value in help, with what may be written for them. */
  readonly lists: Readonly<Record<string, readonly string[]>>;
}

export interface CommandFacts {
  readonly about: string;
  /** Hidden ones too: a line that has one has to be understood. */
  readonly flags: readonly FlagFacts[];
  /** What stands for each argument in help: `KIND`, or the words that are allowed. */
  readonly args: readonly string[];
  /** Whether more words may follow. */
  readonly more?: true;
}

export interface FlagFacts {
  readonly name: string;
  readonly char?: string;
  /** Other spellings, of one letter too. */
  readonly aliases?: readonly string[];
  /** What stands for its value in help (`FILE`, `json|FILE`); absent of a switch. */
  readonly value?: string;
  readonly repeatable?: true;
  /** The flags that it does not go with. */
  readonly excludes?: readonly string[];
  readonly hidden?: true;
  readonly about?: string;
}

/** What may be written next, whole: `--output=json`, `policy/web`. */
export interface Candidate {
  readonly word: string;
  readonly about?: string | undefined;
  /** Whether it is only a beginning, after which no space is wanted: `jsonpath=`. */
  readonly open?: boolean;
}

/** Words for values that are looked up: kinds and settings in the tool, names in the store, the file of contexts or the labs of this machine. */
export const LOOK_UP_WORDS = ['KIND', 'RESOURCE', 'FIELD', 'SETTING', 'VALUE', 'CONTEXT', 'NODE', 'NAMESPACE', 'POLICY', 'POOL', 'CIDR', 'HANDLE', 'BLOCK', 'ENDPOINT', 'END', 'COMMAND', 'WHEN', 'LAB', 'PLACE', 'FROM', 'TO'] as const;

export type LookUpWord = (typeof LOOK_UP_WORDS)[number];

/** Whether a word for a value is one of them. */
export function isLookUpWord(word: string): word is LookUpWord {
  return (LOOK_UP_WORDS as readonly string[]).includes(word);
}

/** Something to be looked up: what stands for it in help, and the line that it stands in. */
export interface LookUp {
  readonly word: LookUpWord;
  /** What is written already of the word, before the part that is looked up and in it. */
  readonly lead: string;
  readonly typed: string;
  readonly command: string;
  /** The words of the line that are neither command nor flag. */
  readonly words: readonly string[];
  readonly flags: ReadonlyMap<string, readonly string[]>;
}

/** What may come next. */
export interface Answer {
  readonly candidates: readonly Candidate[];
  /** A path is wanted, behind so many characters of the word. */
  readonly paths?: { readonly of: 'files' | 'directories'; readonly lead: number };
  readonly lookUps: readonly LookUp[];
}

/** Names of this many things are shown; more are none that anybody reads. */
export const MOST_CANDIDATES = 10_000;
