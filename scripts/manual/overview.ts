import { GLOBAL_OPTIONS } from '../../src/cli/argv.js';
import { datastoreFlags, globalFlags, storeFlag } from '../../src/cli/flags.js';
import { topicsOf } from '../build/topics.js';
import { exampleLines, rowLines, textOf, usageBlock } from './help-text.js';
import { flagRows, HELP_ROW, type Page, type Row } from './page.js';

/** What is to be said of several commands together: of a topic such as `ipam`, or of all, whose name is ''. */
export interface Overview {
  readonly topic: string;
  readonly summary: string;
  readonly usage: readonly string[];
  readonly examples: readonly string[];
  readonly topics: readonly Row[];
  readonly commands: readonly Row[];
  readonly flags: readonly Row[];
}

/** What the tool is called with first. */
const FIRST_STEPS = ['calicoctl datastore check', 'calicoctl get nodes', 'calicoctl apply -f policy.yaml', 'calicoctl get --help'];

/** The overview of each topic and, first, of the tool. `described` says what each topic is about, by its name in package.json. */
export function overviews(pages: readonly Page[], summary: string, described: Readonly<Record<string, { readonly description: string }>>): Overview[] {
  const topics = topicsOf(pages.map(({ command }) => command));
  const summaryOf = (topic: string): string => described[topic.replaceAll(' ', ':')]?.description ?? '';
  const parent = (name: string): string => name.split(' ').slice(0, -1).join(' ');
  return ['', ...topics].map((topic) => ({
    topic,
    summary: topic === '' ? summary : summaryOf(topic),
    usage: [`${topic} COMMAND [flags]`.trim(), ...(topic === '' ? ['COMMAND --help'] : [])],
    examples: topic === '' ? FIRST_STEPS : [],
    topics: topics.filter((each) => parent(each) === topic).map((each) => ({ term: each, text: summaryOf(each) })),
    commands: pages.filter(({ command }) => parent(command) === topic).map(({ command, summary: text }) => ({ term: command, text })),
    flags: topic === '' ? leadingFlags() : [],
  }));
}

/** The flags that may also stand before the command. */
function leadingFlags(): Row[] {
  const declared = Object.entries({ ...globalFlags, ...datastoreFlags, ...storeFlag }).map(([name, flag]) => ({ ...flag, name }));
  const shown = declared.filter(({ name, hidden }) => hidden !== true && GLOBAL_OPTIONS.some((option) => option.name === name));
  return [...flagRows('calicoctl', shown.sort((a, b) => (a.name < b.name ? -1 : 1))), HELP_ROW, { term: '-v, --version', text: 'show the version' }];
}

/** The help text of an overview, for a width. */
export function overviewText({ summary, usage, examples, topics, commands, flags }: Overview, width: number): string {
  return textOf(summary, width, [
    usageBlock(usage, width),
    { title: 'EXAMPLES', lines: exampleLines(examples, width) },
    { title: 'COMMANDS', lines: rowLines(commands, width) },
    { title: 'GROUPS OF COMMANDS', lines: rowLines(topics, width) },
    { title: 'GLOBAL FLAGS', lines: rowLines(flags, width) },
  ]);
}
