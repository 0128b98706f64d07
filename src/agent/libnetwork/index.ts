import { randomUUID } from 'node:crypto';
import { connect } from '../../datastore/etcd/connect.js';
import { HERE } from '../../host/workload/side.js';
import { runDrivers } from '../../libnetwork/drivers.js';
import { Engine } from '../../libnetwork/engine.js';
import { isEnabled, readSettings } from '../../libnetwork/settings.js';
import type { DriverContext } from '../../libnetwork/context.js';
import { connectionOf } from '../datastore.js';
import type { Part } from '../part.js';
import { thisHost } from '../startup/host.js';
import { nodeName } from '../startup/node-name.js';

/** For the datastore in answer to one request: the engine waits as long as it takes, and so does who starts a container. */
const REQUEST_MS = 10_000;

/** The part that serves Docker's drivers, where CALICO_LIBNETWORK_ENABLED asks for it. */
export const libnetwork: Part = async (context) => {
  const { env, log, signal } = context;
  if (!isEnabled(env)) {
    log.info('CALICO_LIBNETWORK_ENABLED is not true: Docker gets no drivers of this node');
    return 0;
  }
  const settings = connectionOf(env);
  const withStore: DriverContext['withStore'] = async (work) => {
    const store = await connect(settings, { timeoutMs: REQUEST_MS, signal });
    try {
      return await work(store);
    } finally {
      store.close();
    }
  };
  const node = await nodeName(context, thisHost);
  await runDrivers({ node, settings: readSettings(env, log), log, signal, engine: new Engine(undefined, signal), withStore, sources: { now: () => new Date(), uuid: randomUUID }, host: HERE });
  return 0;
};
