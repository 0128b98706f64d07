import { parseDuration } from '../../go/duration.js';
import type { AgentContext, Part } from '../part.js';
import { checkBirdLive, checkBirdReady, checkFelix, THIS_HOST, type Probed, type Verdict } from './checks.js';

const EXIT_USAGE = 2;
const THRESHOLD_MS = 30_000;
const THRESHOLD = '--threshold-time';

type Subject = 'bird6' | 'bird' | 'felix';

/** What a probe looks at, the first that is not well is told. */
const SUBJECTS: readonly Subject[] = ['bird6', 'bird', 'felix'];

const CHECKS: Readonly<Record<'ready' | 'live', Readonly<Record<Subject, (probed: Probed) => Verdict>>>> = {
  ready: { felix: (probed) => checkFelix(probed, 'readiness'), bird: (probed) => checkBirdReady(probed, 4), bird6: (probed) => checkBirdReady(probed, 6) },
  live: { felix: (probed) => checkFelix(probed, 'liveness'), bird: (probed) => checkBirdLive(probed, 4), bird6: (probed) => checkBirdLive(probed, 6) },
};

/** What a command line asks for. */
interface Asked {
  readonly subjects: readonly Subject[];
  readonly thresholdMs: number;
}

/**
 * Answers for a probe of the container: `--felix`, `--bird`, `--bird6`, all that the node has where none is given, and
 * `--threshold-time DURATION`. Prints the first thing that is not well. Returns the exit code: 0 where all is.
 */
export async function probe(question: 'ready' | 'live', context: Pick<AgentContext, 'args' | 'env' | 'log' | 'print'>, host: typeof THIS_HOST = THIS_HOST): Promise<number> {
  const { args, env, log, print } = context;
  const asked = readWords(args, env);
  if (typeof asked === 'string') {
    log.error(asked);
    return EXIT_USAGE;
  }
  const probed = { ...host, env, log, thresholdMs: asked.thresholdMs };
  const verdicts = await Promise.all(asked.subjects.map((subject) => CHECKS[question][subject](probed)));
  const first = verdicts.find((each) => each !== undefined);
  if (first === undefined) return 0;
  print(`calico/node is not ready: ${first}\n`);
  return 1;
}

function readWords(args: readonly string[], env: AgentContext['env']): Asked | string {
  const subjects = new Set<Subject>();
  let thresholdMs = THRESHOLD_MS;
  for (let at = 0; at < args.length; at++) {
    const word = args[at]!;
    const subject = SUBJECTS.find((each) => word === `--${each}`);
    if (subject !== undefined) subjects.add(subject);
    else if (word === THRESHOLD || word.startsWith(`${THRESHOLD}=`)) {
      const text = word === THRESHOLD ? (args[++at] ?? '') : word.slice(THRESHOLD.length + 1);
      const nanoseconds = parseDuration(text);
      if (nanoseconds === undefined) return `${THRESHOLD}: ${JSON.stringify(text)} is no length of time such as 30s`;
      thresholdMs = Number(nanoseconds / 1_000_000n);
    } else return `${JSON.stringify(word)} cannot be asked for; known: ${SUBJECTS.map((each) => `--${each}`).join(', ')}, ${THRESHOLD} DURATION`;
  }
  return { subjects: subjects.size > 0 ? SUBJECTS.filter((each) => subjects.has(each)) : usualSubjects(env), thresholdMs };
}

/** Without BGP there is no BIRD on the node (reference/node-agent 9). */
function usualSubjects(env: AgentContext['env']): readonly Subject[] {
  return ['none', 'vxlan'].includes(env['CALICO_NETWORKING_BACKEND'] ?? '') ? ['felix'] : SUBJECTS;
}

/** The part that says whether this node is ready. */
export const ready: Part = (context) => probe('ready', context);

/** The part that says whether this node lives. */
export const live: Part = (context) => probe('live', context);
