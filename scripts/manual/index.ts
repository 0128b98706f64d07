import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Manifest } from '../build/manifest.js';
import { commandManual, overviewManual } from './command-manual.js';
import { conceptsManual } from './concepts-manual.js';
import { prose, type ManualPage } from './manual-page.js';
import { overviews } from './overview.js';
import { pageOf } from './page.js';
import { roffOf } from './roff.js';
import { settingsManual } from './settings-manual.js';

/** What the manual takes from package.json. */
export interface ProjectFacts {
  readonly version: string;
  readonly oclif: { readonly description: string; readonly topics: Readonly<Record<string, { readonly description: string }>> };
}

const ABOUT = {
  title: 'DESCRIPTION',
  parts: [prose(
    'calicoctl shows and changes what a Calico network has in etcd: policies, pools, nodes, peers and endpoints, in the classic language and in v3; address management; settings; and the Calico container of this host. It tells which policy decides a flow, and what would change before anything does.',
    'A configuration file (calicoctl.cfg(5)), a context (calicoctl-context-add(1)) or the environment says how etcd is reached. calicoctl(7) explains dialects, kinds, selectors, exit codes and variables. The global flags may also stand before the command.',
  )],
};

/** Every manual page: one for each command and topic, the tool's own, what all have in common, and the configuration file. `root` is the folder of the project. */
export function manualPages(manifest: Manifest, { oclif }: ProjectFacts, root: string): readonly ManualPage[] {
  const pages = Object.values(manifest.commands).map(pageOf);
  return [
    ...overviews(pages, oclif.description, oclif.topics).map((each) => overviewManual(each, each.topic === '' ? [ABOUT] : [])),
    ...pages.map((page) => commandManual(page, pages)),
    settingsManual(),
    conceptsManual(readFileSync(join(root, 'docs/exit-codes.md'), 'utf8')),
  ];
}

/** Writes the manual into a folder as man(1) reads it: `man1/calicoctl-get.1`. The same sources give the same bytes. */
export function writeManual(manifest: Manifest, facts: ProjectFacts, { root, folder }: { readonly root: string; readonly folder: string }): void {
  const edition = { version: facts.version, date: dateOf(readFileSync(join(root, 'CHANGELOG.md'), 'utf8'), process.env['SOURCE_DATE_EPOCH']) };
  for (const page of manualPages(manifest, facts, root)) {
    mkdirSync(join(folder, `man${page.section}`), { recursive: true });
    writeFileSync(join(folder, `man${page.section}`, `${page.name}.${page.section}`), roffOf(page, edition));
  }
}

/** The date of the pages: SOURCE_DATE_EPOCH (reproducible-builds.org), else that of the newest release in the changelog, else none. */
export function dateOf(changelog: string, epoch: string | undefined): string {
  if (epoch !== undefined && /^\d+$/.test(epoch)) return new Date(Number(epoch) * 1000).toISOString().slice(0, 10);
  return /^## \[[^\]]+\] - (\d{4}-\d{2}-\d{2})$/m.exec(changelog)?.[1] ?? '';
}
