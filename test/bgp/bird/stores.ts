import { renderedOf, statements } from './recorded-bird.js';

type Spec = Readonly<Record<string, unknown>>;

const KINDS = { node: 'Node', peer: 'BGPPeer', configuration: 'BGPConfiguration', filter: 'BGPFilter', pool: 'IPPool' } as const;
const PLURALS = { node: 'nodes', peer: 'bgppeers', configuration: 'bgpconfigurations', filter: 'bgpfilters', pool: 'ippools' } as const;

/** An object of a store: kind, name, spec, and labels. */
export type Stored = readonly [kind: keyof typeof KINDS, name: string, spec: Spec, labels?: Readonly<Record<string, string>>];

/** Nodes a, b, c ... with 10.0.0.1 and fd00::1, 10.0.0.2 and fd00::2, ... */
export function nodes(count: number): Stored[] {
  return Array.from({ length: count }, (_, index) => ['node', String.fromCharCode(97 + index), { bgp: { ipv4Address: `10.0.0.${index + 1}/24`, ipv6Address: `fd00::${index + 1}/64` } }] as const);
}

export interface Made {
  readonly remarks: readonly string[];
  /** Why a family has no files. */
  readonly problems: readonly (string | undefined)[];
  /** The statements of a file, joined by blanks. */
  text(file: string): string;
  /** The statements of a protocol of bird.cfg or bird6.cfg without those of its filters, joined by blanks. */
  protocol(name: string): string;
}

interface Around {
  readonly passwords?: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly statuses?: readonly unknown[];
}

/** What is made for node a, as it is. */
export function rendered(store: readonly Stored[], { passwords = {}, environment = {}, statuses = [] }: Around = {}): ReturnType<typeof renderedOf> {
  const entries = store.map(([kind, name, spec, labels]): [string, string] => [`/calico/resources/v3/projectcalico.org/${PLURALS[kind]}/${name}`, JSON.stringify({ kind: KINDS[kind], apiVersion: 'projectcalico.org/v3', metadata: { name, ...(labels && { labels }) }, spec })]);
  return renderedOf({ node: 'a', environment, store: Object.fromEntries(entries), endpoint_status_files: Object.fromEntries(statuses.map((status, index) => [String(index), JSON.stringify(status)])) }, passwords);
}

/** What is made for node a, to be asked for parts of it. */
export function made(store: readonly Stored[], around: Around = {}): Made {
  const { texts, families, remarks } = rendered(store, around);
  const text = (file: string): string => statements(texts.get(file) ?? '').join(' ');
  const protocol = (name: string): string => {
    const whole = [text('bird.cfg'), text('bird6.cfg')].map((each) => each.split(/(?=protocol bgp )/).find((part) => part.startsWith(`protocol bgp ${name} `))).find((part) => part !== undefined);
    return (whole ?? '').replace(/(im|ex)port filter \{.*?\} ; /g, '').replace(/^protocol bgp \S+ from bgp_template \{ /, '').replace(/ \}$/, '');
  };
  return { remarks, problems: [4, 6].map((family) => problemOf(families[family as 4 | 6])), text, protocol };
}

function problemOf(files: object): string | undefined {
  return 'problem' in files ? (files.problem as string) : undefined;
}
