import type { Data } from '../../base/data.js';
import { reportedUnder, type AsRead, type Decoding } from '../fields/field.js';
import { familyOf } from '../fields/network.js';
import { plainText } from '../plain-text.js';
import type { Path } from '../problem.js';
import { supportsPorts } from './numbers.js';
import type { ClassicRule, ClassicSide } from './rules.js';
import { isGiven } from './sections.js';

/** The rules over several fields of a rule (reference/classic 1.10). */
export function checkRule(rule: AsRead<ClassicRule>, path: Path, to: Decoding, raw: Data): void {
  const sides = (['source', 'destination'] as const).flatMap((name): Side[] => {
    const value = rule[name];
    return value === undefined ? [] : [{ value, path: [...path, name] }];
  });
  if (rule.protocol !== undefined || !isGiven(raw, 'protocol')) for (const side of sides) checkPorts(side, rule.protocol, path, to);
  checkForms(sides, to);
  checkFamilies(sides, rule.ipVersion, to);
}

interface Side {
  readonly value: AsRead<ClassicSide>;
  readonly path: Path;
}

function checkPorts(side: Side, protocol: unknown, path: Path, to: Decoding): void {
  if (supportsPorts(protocol)) return;
  for (const name of ['ports', 'notPorts'] as const) {
    if (side.value[name] === undefined) continue;
    const found = protocol === undefined ? 'the rule names none' : `${plainText(protocol)} has none in v1`;
    to.problems.add('rule', [...side.path, name], `ports need a protocol that has ports, tcp or udp: ${found}`, {
      hint: protocol === undefined ? 'add "protocol: tcp" to the rule, beside "source" and "destination"' : undefined,
      ...(protocol === undefined && { lacks: [[...path, 'protocol']] }),
    });
  }
}

/** `net` and `nets` may not meet anywhere in a rule. */
function checkForms(sides: readonly Side[], to: Decoding): void {
  const singles = sides.flatMap((side) => (['net', 'notNet'] as const).filter((name) => side.value[name] !== undefined).map((name) => ({ side, name })));
  const lists = sides.some((side) => side.value.nets !== undefined || side.value.notNets !== undefined);
  if (!lists) return;
  for (const { side, name } of singles) {
    to.problems.add('rule', [...side.path, name], `"net" and "notNet" cannot be mixed with "nets" and "notNets" in one rule`, {
      hint: `write ${name}s: ["${plainText(side.value[name])}"]`,
    });
  }
}

/** All networks of a rule are of one family: that of ipVersion where it is given. */
function checkFamilies(sides: readonly Side[], ipVersion: unknown, to: Decoding): void {
  const seen = new Set<number>();
  for (const side of sides) {
    for (const [single, list] of [['net', 'nets'], ['notNet', 'notNets']] as const) {
      const { [single]: net, [list]: others = [] } = side.value;
      const nets = net === undefined ? others : [...others, net];
      const path = [...side.path, side.value[list] === undefined ? single : list];
      for (const each of nets) seen.add(familyOf(each));
      if (nets.length === 0) continue;
      const other = nets.find((each) => familyOf(each) !== ipVersion);
      if (ipVersion !== undefined && other !== undefined) {
        to.problems.add('rule', path, `${other} is not a network of IPv${String(ipVersion)}, the rule's ipVersion`);
      } else if (seen.size > 1) {
        to.problems.add('rule', path, 'a rule cannot have both IPv4 and IPv6 networks', { hint: 'write one rule for each family' });
      }
    }
  }
}

/** Warns of rules that no packet reaches, because a rule before them takes every packet. */
export function checkReachable(rules: readonly AsRead<ClassicRule>[], path: Path, to: Decoding): void {
  // A rule with a wrong condition only looks as if it had none.
  const last = rules.findIndex((rule, index) => takesEverything(rule) && !reportedUnder([...path, index], to));
  const after = rules.length - 1 - last;
  if (last < 0 || after === 0) return;
  const which = after === 1 ? 'this rule' : `this rule and the ${after === 2 ? 'one' : after - 1} after it`;
  to.problems.warn('unreachable', [...path, last + 1], `no packet reaches ${which}: rule ${last + 1} of the list matches every packet (${plainText(rules[last]?.action)})`, {
    hint: `move "- action: ${plainText(rules[last]?.action)}" to the end of the list`,
  });
}

const FINAL_ACTIONS: readonly unknown[] = ['allow', 'deny', 'pass'];

function takesEverything(rule: AsRead<ClassicRule>): boolean {
  if (!FINAL_ACTIONS.includes(rule.action)) return false;
  const { action: _action, source, destination, ...conditions } = rule;
  return Object.keys(conditions).length === 0 && isEmpty(source) && isEmpty(destination);
}

/** Whether one side matches every endpoint there is. */
function isEmpty(side: AsRead<ClassicSide> = {}): boolean {
  return Object.keys(side).length === 0;
}
