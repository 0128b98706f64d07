import { setTimeout as sleep } from 'node:timers/promises';
import { CalicoError } from '../base/errors.js';
import { labelValueProblem, qualifiedNameProblem } from '../resources/v3/names.js';
import { isOver, type DriverContext } from './context.js';
import { writeLabels, type DockerEndpoint } from './endpoint-objects.js';

/** What labels of a container begin with that are meant for its endpoint. */
const PREFIX = 'org.projectcalico.label.';
const AGAIN_MS = 100;

/** The labels that an endpoint gets of its container's, and what is wrong with others that are meant for it: one that Calico does not take is no reason to have none. */
export function endpointLabels(labels: Readonly<Record<string, string>>): { readonly labels: Readonly<Record<string, string>>; readonly problems: readonly string[] } {
  const meant = Object.entries(labels).flatMap(([name, value]): [string, string][] => (name.startsWith(PREFIX) ? [[name.slice(PREFIX.length), value]] : []));
  const problemOf = ([name, value]: [string, string]): string | undefined => qualifiedNameProblem(name) ?? labelValueProblem(value);
  return { labels: Object.fromEntries(meant.filter((each) => problemOf(each) === undefined)), problems: meant.flatMap((each) => problemOf(each) ?? []) };
}

/**
 * Gives an endpoint the labels of its container, once the engine says which container that is: it does so only after it has the endpoint
 * (reference/libnetwork 5.3). Never throws; what does not succeed is told.
 */
export async function labelEndpoint(context: DriverContext, network: string, endpoint: DockerEndpoint): Promise<void> {
  const { settings, log, signal, withStore } = context;
  const deadline = performance.now() + settings.labelTimeoutMs;
  let problem = 'the engine does not say which container it is in';
  while (performance.now() < deadline && !signal.aborted) {
    try {
      const found = await containerLabels(context, network, endpoint.id);
      if (found !== undefined) {
        const { labels, problems } = endpointLabels(found);
        if (Object.keys(labels).length > 0) await withStore((store) => writeLabels(store, endpoint, labels));
        for (const text of problems) log.warning(`endpoint ${endpoint.id} does not get a label of its container: ${text}`);
        return;
      }
    } catch (error) {
      if (isOver(signal)) return;
      if (!(error instanceof CalicoError)) return log.error(`labels of endpoint ${endpoint.id}: this is a bug of the driver, please report it: ${String(error)}`);
      problem = error.message;
    }
    await sleep(AGAIN_MS, undefined, { signal }).catch(() => undefined);
  }
  log.warning(`endpoint ${endpoint.id} gets no labels of its container: ${problem}`);
}

async function containerLabels({ engine }: DriverContext, network: string, endpoint: string): Promise<Readonly<Record<string, string>> | undefined> {
  const container = (await engine.network(network))?.endpoints.find(({ id }) => id === endpoint)?.container;
  return container === undefined ? undefined : engine.labelsOf(container);
}
