import { NAMESPACE_LABEL, ORCHESTRATOR_LABEL } from '../resources/field-labels.js';
import type { Endpoint, KnownObject } from '../policy/known-objects.js';
import type { Model } from '../policy/model.js';
import type { Directory } from './directory.js';

/** Labels by which people call what they run, before all others. */
const USUAL = ['app', 'app.kubernetes.io/name', 'k8s-app', 'role', 'name', 'tier'];

/** How many values, namespaces or names a name may list. */
const MOST_LISTED = 3;

/** Names groups of endpoints or of network sets as a person would: by namespaces, labels or policies that mean exactly these, otherwise one by one. */
export class GroupNamer {
  private readonly byLabel = new Map<string, KnownObject[]>();
  private readonly byNamespace = new Map<string, KnownObject[]>();
  private readonly all: ReadonlyMap<string, KnownObject>;

  /** @param objects all that there are of one kind; `word` is what they are called, `workloads` */
  constructor(
    objects: readonly KnownObject[],
    private readonly word: string,
    private readonly models: readonly Model[],
    private readonly directory: Directory,
  ) {
    this.all = new Map(objects.map((each) => [each.id, each]));
    for (const each of objects) {
      const namespace = namespaceOf(each);
      if (namespace !== undefined) add(this.byNamespace, namespace, each);
      for (const label of labelsOf(each)) add(this.byLabel, label, each);
    }
  }

  /** A name of exactly these. */
  of(members: readonly KnownObject[]): string {
    const ids = new Set(members.map(({ id }) => id));
    return this.exact(members, ids) ?? this.allBut(ids) ?? this.listed(members);
  }

  private exact(members: readonly KnownObject[], ids: ReadonlySet<string>): string | undefined {
    if (members.length === this.all.size && members.length > 1) return `all ${this.word}`;
    return this.byOneNamespace(members) ?? this.byLabels(members) ?? this.byValues(members, ids) ?? this.byPolicy(members) ?? this.byNamespaces(members);
  }

  private byOneNamespace(members: readonly KnownObject[]): string | undefined {
    const namespace = namespaceOf(members[0]!);
    const isAll = members.length > 1 && namespace !== undefined && this.byNamespace.get(namespace)!.length === members.length && members.every((each) => namespaceOf(each) === namespace);
    return isAll ? `ns ${namespace}: all` : undefined;
  }

  private byNamespaces(members: readonly KnownObject[]): string | undefined {
    const found = new Map<string | undefined, number>();
    for (const each of members) found.set(namespaceOf(each), (found.get(namespaceOf(each)) ?? 0) + 1);
    const isAll = [...found].every(([namespace, count]) => namespace !== undefined && this.byNamespace.get(namespace)!.length === count);
    if (!isAll || found.size === members.length) return undefined;
    const names = [...found.keys()].map(String).sort();
    return `ns ${listing(names)}: all`;
  }

  /** One label or two that all of them have, and nobody else; perhaps within their namespace. */
  private byLabels(members: readonly KnownObject[]): string | undefined {
    const shared = this.sharedLabels(members);
    const namespace = namespaceOf(members[0]!);
    const isOne = namespace !== undefined && members.every((each) => namespaceOf(each) === namespace);
    for (const prefix of isOne ? ['', namespace] : ['']) {
      const among = (label: string): readonly KnownObject[] => this.byLabel.get(label)!.filter((each) => prefix === '' || namespaceOf(each) === prefix);
      const shown = prefix === '' ? '' : `ns ${prefix}: `;
      const one = shared.find((label) => among(label).length === members.length);
      if (one !== undefined) return `${shown}${one}`;
      for (const [at, left] of shared.entries()) {
        const those = among(left);
        const right = shared.slice(at + 1).find((label) => those.filter((each) => has(each, label)).length === members.length);
        if (right !== undefined) return `${shown}${left},${right}`;
      }
    }
    return undefined;
  }

  /** Several values of one label. */
  private byValues(members: readonly KnownObject[], ids: ReadonlySet<string>): string | undefined {
    if (members.length < 2) return undefined;
    const keys = [...new Set(this.worthy(members[0]!).map((label) => label.slice(0, label.indexOf('='))))];
    for (const key of keys) {
      const values = new Set(members.map(({ labels }) => labels[key]));
      if (values.has(undefined) || values.size === members.length || values.size > members.length / 2 + 1) continue;
      if ([...values].every((value) => this.byLabel.get(`${key}=${value!}`)!.every(({ id }) => ids.has(id)))) return `${key}=${listing([...values].map(String).sort())}`;
    }
    return undefined;
  }

