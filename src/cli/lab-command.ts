import { Args, Flags } from '@oclif/core';
import { CalicoError, DatastoreError, InvalidRequest } from '../base/errors.js';
import type { Store } from '../datastore/store.js';
import type { Lab } from '../lab/lab.js';
import { labNameProblem } from '../lab/plan.js';
import type { WantedEnd } from '../insight/wanted-end.js';
import type { Model } from '../policy/model.js';
import type { StoredObject } from '../resources/kind.js';
import { ManifestCommand } from './manifest-command.js';

/** Which lab. */
export const labFlags = {
  name: Flags.string({ helpValue: 'LAB', description: 'name of the lab', default: 'lab' }),
};

/** Hosts of a lab. */
export const hostArgs = { node: Args.string({ description: 'host of the lab', required: true, ignoreStdin: true }) };

/** The longest that a lab's etcd may be waited for: it is on this machine. */
const STORE_MS = 10_000;

/** What the commands share that make and use labs. */
export abstract class LabCommand extends ManifestCommand {
  /** The lab of a name. Throws CalicoError where there is none, and for everybody but root. */
  protected async lab(name: string): Promise<Lab> {
    this.checkLabName(name);
    const [{ Lab }, { requireRoot }] = await Promise.all([import('../lab/lab.js'), import('../lab/requirements.js')]);
    requireRoot(this.shell.isRoot);
    return Lab.open(name);
  }

  protected checkLabName(name: string): void {
    const problem = labNameProblem(name);
    if (problem !== undefined) throw new InvalidRequest(`--name: ${problem}`);
  }

  /** Connects to the store of a lab. */
  protected readonly connectTo = async (endpoint: string): Promise<Store> => {
    const { connect } = await import('../datastore/etcd/connect.js');
    return connect({ endpoints: [endpoint], endpointsOrigin: 'the lab' }, { timeoutMs: STORE_MS, signal: this.interruption.signal, notify: this.notify });
  };

  /** Does something with the store of a lab. */
  protected async withStore<T>(lab: Lab, work: (store: Store) => Promise<T>): Promise<T> {
    const store = await this.connectTo(lab.endpoint);
    try {
      return await work(store);
    } catch (error) {
      if (!(error instanceof DatastoreError)) throw error;
      const { etcd } = await lab.ask({ do: 'tell' });
      throw etcd?.runs === true ? error : new CalicoError('unreachable', `the etcd of lab ${lab.name} does not run`, { hint: `it is started again by itself; what it says is in ${lab.folder.etcdLog}` });
    } finally {
      store.close();
    }
  }

  /** What the store of a lab says of policies and of who they are about. */
  protected async networkOf(lab: Lab): Promise<{ readonly model: Model; readonly resources: readonly StoredObject[] }> {
    const [{ networkOf }, { POLICY_KINDS }, { compileAll }, { ipPool }] = await Promise.all([import('../insight/network.js'), import('../policy/stored-network.js'), import('../policy/compile.js'), import('../resources/v3/ip-pool.js')]);
    const { resources } = await this.withStore(lab, (store) => networkOf(store, [...POLICY_KINDS, ipPool]));
    return { resources, model: compileAll([resources], {})[0]! };
  }

  /** What a word means as an end of a flow in a lab. */
  protected async end(lab: Lab, word: string): Promise<WantedEnd> {
    const [{ endInLab }, { readWantedEnd }] = await Promise.all([import('../lab/place.js'), import('./wanted-end.js')]);
    return endInLab(lab, word, (other) => readWantedEnd(other, this.dialect));
  }
}
