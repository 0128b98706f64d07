import { findNamed, POLICIES } from '../insight/find-named.js';
import { objectsOf, policiesOf } from '../insight/applies.js';
import { Directory, engineId } from '../insight/directory.js';
import { labelOrigins } from '../insight/labels.js';
import { ProfileLabels } from '../policy/effective-labels.js';
import type { Model } from '../policy/model.js';
import { CalicoError } from '../base/errors.js';
import type { Dialect, StoredObject } from '../resources/kind.js';
import { readWantedResource } from './wanted-end.js';
import { flowed } from '../text/prose.js';

/** What `policy applies` is asked about: an endpoint or a policy; with neither, all endpoints. */
export interface AppliesQuestion {
  readonly endpoint?: string | undefined;
  readonly policy?: string | undefined;
}

interface AskedNetwork {
  readonly resources: readonly StoredObject[];
  readonly model: Model;
  readonly dialect: Dialect;
}

/** An answer, as text or as data. */
export interface Shown {
  /** @param room how many columns the terminal has */
  text(room?: number): string;
  json(): string;
}

/** Finds what is asked about, and says what applies. Throws CalicoError where it is not there, InvalidRequest where several are called so. */
export async function appliesShown({ endpoint, policy }: AppliesQuestion, network: AskedNetwork): Promise<Shown> {
  if (endpoint !== undefined) return endpointShown(endpoint, network);
  return policy === undefined ? allShown(network) : policyShown(policy, network);
}

async function allShown({ resources, model, dialect }: AskedNetwork): Promise<Shown> {
  const [{ allAppliesData }, { allAppliesText }] = await Promise.all([import('../output/views/policy/applies-data.js'), import('../output/views/policy/applies-text.js')]);
  return { text: (room) => allAppliesText(model, new Directory(resources, dialect), room), json: () => allAppliesData(model) };
}

async function endpointShown(word: string, { resources, model, dialect }: AskedNetwork): Promise<Shown> {
  const [{ endpointAppliesData }, { appliesText }] = await Promise.all([import('../output/views/policy/applies-data.js'), import('../output/views/policy/applies-text.js')]);
  const object = findNamed(readWantedResource(word, dialect), resources, dialect, ENDPOINTS);
  const found = model.endpoint(engineId(object)!);
  const directory = new Directory(resources, dialect);
  if (found === undefined) throw new CalicoError('precondition', `${directory.name(engineId(object)!)} has no ipNetworks: for Calico it does not exist, and no policy is enforced for it`, { hint: 'give it an address' });
  const applied = policiesOf(model, found);
  const labels = labelOrigins(object, found.labels, new ProfileLabels(resources.filter(({ kind }) => kind === 'Profile')));
  return { text: (room) => flowed(appliesText(model, applied, labels, directory), room), json: () => endpointAppliesData(model, applied, labels, directory) };
}

async function policyShown(word: string, { resources, model, dialect }: AskedNetwork): Promise<Shown> {
  const { policyObjectsData, policyObjectsText } = await import('../output/views/policy/policy-objects.js');
  const id = engineId(findNamed(readWantedResource(word, dialect), resources, dialect, POLICIES));
  const objects = objectsOf(model, model.parts.policies.policies.find((each) => each.id === id)!);
  const directory = new Directory(resources, dialect);
  return { text: (room) => flowed(policyObjectsText(objects, directory), room), json: () => policyObjectsData(objects, directory) };
}

const ENDPOINTS = { kinds: ['WorkloadEndpoint', 'HostEndpoint'], hint: 'write the name of an endpoint: KIND/NAME, or that of its workload or pod', none: 'no endpoint' };
