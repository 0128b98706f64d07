import { positive, textOf, textsIn } from '../stored.js';
import { communitiesFunction } from './communities.js';
import type { BirdFacts } from './facts.js';
import { filterFunctions } from './filter-functions.js';
import { protocol } from './protocol.js';
import { sessionsOf } from './session.js';
import { block, quoted } from './text.js';

/** bird.cfg, which includes the others (reference/bird 2). Throws NotForBird. */
export function mainFile(facts: BirdFacts, included: readonly string[]): string[] {
  const debug = debugLines(facts);
  return [
    ...communitiesFunction(facts),
    ...included.map((name) => `include "${name}";`),
    '',
    `router id ${facts.routerId ?? ''};`,
    ...listenLine(facts),
    '',
    ...block('protocol kernel', ['learn;', 'persist;', 'scan time 2;', 'import all;', 'export filter calico_kernel_programming;', 'graceful restart;', 'merge paths on;']),
    ...block('protocol device', [...debug, 'scan time 2;']),
    ...block('protocol direct', [...debug, `interface ${directInterfaces(facts).join(', ')};`]),
    ...(facts.address === undefined ? [] : ['', ...bgp(facts, debug)]),
  ];
}

function bgp(facts: BirdFacts, debug: readonly string[]): string[] {
  const functions = filterFunctions(facts);
  return [
    ...block('template bgp bgp_template', [
      ...debug,
      'description "Connection to BGP peer";',
      `local as ${facts.node.asNumber};`,
      'gateway recursive;',
      'add paths on;',
      'graceful restart;',
      'connect delay time 2;',
      'connect retry time 5;',
      'error wait time 5,30;',
    ]),
    ...functions.flatMap(({ lines }) => ['', ...lines]),
    ...sessionsOf(facts).flatMap((session) => ['', ...protocol(session, functions, facts)]),
  ];
}

/** How much BIRD tells of each protocol (reference/bird 2.3). */
function debugLines({ own, shared }: BirdFacts): string[] {
  const level = (textOf(own.logSeverityScreen) ?? textOf(shared.logSeverityScreen) ?? 'info').toLowerCase();
  if (level === 'debug') return ['debug all;'];
  return level === 'info' ? ['debug { states };'] : [];
}

function listenLine({ own, shared, address }: BirdFacts): string[] {
  const port = positive(own.listenPort) ?? positive(shared.listenPort);
  const words = [...(shared.bindMode === 'NodeIP' && address !== undefined ? [`address ${address}`] : []), ...(port === undefined ? [] : [`port ${port}`])];
  return words.length === 0 ? [] : [`listen bgp ${words.join(' ')};`];
}

/** Not those of workloads, nor the one that has the address of every service. */
function directInterfaces({ shared }: BirdFacts): string[] {
  const ignored = textsIn(shared.ignoredInterfaces).flatMap((name) => quoted(name) ?? []);
  return [...ignored, '"cali*"', '"kube-ipvs*"'].map((name) => `-${name}`).concat('"*"');
}
