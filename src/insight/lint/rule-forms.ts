import { isMap } from '../../base/data.js';
import type { Condition } from '../../policy/condition.js';
import { texts } from '../../policy/known-objects.js';
import { DIRECTIONS, type Model } from '../../policy/model.js';
import type { Policy, Profile } from '../../policy/policy.js';
import type { Rule } from '../../policy/rule.js';
import { parseCidrOrIp } from '../../net/address.js';
import { ignoredLists } from '../traps.js';
import type { Finding } from './finding.js';
import { rulesTold } from './places.js';

const SIDES = ['source', 'destination'] as const;

/** What there is to say of rules by themselves, as they are written, and of what they name. */
export function formFindings(model: Model): readonly Finding[] {
  const owners: readonly (Policy | Profile)[] = [...model.parts.policies.policies, ...[...model.parts.profiles.values()].filter(({ object }) => object !== undefined)];
  const named = new NamedThings(model);
  return owners.flatMap((owner) => DIRECTIONS.flatMap((direction) => owner.rules(direction).flatMap((rule) => [...written(rule), ...named.missing(rule)])));
}

function written(rule: Rule): readonly Finding[] {
  const { stored } = rule;
  const place = rulesTold(rule);
  const unprotected = stored['protocol'] == null ? SIDES.flatMap((side) => ['ports', 'notPorts'].map((list) => `${side}.${list}`)).filter((field) => listAt(rule, field).some(isNumeric)) : [];
  const ignored = [...new Set(([4, 6] as const).flatMap((version) => (isForOther(rule, version) ? [] : ignoredLists(rule, version))))];
  return [
    ...(unprotected.length === 0 ? [] : [{ code: 'port-without-protocol' as const, ...place, fields: unprotected }]),
    ...(ignored.length === 0 ? [] : [{ code: 'not-enforced' as const, ...place, fields: ignored }]),
    ...(stored['http'] == null ? [] : [{ code: 'http-ignored' as const, ...place }]),
    ...oneFamily(rule),
  ];
}

/** Whether the rule is none for an IP version at all, so that none of its lists counts there. */
function isForOther(rule: Rule, version: 4 | 6): boolean {
  return rule.conditions(version).some(({ kind }) => kind === 'family');
}

/** Lists of `not` networks that take the whole other family away from a rule which says nothing of families otherwise (reference/policy 5). */
function oneFamily(rule: Rule): readonly Finding[] {
  if (rule.stored['ipVersion'] != null) return [];
  return SIDES.flatMap((side): readonly Finding[] => {
    const field = `${side}.notNets`;
    const lost = ([4, 6] as const).filter((version) => rule.conditions(version).some((each) => each.kind === 'family' && each.field === field));
    const [version] = lost;
    const isCatchAll = texts(listAt(rule, field)).some((net) => parseCidrOrIp(net)?.length === 0);
    return version === undefined || (lost.length === 1 && isCatchAll) ? [] : [{ code: 'one-family', ...rulesTold(rule), field, lost: version }];
  });
}

function listAt({ stored }: Rule, field: string): readonly unknown[] {
  const [side = '', list = ''] = field.split('.');
  const of = stored[side];
  const value: unknown = isMap(of) ? of[list] : undefined;
  return Array.isArray(value) ? value : [];
}

function isNumeric(port: unknown): boolean {
  return typeof port === 'number' || (typeof port === 'string' && /^\d/.test(port));
}

/** Which selectors match somebody, and which ports have a name; each asked once. */
class NamedThings {
  private readonly groups: ReadonlySet<number>;
  private readonly known = new Map<string, boolean>();

  constructor(private readonly model: Model) {
    this.groups = new Set(model.parts.objects.filter(({ nets }) => nets.length > 0).map(({ group }) => group));
  }

  /** The selectors of a rule that match no endpoint and no set, and the names of ports that nobody there has. */
  missing(rule: Rule): readonly Finding[] {
    const conditions = isForOther(rule, 4) ? rule.conditions(6) : rule.conditions(4);
    return conditions.flatMap((condition): readonly Finding[] => {
      if (condition.kind === 'selector') return this.isEmpty(condition) ? [{ code: 'empty-selector', ...rulesTold(rule), condition }] : [];
      if (condition.kind !== 'ports') return [];
      const names = condition.names.filter((name) => !this.hasPort(condition, name));
      return names.length === 0 ? [] : [{ code: 'unknown-port-name', ...rulesTold(rule), field: condition.field, names: [...new Set(names)] }];
    });
  }

  private isEmpty({ matcher }: Extract<Condition, { kind: 'selector' }>): boolean {
    return !this.once(matcher.text, () => [...this.groups].some((group) => matcher.accepts(group)));
  }

  private hasPort({ scope, protocol }: Extract<Condition, { kind: 'ports' }>, name: string): boolean {
    return this.once(`${name} ${protocol} ${scope?.text ?? ''}`, () =>
      this.model.parts.objects.some(({ group, ports, nets }) => nets.length > 0 && ports.some((port) => port.name === name && port.protocol === protocol) && (scope === undefined || scope.accepts(group))));
  }

  private once(question: string, answer: () => boolean): boolean {
    let known = this.known.get(question);
    if (known === undefined) this.known.set(question, (known = answer()));
    return known;
  }
}
