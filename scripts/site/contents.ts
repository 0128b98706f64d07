/** A group of pages in the navigation. Files are those of the repository; what is made of declarations is named by where it comes from. */
export interface Section {
  readonly title: string;
  readonly pages: readonly string[];
  /** Pages that are made, and follow those: the manual, the kinds of a language, or the index. */
  readonly made?: 'manual' | 'v1' | 'v3' | 'index';
}

/** What the site has, in the order in which it is read. Every page of docs/ is in it. */
export const CONTENTS: readonly Section[] = [
  { title: 'First', pages: ['README.md', 'docs/install.md', 'docs/connect.md', 'docs/completion.md', 'docs/tour.md', 'docs/lab.md', 'docs/migrating-from-1.md', 'docs/migrating-from-3.md', 'docs/troubleshooting.md'] },
  { title: 'Resources', pages: ['docs/changes.md', 'docs/finding.md', 'docs/selectors.md', 'docs/templates.md', 'docs/time.md', 'docs/editors.md'] },
  { title: 'Policies', pages: ['docs/policy.md', 'docs/lint.md', 'docs/guard.md'] },
  { title: 'The network', pages: ['docs/ipam.md', 'docs/node.md', 'docs/node-agent.md', 'docs/cni.md', 'docs/docker.md', 'docs/config.md'] },
  { title: 'The datastore', pages: ['docs/contexts.md', 'docs/datastore-check.md', 'docs/backup.md'] },
  { title: 'Reference', pages: ['docs/commands.md', 'docs/kinds.md', 'docs/exit-codes.md', 'docs/differences.md', 'docs/glossary.md', 'CHANGELOG.md', 'LICENSE'], made: 'index' },
  { title: 'Commands', pages: [], made: 'manual' },
  { title: 'Classic kinds', pages: [], made: 'v1' },
  { title: 'v3 kinds', pages: [], made: 'v3' },
  { title: 'For developers', pages: ['docs/contributing.md', 'docs/layout.md', 'docs/adding-a-command.md', 'docs/adding-a-kind.md', 'docs/build.md', 'docs/releasing.md', 'docs/chaos.md'] },
];

/** Folders whose pages follow those of the last section, each below a title. */
export const FOLDERS: readonly { readonly title: string; readonly folder: string }[] = [
  { title: 'Facts', folder: 'docs/reference' },
  { title: 'Decisions', folder: 'docs/decisions' },
];

/** What the navigation calls pages whose title is long, or says nothing there. */
export const SHORT: Readonly<Record<string, string>> = {
  'README.md': 'Overview',
  'docs/migrating-from-1.md': 'From calicoctl 1.x',
  'docs/migrating-from-3.md': 'From the official 3.x',
  'docs/finding.md': 'Finding',
  'docs/lint.md': 'Lint',
  'docs/ipam.md': 'Addresses',
  'docs/node.md': 'Nodes',
  'docs/node-agent.md': "The node's agent",
  'docs/cni.md': 'Containers (CNI)',
  'docs/config.md': 'Settings',
  'docs/contexts.md': 'Contexts',
  'docs/backup.md': 'Backup and restore',
  'docs/differences.md': 'Differences',
  'docs/layout.md': 'Where things are',
  'docs/decisions/README.md': 'All decisions',
  LICENSE: 'Licence',
};