  /** A policy that selects just these. */
  private byPolicy(members: readonly KnownObject[]): string | undefined {
    if (members.length < 2 || this.word !== 'workloads') return undefined;
    for (const model of this.models) {
      const first = model.endpoint(members[0]!.id);
      for (const policy of first === undefined ? [] : model.selecting(first.group)) {
        const selects = (each: KnownObject): boolean => policy.matcher.accepts(each.group);
        const own = members.map(({ id }) => model.endpoint(id));
        if (!own.every((each) => each !== undefined && selects(each))) continue;
        if (model.parts.endpoints.filter((each) => each.kind === 'workload' && selects(each)).length === members.length) return `those of ${this.directory.name(policy.id)}`;
      }
    }
    return undefined;
  }

  private allBut(ids: ReadonlySet<string>): string | undefined {
    if (ids.size * 2 <= this.all.size) return undefined;
    const rest = [...this.all.values()].filter(({ id }) => !ids.has(id));
    if (rest.length === 0) return undefined;
    const name = this.exact(rest, new Set(rest.map(({ id }) => id))) ?? (rest.length <= MOST_LISTED ? this.listed(rest) : undefined);
    return name === undefined ? undefined : `all ${this.word} but ${name}`;
  }

  /** Few by their names; of many, how many they are of those with a label that they share. */
  private listed(members: readonly KnownObject[]): string {
    const label = members.length > MOST_LISTED + 1 ? this.sharedLabels(members)[0] : undefined;
    if (label !== undefined) return `${members.length} of ${this.byLabel.get(label)!.length} with ${label}`;
    return listing(members.map((each) => this.nameOf(each)).sort());
  }

  /** `shop/web-0`, or as `-o name` prints it. */
  nameOf({ id }: Pick<KnownObject, 'id'>): string {
    const object = this.directory.object(id);
    const workload = object?.kind === 'WorkloadEndpoint' ? [object.spec['pod'], object.spec['containerID'], object.spec['workload']].find((each) => typeof each === 'string' && each !== '') : undefined;
    if (typeof workload !== 'string') return this.directory.name(id);
    const namespace = object?.metadata.namespace;
    if (namespace === undefined) return workload;
    // Classic workloads begin with their namespace.
    return `${namespace}/${workload.startsWith(`${namespace}.`) ? workload.slice(namespace.length + 1) : workload}`;
  }

  private sharedLabels(members: readonly KnownObject[]): readonly string[] {
    return this.worthy(members[0]!).filter((label) => members.every((each) => has(each, label)));
  }

  /** The labels of an object, those first by which people would call it: what policies ask about, and what is usual. */
  private worthy(object: KnownObject): readonly string[] {
    const rank = (label: string): number => {
      const key = label.slice(0, label.indexOf('='));
      const usual = USUAL.indexOf(key);
      return (this.models.some(({ parts }) => parts.groups.asksAbout(key)) ? 0 : 100) + (usual < 0 ? USUAL.length : usual);
    };
    // What only one has says no more than its name.
    return labelsOf(object).filter((label) => this.byLabel.get(label)!.length > 1 || rank(label) < 100).sort((left, right) => rank(left) - rank(right) || left.length - right.length || (left < right ? -1 : 1));
  }
}

function listing(names: readonly string[]): string {
  return names.length <= MOST_LISTED + 1 ? names.join(', ') : `${names.slice(0, MOST_LISTED).join(', ')} and ${names.length - MOST_LISTED} more`;
}

function labelsOf({ labels }: KnownObject): readonly string[] {
  return Object.keys(labels).filter((key) => key !== NAMESPACE_LABEL && key !== ORCHESTRATOR_LABEL).map((key) => `${key}=${labels[key]!}`);
}

function has({ labels }: KnownObject, label: string): boolean {
  const at = label.indexOf('=');
  return labels[label.slice(0, at)] === label.slice(at + 1);
}

/** The namespace of a workload or a set. */
export function namespaceOf({ id, kind }: Pick<Endpoint | KnownObject, 'id' | 'kind'>): string | undefined {
  const name = id.slice(id.indexOf(':') + 1);
  const at = name.indexOf('/');
  return kind === 'host' || at <= 0 ? undefined : name.slice(0, at);
}

function add<T>(map: Map<string, T[]>, key: string, value: T): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [value]);
  else known.push(value);
}
