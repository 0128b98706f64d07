import { topicsOf } from '../build/topics.js';
import { manualName, type ManualPage, type Part } from '../manual/manual-page.js';
import { block, code, escaped, heading, sentence } from './html.js';
import { wayTo, type SitePage } from './page.js';

/** Where a manual page is: `calicoctl-get(1)` in manual/calicoctl-get.1.html. */
export function manualPath({ name, section }: Pick<ManualPage, 'name' | 'section'>): string {
  return `manual/${name}.${section}.html`;
}

/** The manual as pages of the site: those of calicoctl and of what commands share first. `commands` are all names of commands. */
export function manualSitePages(manual: readonly ManualPage[], commands: readonly string[]): readonly SitePage[] {
  const typed = new Map(['', ...topicsOf(commands), ...commands].map((command) => [manualName(command), command]));
  const named = new Map(manual.map((page) => [`${page.name}(${page.section})`, { page, short: (page.section === 1 ? typed.get(page.name) : undefined) ?? '' }]));
  const titleOf = (name: string): string => (name.endsWith('(1)') ? `calicoctl ${named.get(name)?.short ?? ''}`.trimEnd() : name);
  const link = (from: ManualPage, name: string): string | undefined => {
    const other = named.get(name);
    return other && `<a href="${wayTo(manualPath(from), manualPath(other.page))}">${escaped(titleOf(name))}</a>`;
  };
  const order = Array.from(named).sort(([a, { page: first }], [b, { page: second }]) => rank(first) - rank(second) || (a < b ? -1 : 1));
  return order.map(([name, { page, short }]) => ({ path: manualPath(page), title: titleOf(name), short: short === '' ? titleOf(name) : short, body: bodyOf(page, titleOf(name), (other) => link(page, other)) }));
}

/** calicoctl(1) comes first, then what commands share, then each command. */
function rank({ name, section }: ManualPage): number {
  return section !== 1 ? 1 : name === 'calicoctl' ? 0 : 2;
}

function bodyOf(page: ManualPage, title: string, linkTo: (name: string) => string | undefined): string {
  const text = (words: string): string => words.split(/(\bcalicoctl[\w.-]*\(\d\))/).map((piece) => linkTo(piece) ?? sentence(piece)).join('');
  return [
    `<h1>${escaped(title)}</h1>\n<p>${text(page.summary)}</p>\n`,
    page.synopsis.length === 0 ? '' : block(page.synopsis.join('\n')),
    ...page.sections.map((section) => heading(2, section.title.toLowerCase().replaceAll(/\W+/g, '-'), escaped(capitalised(section.title))) + section.parts.map((part) => partHtml(part, text)).join('')),
  ].join('');
}

function partHtml(part: Part, text: (words: string) => string): string {
  switch (part.kind) {
    case 'prose':
      return part.paragraphs.map((each) => `<p>${text(each)}</p>\n`).join('');
    case 'rows':
      return `<dl>\n${part.rows.map(({ term, text: about }) => `<dt>${/\(\d\)$/.test(term) ? text(term) : code(term)}</dt>\n<dd>${text(about)}</dd>\n`).join('')}</dl>\n`;
    case 'lines':
      return block(part.lines.join('\n'));
  }
}

/** `EXIT STATUS` as a heading among others. */
function capitalised(title: string): string {
  return title.charAt(0) + title.slice(1).toLowerCase();
}
