/** A command of ours that repairs something. */
export interface Remedy {
  readonly verb: 'assign' | 'configure' | 'release' | 'repair';
  /** Options with their values, such as `['ip', '10.0.0.1']`. */
  readonly options: readonly (readonly [name: string, value: string])[];
  /** Set where the command refuses without it. */
  readonly force?: true;
}

/** Options that may be given several times, by the commands that take them. */
const REPEATABLE: Readonly<Partial<Record<Remedy['verb'], readonly string[]>>> = { release: ['ip', 'handle'], repair: ['block', 'handle', 'key'] };

export function releaseBy(option: 'ip' | 'handle' | 'node', value: string): readonly [Remedy] {
  return [{ verb: 'release', options: [[option, value]] }];
}

export function repairOf(option: 'block' | 'handle' | 'key' | 'finding', value: string): readonly [Remedy] {
  return [{ verb: 'repair', options: [[option, value]] }];
}

/** One command that does what several do; undefined where there is none. */
export function together(remedies: readonly Remedy[]): Remedy | undefined {
  const [first] = remedies;
  if (first === undefined) return undefined;
  const options = new Map(remedies.flatMap(({ options: all }) => all).map((option) => [JSON.stringify(option), option]));
  if (options.size === first.options.length) return first;
  const repeatable = REPEATABLE[first.verb] ?? [];
  const fits = remedies.every(({ verb, options: all }) => verb === first.verb && all.every(([name]) => repeatable.includes(name) && name === first.options[0]![0]));
  return fits ? { verb: first.verb, options: [...options.values()] } : undefined;
}
