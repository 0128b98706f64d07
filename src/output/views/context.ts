import type { Context, Contexts } from '../../config/contexts.js';
import type { ResolvedSettings } from '../../config/resolve.js';
import { namePem, type PemSource } from '../../config/settings.js';
import type { Source } from '../../config/source.js';
import type { Column } from '../../resources/column.js';

/** What `context list` shows of each. */
interface ListedContext {
  readonly current: boolean;
  readonly name: string;
  readonly endpoints: string;
  readonly user: string | null;
  readonly dialect: string | null;
}

/** The columns of `context list`. */
export const CONTEXT_COLUMNS: readonly Column<ListedContext>[] = [
  { heading: 'CURRENT', cell: ({ current }) => (current ? '*' : '') },
  { heading: 'NAME', cell: ({ name }) => name },
  { heading: 'ENDPOINTS', cell: ({ endpoints }) => endpoints },
  { heading: 'USER', cell: ({ user }) => user ?? '' },
  { heading: 'DIALECT', cell: ({ dialect }) => dialect ?? '' },
];

/** Contexts as `context list` shows them. */
export function listedContexts({ current, contexts }: Contexts): readonly ListedContext[] {
  return contexts.map((context) => ({ current: context.name === current, name: context.name, endpoints: whereOf(context), user: context.found.etcdUsername?.text ?? null, dialect: context.dialect ?? null }));
}

function whereOf({ found: { etcdEndpoints, etcdDiscoverySrv, etcdAuthority } }: Context): string {
  return etcdEndpoints?.text ?? etcdAuthority?.text ?? (etcdDiscoverySrv === undefined ? '' : `SRV records of ${etcdDiscoverySrv.text}`);
}

/** What is in effect, as data: passwords and keys are not part of it. */
export function settingsData({ settings, journal, source, warnings, leftAside }: ResolvedSettings, dialect: 'v1' | 'v3'): object {
  const { endpoints, endpointsOrigin, discovery, user, authority, client } = settings;
  return {
    context: source.kind === 'context' ? source.name : null,
    source: sourceText(source),
    endpoints,
    endpointsFrom: endpointsOrigin,
    discovery: discovery?.domain ?? null,
    user: user?.name ?? null,
    authority: nameOf(authority),
    certificate: nameOf(client?.certificate),
    key: nameOf(client?.key),
    dialect,
    journal,
    ignored: leftAside,
    warnings,
  };
}

/** The same for a person: a line for each setting that there is. */
export function settingsText({ settings, journal, source, leftAside }: ResolvedSettings, dialect: 'v1' | 'v3'): string {
  const { endpoints, endpointsOrigin, discovery, user, authority, client } = settings;
  const rows: readonly (readonly [string, string | null | undefined])[] = [
    ['Context', source.kind === 'context' ? source.name : undefined],
    ['Settings', sourceText(source)],
    ['Etcd', `${discovery === undefined ? endpoints.join(', ') : `the SRV records of ${discovery.domain}`} (${endpointsOrigin})`],
    ['User', user && `${user.name}, with a password`],
    ['Authority', nameOf(authority)],
    ['Certificate', nameOf(client?.certificate)],
    ['Key', nameOf(client?.key)],
    ['Dialect', dialect],
    ['Journal', journal ? 'on' : undefined],
    ...leftAside.map((line) => ['Ignored', line] as const),
  ];
  return rows.flatMap(([title, text]) => (text === undefined || text === null ? [] : [`${`${title}:`.padEnd(13)}${text}\n`])).join('');
}

function nameOf(pem: PemSource | undefined): string | null {
  return pem === undefined ? null : namePem(pem);
}

function sourceText(source: Source): string {
  switch (source.kind) {
    case 'context':
      return `${source.path}, ${{ flag: 'by --context', environment: 'by CALICOCTL_CONTEXT', 'in use': 'in use' }[source.by]}`;
    case 'file':
      return source.path;
    case 'environment':
      return 'the environment';
    case 'default':
      return 'none: the default';
  }
}
