import { exitText } from './exit-text.js';
import { CalicoError } from '../../base/errors.js';
import { CONTAINER, type ContainerCommand } from './container.js';
import { engineFailure, type Engine } from './runtime.js';

/** A container as its engine describes it, in the words that docker, podman and nerdctl share. */
export interface ContainerState {
  readonly imageId: string;
  readonly imageName: string;
  readonly running: boolean;
  /** `running`, `restarting`, `exited`, `created` ... */
  readonly status: string;
  readonly exitCode: number;
  readonly outOfMemory: boolean;
  /** `healthy`, `unhealthy` or `starting`; undefined where the image has no health check. */
  readonly health: string | undefined;
  readonly startedAt: string;
  readonly restarts: number;
  readonly environment: ReadonlyMap<string, string>;
  /** `source:target` of each. */
  readonly mounts: readonly string[];
  readonly restartPolicy: string;
}

interface Inspected {
  readonly Image?: string;
  readonly ImageName?: string;
  readonly RestartCount?: number;
  readonly State?: {
    readonly Status?: string; readonly Running?: boolean; readonly Restarting?: boolean; readonly ExitCode?: number; readonly OOMKilled?: boolean; readonly StartedAt?: string;
    readonly Health?: { readonly Status?: string };
  };
  readonly Config?: { readonly Env?: readonly string[]; readonly Image?: string };
  readonly HostConfig?: { readonly RestartPolicy?: { readonly Name?: string } };
  readonly Mounts?: readonly { readonly Type?: string; readonly Source?: string; readonly Destination?: string }[];
}

/** Looks at the container; undefined where there is none of that name. Throws CalicoError, and the reason of the signal where that is aborted. */
export async function inspectContainer(engine: Engine, signal?: AbortSignal): Promise<ContainerState | undefined> {
  const end = await engine.run(['container', 'inspect', CONTAINER], { signal });
  signal?.throwIfAborted();
  if (end.code === 0) return readState(engine, end.stdout);
  if (/no such (container|object)/i.test(end.stderr)) return undefined;
  throw engineFailure(engine, `${engine.name} container inspect ${CONTAINER}`, end);
}

function readState(engine: Engine, text: string): ContainerState {
  let first: Inspected | undefined;
  try {
    [first] = JSON.parse(text) as Inspected[];
  } catch {
    first = undefined;
  }
  if (first?.State === undefined) throw new CalicoError('failed', `${engine.name} describes ${CONTAINER} in a form that cannot be read`);
  const { State: state, Config: config = {}, Mounts: mounts = [], HostConfig: host = {} } = first;
  const status = state.Status ?? '';
  return {
    imageId: plainId(first.Image ?? ''),
    imageName: config.Image ?? first.ImageName ?? '',
    running: state.Running === true && state.Restarting !== true,
    status,
    exitCode: state.ExitCode ?? 0,
    outOfMemory: state.OOMKilled === true,
    health: state.Health?.Status === '' || state.Health?.Status === 'none' ? undefined : state.Health?.Status,
    startedAt: state.StartedAt ?? '',
    restarts: first.RestartCount ?? 0,
    environment: new Map((config.Env ?? []).map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)])),
    mounts: mounts.filter(({ Type }) => Type === 'bind').map(({ Source, Destination }) => `${Source ?? ''}:${Destination ?? ''}`),
    restartPolicy: host.RestartPolicy?.Name || 'no',
  };
}

/** Docker writes `sha256:` before the id of an image, podman does not. */
export function plainId(id: string): string {
  return id.replace(/^sha256:/, '');
}

/** Whether a container is one of calico/node, whoever started it: all versions are given these two. */
export function isCalicoContainer({ environment }: ContainerState): boolean {
  return environment.has('NODENAME') && environment.has('CALICO_NETWORKING_BACKEND');
}

/** Refuses to touch a container of somebody else. Throws CalicoError, `taken`. */
export function refuseForeign(engine: Engine, state: ContainerState): void {
  if (isCalicoContainer(state)) return;
  const hint = `the node needs this name; give the other container another one: ${engine.name} rename ${CONTAINER} OTHER-NAME`;
  throw new CalicoError('taken', `there is a container named ${CONTAINER} that is not a Calico node (its image is ${state.imageName}); it was left alone`, { hint, subject: CONTAINER });
}

/** Variables that some version sets: one that is there and not wanted makes a difference. Those of the image itself do not. */
const OWN_VARIABLES = /^(NODENAME|AS|IP6?|IP6?_AUTODETECTION_METHOD|NO_DEFAULT_POOLS|CALICO_(NETWORKING_BACKEND|MANAGE_CNI|LIBNETWORK_\w+)|ETCD_\w+)$/;

/** In what a container differs from one that the command would start; secrets are named, not shown. */
export function differences(state: ContainerState, command: ContainerCommand, imageId: string): string[] {
  const wanted = new Map(command.environment.map((variable) => [variable.name, variable]));
  const sameImage = /^[0-9a-f]{64}$/.test(state.imageId) ? state.imageId === imageId : state.imageName === command.image;
  const changed = command.environment.flatMap(({ name, value, secret }) => {
    const now = state.environment.get(name);
    if (now === value) return [];
    if (secret === true) return [`${name} differs`];
    return [now === undefined ? `${name} is not set` : `${name} is ${JSON.stringify(now)}, not ${JSON.stringify(value)}`];
  });
  const surplus = [...state.environment.keys()].filter((name) => OWN_VARIABLES.test(name) && !wanted.has(name)).map((name) => `${name} is set`);
  const mounts = command.mounts.map(({ source, target }) => `${source}:${target}`);
  const policy = command.supervisor === 'engine' ? 'always' : 'no';
  return [
    ...(sameImage ? [] : [`its image differs (${state.imageName})`]),
    ...changed, ...surplus,
    ...mounts.filter((mount) => !state.mounts.includes(mount)).map((mount) => `${mount} is not mounted`),
    ...state.mounts.filter((mount) => !mounts.includes(mount)).map((mount) => `${mount} is mounted`),
    ...(state.restartPolicy === policy ? [] : [`its restart policy is ${state.restartPolicy}, not ${policy}`]),
  ];
}

/** What is wrong with a container that ought to run; undefined where it runs and its health check, if any, does not complain. */
export function unhealthyReason(state: ContainerState): string | undefined {
  if (!state.running) return state.status === 'created' ? 'it was never started' : `it is ${state.status}, ${exitText(state)}`;
  return state.health === 'unhealthy' ? 'its health check fails' : undefined;
}
