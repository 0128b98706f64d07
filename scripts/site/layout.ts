import { escaped } from './html.js';
import { wayTo, type SitePage } from './page.js';

/** Pages below a title of the navigation. */
export interface Group {
  readonly title: string;
  readonly pages: readonly SitePage[];
}

/** Long groups are closed where the page is not one of theirs. */
const LONG = 12;

/** A page as a file: it needs no server, no script and nothing from elsewhere. */
export function laidOut(page: SitePage, groups: readonly Group[]): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(page.title === 'calicoctl' ? 'calicoctl' : `${page.title} - calicoctl`)}</title>
<link rel="stylesheet" href="${wayTo(page.path, 'style.css')}">
</head>
<body>
<a class="skip" href="#content">To the content</a>
<header><a href="${wayTo(page.path, 'index.html')}">calicoctl</a> <a class="to-pages" href="#pages">Pages</a></header>
<nav id="pages" aria-label="Pages">
${groups.map((group) => groupHtml(group, page)).join('')}</nav>
<main id="content">
${page.body}</main>
</body>
</html>
`;
}

function groupHtml({ title, pages }: Group, here: SitePage): string {
  const items = pages.map((page) => `<li><a href="${wayTo(here.path, page.path)}"${page === here ? ' aria-current="page"' : ''}>${escaped(page.short ?? page.title)}</a></li>\n`).join('');
  const open = pages.length < LONG || pages.includes(here);
  return `<details${open ? ' open' : ''}><summary>${escaped(title)}</summary>\n<ul>\n${items}</ul></details>\n`;
}
