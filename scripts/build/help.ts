import { helpText } from '../manual/help-text.js';
import { overviews, overviewText } from '../manual/overview.js';
import { pageOf } from '../manual/page.js';
import type { Manifest } from './manifest.js';

interface Facts {
  readonly oclif: { readonly description: string; readonly topics: Readonly<Record<string, { readonly description: string }>> };
}

/** Every help text as `--help` prints it at a width: by command or topic, written with spaces; '' is the tool's own. */
export function renderHelp(manifest: Manifest, { oclif }: Facts, width: number): Record<string, string> {
  const commands = Object.values(manifest.commands);
  const pages = commands.map(pageOf);
  const texts: Record<string, string> = {};
  for (const overview of overviews(pages, oclif.description, oclif.topics)) texts[overview.topic] = overviewText(overview, width);
  for (const [at, page] of pages.entries()) {
    const text = helpText(page, width);
    for (const name of [page.command, ...(commands[at]?.aliases ?? [])]) texts[name.replaceAll(':', ' ')] = text;
  }
  return texts;
}
