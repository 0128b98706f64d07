import type { Endpoint } from './known-objects.js';
import type { Model } from './model.js';
import type { Policy } from './policy.js';
import { settingsText } from './signatures.js';

/** Tells which workloads ask the same policies and profiles in two models, where that is seen without working out what they ask. */
export class Unchanged {
  /** Policies of only one of the models. */
  private readonly changed: readonly Policy[];
  /** Of those, whether any selects the endpoints of a group. */
  private readonly byGroup = new Map<number, boolean>();
  private readonly byHost = new Map<string, boolean>();
  private readonly hostEndpoints: readonly Endpoint[];

  constructor(
    private readonly before: Model,
    private readonly after: Model,
  ) {
    this.hostEndpoints = before.parts.endpoints.filter(({ kind }) => kind === 'host');
    const [was, is] = [before, after].map(({ parts }) => new Set([...parts.policies.policies, ...parts.staged.policies]));
    this.changed = [...[...was!].filter((policy) => !is!.has(policy)), ...[...is!].filter((policy) => !was!.has(policy))];
  }

  /**
   * Whether it is seen that an endpoint asks the same in both models: false where it does not, and where it has to be worked out.
   * What is the same object in both models stands in the same order and tier (`compileAll`).
   */
  for(was: Endpoint, is: Endpoint): boolean {
    const isOne = was === is && this.before.parts.groups === this.after.parts.groups;
    return isOne && !this.isSelected(is.group) && is.profiles.every((name) => this.before.profile(name).object === this.after.profile(name).object) && this.hasSameSettings(is.node);
  }

  /** The same of all host endpoints of a host. */
  on(node: string): boolean {
    let isSame = this.byHost.get(node);
    if (isSame === undefined) {
      const { before: { parts: was }, after: { parts: is } } = this;
      isSame = was.whereabouts === is.whereabouts && this.hasSameSettings(node) && this.hostEndpoints.every((endpoint) => endpoint.node !== node || this.for(endpoint, endpoint));
      this.byHost.set(node, isSame);
    }
    return isSame;
  }

  private isSelected(group: number): boolean {
    let isSelected = this.byGroup.get(group);
    if (isSelected === undefined) this.byGroup.set(group, (isSelected = this.changed.some(({ matcher }) => matcher.accepts(group))));
    return isSelected;
  }

  private hasSameSettings(node: string): boolean {
    const [was, is] = [this.before.parts.settings(node), this.after.parts.settings(node)];
    return was === is || settingsText(was) === settingsText(is);
  }
}
