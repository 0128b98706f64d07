import { apiResources, type ApiResource } from '../../src/objects/api-resources.js';
import { explainPath, type Explained } from '../../src/objects/explain.js';
import { goYaml } from '../../src/go/yaml.js';
import type { Dialect, Kind } from '../../src/resources/kind.js';
import { CLASSIC_KINDS, STORED_KINDS } from '../../src/resources/registry.js';
import { block, code, escaped, heading, sentence } from './html.js';
import { wayTo, type SitePage } from './page.js';

/** Where the page of a kind is. */
export function kindPath({ dialect, kind }: Pick<Kind, 'dialect' | 'kind'>): string {
  return `${dialect === 'v1' ? 'classic' : 'v3'}/${kind}.html`;
}

/** A page for each kind of a language: every field with what `calicoctl explain` says of it. */
export function kindPages(dialect: Dialect): readonly SitePage[] {
  const resources = apiResources();
  const kinds: readonly Kind[] = dialect === 'v1' ? CLASSIC_KINDS : STORED_KINDS;
  return kinds.map((kind) => {
    const resource = resources.find((each) => each.kind === kind.kind && each.dialect === dialect) as ApiResource;
    const title = dialect === 'v1' ? `${kind.kind} (classic)` : kind.kind;
    return { path: kindPath(kind), title, short: kind.kind, body: bodyOf(kind, resource, title) };
  });
}

function bodyOf(kind: Kind, resource: ApiResource, title: string): string {
  const { help, example, fields = [] } = explainPath(kind, [], Infinity);
  return [
    `<h1>${escaped(title)}</h1>\n<p>${sentence(help)}</p>\n`,
    factsOf(kind, resource),
    heading(2, 'example', 'Example'),
    block(goYaml(example as object).trimEnd()),
    heading(2, 'fields', 'Fields'),
    `<p>Type, default, allowed values and an example of each, as <code>calicoctl explain</code> has them. Fields of lists are named like those of maps.</p>\n`,
    listOf(fields),
  ].join('');
}

function factsOf(kind: Kind, { apiVersion, shortNames, namespaced, verbs, keyPrefix }: ApiResource): string {
  const here = kindPath(kind);
  const linked = (other: Kind): string => `<a href="${wayTo(here, kindPath(other))}">${code(other.kind)}</a>`;
  const classic = CLASSIC_KINDS.filter((each) => kind.dialect === 'v3' && each.stored.kind === kind.kind);
  const rows: readonly (readonly [string, string])[] = [
    ['apiVersion', code(apiVersion)],
    ['On the command line', [kind.kind, ...shortNames].map(code).join(', ')],
    ...(namespaced ? [['Namespace', 'yes: <code>-n NAMESPACE</code>'] as const] : []),
    ['Commands', verbs.map(code).join(', ')],
    ['Keys in etcd', `${code(keyPrefix)}…`],
    ...(kind.dialect === 'v1' ? [['Stored as', linked(kind.stored)] as const] : classic.length === 0 ? [] : [['Classic kind', classic.map(linked).join(', ')] as const]),
  ];
  return `<table>\n${rows.map(([name, value]) => `<tr><th scope="row">${name}</th><td>${value}</td></tr>`).join('\n')}\n</table>\n`;
}

/** Fields with what is in them below. The anchor of each is the path that `explain` takes. */
function listOf(fields: readonly Explained[]): string {
  return `<dl class="fields">\n${fields.map((each) => `${term(each)}<dd>${aboutOf(each)}${each.fields === undefined || each.fields.length === 0 ? '' : listOf(each.fields)}</dd>\n`).join('')}</dl>\n`;
}

function term({ path, type, required }: Explained): string {
  return `<dt id="${escaped(path)}"><a href="#${encodeURIComponent(path)}">${code(path)}</a> <span class="type">${escaped(type)}${required ? ', <strong>required</strong>' : ''}</span></dt>\n`;
}

function aboutOf({ path, help, default: unset, allowed, example, fields }: Explained): string {
  const facts = [
    ...(unset === undefined ? [] : [`Default: ${shown(unset)}.`]),
    ...(allowed === undefined ? [] : [`Allowed: ${typeof allowed === 'string' ? escaped(allowed) : allowed.filter((each) => each !== '').map((each) => code(String(each))).join(', ')}.`]),
  ];
  // What holds fields is shown by the examples of those.
  const sample = fields === undefined ? goYaml({ [path.split('.').at(-1) as string]: example }).trimEnd() : undefined;
  return `<p>${[sentence(help), ...facts, ...(sample === undefined || sample.includes('\n') ? [] : [`Example: ${code(sample)}`])].join(' ')}</p>\n${sample?.includes('\n') === true ? block(sample) : ''}`;
}

/** A default: words for one are in brackets, and no value. */
function shown(unset: unknown): string {
  if (typeof unset === 'string' && /^\(.*\)$/s.test(unset)) return escaped(unset.slice(1, -1));
  return code(typeof unset === 'string' && unset !== '' ? unset : JSON.stringify(unset));
}
