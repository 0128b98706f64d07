import { Refusal } from './refusal.js';

/** The folders that commands are in, by names as they are typed: `datastore` and `datastore migrate` of `datastore migrate lock`. */
export function topicsOf(commands: readonly string[]): string[] {
  return [...new Set(commands.flatMap((name) => name.split(' ').map((_, at, words) => words.slice(0, at).join(' '))))].filter((topic) => topic !== '');
}

/** Throws Refusal where a folder of commands has no description in package.json, and where one is described that is not there. */
export function checkTopics(commands: readonly string[], described: Readonly<Record<string, { readonly description?: string }>>): void {
  const topics = topicsOf(commands);
  const keyOf = (topic: string): string => topic.replaceAll(' ', ':');
  const silent = topics.find((topic) => !described[keyOf(topic)]?.description);
  if (silent !== undefined) throw new Refusal(`package.json: oclif.topics has no description of "${keyOf(silent)}", which src/commands/${silent.replaceAll(' ', '/')} makes a topic`);
  const gone = Object.keys(described).find((key) => !topics.map(keyOf).includes(key));
  if (gone !== undefined) throw new Refusal(`package.json: oclif.topics describes "${gone}", and src/commands/${gone.replaceAll(':', '/')} has no command`);
}
