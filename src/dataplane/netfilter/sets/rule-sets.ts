import { isMap, type Data } from '../../../base/data.js';
import { sideObjects } from '../../../policy/effective-selector.js';
import { protocolNumber, SCTP, UDP } from '../../../policy/protocol-number.js';
import { readPorts } from '../../../policy/rule-conditions.js';
import { printSelector } from '../../../selector/print.js';
import type { Selector } from '../../../selector/selector.js';
import type { Side } from '../rule.js';
import { portSetId, selectorSetId, serviceSetId } from './names.js';

/** What the members of a set are. */
export type SetContent =
  | { readonly kind: 'nets'; readonly selector: Selector }
  /** The ports with a name. */
  | { readonly kind: 'ports'; readonly selector: Selector; readonly protocol: 'tcp' | 'udp' | 'sctp'; readonly port: string }
  /** Services of Kubernetes are not known where the datastore is etcd: nothing is in their sets. */
  | { readonly kind: 'service'; readonly withPorts: boolean };

const ALL: Selector = { kind: 'all' };

/** The sets that the stored rules of a policy or profile need, by their ids: of rules of any family (reference/netfilter 5). */
export function setsOfRules(rules: readonly unknown[], namespace: string | undefined): ReadonlyMap<string, SetContent> {
  const sets = new Map<string, SetContent>();
  for (const rule of rules.filter(isMap)) {
    const number = protocolNumber(rule['protocol']);
    const protocol = number === UDP ? 'udp' : number === SCTP ? 'sctp' : 'tcp';
    for (const side of ['source', 'destination'] as const) {
      const stored = rule[side];
      if (isMap(stored)) addSets(stored, side, namespace, protocol, sets);
    }
  }
  return sets;
}

function addSets(stored: Data, side: Side, namespace: string | undefined, protocol: 'tcp' | 'udp' | 'sctp', sets: Map<string, SetContent>): void {
  const { selector, except } = sideObjects(stored, namespace);
  const ports = readPorts(stored['ports']);
  if (selector !== undefined && !(ports.names.length > 0 && ports.ranges.length === 0)) sets.set(selectorSetId(printSelector(selector)), { kind: 'nets', selector });
  if (except !== undefined) sets.set(selectorSetId(printSelector(except)), { kind: 'nets', selector: except });
  for (const port of [...ports.names, ...readPorts(stored['notPorts']).names]) {
    const whole = selector ?? ALL;
    sets.set(portSetId(printSelector(whole), protocol, port), { kind: 'ports', selector: whole, protocol, port });
  }
  for (const { id, withPort } of serviceSets(stored, side)) sets.set(id, { kind: 'service', withPorts: withPort });
}

/** The set of the service that a side names, if it names one. */
export function serviceSets(stored: Data, side: Side): readonly { readonly id: string; readonly withPort: boolean }[] {
  const { services } = stored;
  if (!isMap(services) || typeof services['name'] !== 'string' || services['name'] === '') return [];
  const namespace = typeof services['namespace'] === 'string' ? services['namespace'] : '';
  const withPort = side === 'destination';
  return [{ id: serviceSetId(`${namespace}/${services['name']}`, withPort), withPort }];
}
