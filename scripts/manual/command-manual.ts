import { lines, manualName, prose, rows, seeAlso, type ManualPage, type ManualSection, type Part } from './manual-page.js';
import type { Overview } from './overview.js';
import type { Page, RowSection } from './page.js';
import { wrappedCommand } from './wrap.js';

/** What fits a terminal of 80 columns beside the margin of man(1). */
const WIDTH = 70;

/** The manual page of a command: what its help text says, and all of its examples. */
export function commandManual(page: Page, neighbours: readonly Page[]): ManualPage {
  const topic = page.command.split(' ').slice(0, -1).join(' ');
  return {
    name: manualName(page.command),
    section: 1,
    summary: page.summary,
    synopsis: page.usage.map((each) => `calicoctl ${each}`),
    sections: [
      ...section('DESCRIPTION', page.description.length === 0 ? [prose(page.summary)] : [prose(...page.description)]),
      ...section('ARGUMENTS', page.args.length === 0 ? [] : [rows(page.args)]),
      ...page.flags.map(flagSection),
      ...page.lists.map(({ title, paragraphs }) => ({ title, parts: [prose(...paragraphs)] })),
      ...page.commonFlags.map(flagSection),
      ...section('EXAMPLES', page.examples.map((each) => lines(...each.split('\n').flatMap((line) => wrappedCommand(`$ ${line}`, WIDTH, 0))))),
      ...section('EXIT STATUS', [prose('0 on success; calicoctl(7) has the other codes.')]),
      seeAlso([...neighbours.filter((each) => each !== page && topic !== '' && each.command.startsWith(`${topic} `)).map(({ command }) => `${manualName(command)}(1)`), 'calicoctl(1)', 'calicoctl(7)', 'calicoctl.cfg(5)']),
    ],
  };
}

/** The manual page of a topic, or of the tool itself, which has more to say: `about`. */
export function overviewManual(overview: Overview, about: readonly ManualSection[] = []): ManualPage {
  const { topic, summary, usage, topics, commands, flags, examples } = overview;
  const listed = (all: Overview['commands']): Part[] => (all.length === 0 ? [] : [rows(all.map(({ term, text }) => ({ term: `${manualName(term)}(1)`, text })))]);
  return {
    name: manualName(topic),
    section: 1,
    summary,
    synopsis: usage.map((each) => `calicoctl ${each}`),
    sections: [
      ...about,
      ...section('COMMANDS', listed(commands)),
      ...section('GROUPS OF COMMANDS', listed(topics)),
      ...section('GLOBAL FLAGS', flags.length === 0 ? [] : [rows(flags)]),
      ...section('EXAMPLES', examples.map((each) => lines(`$ ${each}`))),
      seeAlso([...(topic === '' ? [] : ['calicoctl(1)']), 'calicoctl(7)', 'calicoctl.cfg(5)']),
    ],
  };
}

function flagSection({ title, rows: flags }: RowSection): ManualSection {
  return { title, parts: [rows(flags)] };
}

/** A section, where there is something in it. */
function section(title: string, parts: readonly Part[]): readonly ManualSection[] {
  return parts.length === 0 ? [] : [{ title, parts }];
}
