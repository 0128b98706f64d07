import { Directory } from '../../../insight/directory.js';
import { explain } from '../../../insight/explain.js';
import type { Closed, Found } from '../../../guard/closed.js';
import type { Way } from '../../../guard/ways.js';
import type { Step, Verdict } from '../../../policy/evaluate.js';
import type { Dialect } from '../../../resources/kind.js';
import { safe } from '../../../text/safe.js';
import { noColours } from '../../theme/colours.js';
import { stepLines } from '../policy/trace-text.js';
import { deciderText, placedRule } from '../policy/words.js';

/** So many are named. */
const NAMED = 10;

const TITLES: Readonly<Record<Way['what'], string>> = { etcd: 'etcd', bgp: 'BGP', ssh: 'SSH', kubelet: 'the kubelet', typha: 'Typha' };

/** What a change closes, each way with the step that denies it, unless that was told with another. */
export function closedLines({ closed, resources, model, more: isCut }: Found, dialect: Dialect): readonly string[] {
  const directory = new Directory(resources, dialect);
  const explained = new Set<string>();
  const lines = closed.slice(0, NAMED).flatMap((each) => [`  ${safe(wayText(each))}`, ...(isNew(each, explained) ? deniedLines(each, model, directory) : [])]);
  const more = closed.length - NAMED;
  return [`This would close ${isCut ? 'at least ' : ''}${closed.length === 1 ? 'a way' : `${closed.length} ways`} that the network lives by:`, ...lines, ...(more > 0 ? [`  and ${more} more`] : [])];
}

/** One step may close many ways, and is explained with the first of them. */
function isNew({ verdict: { steps } }: Closed, explained: Set<string>): boolean {
  const { hook, dir, ep, by } = steps.at(-1)!;
  const step = [hook, dir, ep, by].join(' ');
  const before = explained.size;
  return explained.add(step).size > before;
}

function wayText({ way: { what, from, to }, flow: { dport, dst } }: Closed): string {
  return `${TITLES[what]}${dst.includes(':') ? ' over IPv6' : ''}: from ${from} to ${to}, tcp port ${dport ?? ''}`;
}

function deniedLines({ verdict, before }: Closed, model: Found['model'], directory: Directory): readonly string[] {
  const explained = explain(model, verdict);
  const denying = explained.at(-1);
  if (denying === undefined) return [];
  const lines = stepLines(denying, explained.length - 1, verdict.packet, directory, { colours: noColours, allOfThem: 'policy trace -o json has all' });
  return [...lines, ...beforeLines(before, denying.step, directory)].map((line) => `    ${line}`);
}

/** Where no rule denies: why the same step lets it pass as things are, which is what the change takes away. */
function beforeLines({ steps }: Verdict, denying: Step, directory: Directory): readonly string[] {
  if (denying.rule !== undefined) return [];
  const same = steps.find(({ hook, dir, ep }) => hook === denying.hook && dir === denying.dir && ep === denying.ep);
  if (same?.do !== 'allow') return [];
  return [safe(`   as it is now, it is allowed${same.rule === undefined ? `: ${deciderText(same, directory)}` : ` by ${placedRule(same.rule, directory)}`}`)];
}
