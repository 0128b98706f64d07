import { expect } from 'chai';
import { describe, it } from 'mocha';
import { connect as connectTo, createServer, type AddressInfo } from 'node:net';
import { startEtcd } from '../../../scripts/support/etcd.js';
import { eventually } from '../../../scripts/support/wait.js';
import { settingsFor, withStore } from '../../support/datastore.js';

describe('the connection of a watch', () => {
  it('carries something when it is nudged, and goes on as before', async () => {
    const etcd = await startEtcd();
    let sent = 0;
    const proxy = createServer((client) => {
      const server = connectTo(etcd.port, '127.0.0.1');
      client.on('data', (chunk) => (sent += chunk.length)).pipe(server).pipe(client);
      for (const each of [client, server]) each.on('error', () => undefined);
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    await withStore(settingsFor(`http://127.0.0.1:${(proxy.address() as AddressInfo).port}`), async (store) => {
      let nudge: (() => void) | undefined;
      const { revision } = await store.snapshot([{ prefix: '/w/' }]);
      const steps = store.watch([{ prefix: '/w/' }], { after: revision, known: new Map(), onConnection: (each) => (nudge = each) })[Symbol.asyncIterator]();
      const first = steps.next();
      await eventually('it is there', () => nudge !== undefined);
      await etcd.etcdctl('put', '/w/a', '1');
      expect((await first).value).to.have.nested.property('changes[0].key', '/w/a');
      await new Promise((resolve) => setTimeout(resolve, 100));
      const before = sent;
      nudge?.();
      await eventually('something was sent', () => sent > before);
      nudge?.();
      const second = steps.next();
      await etcd.etcdctl('put', '/w/b', '1');
      expect((await second).value).to.have.nested.property('changes[0].key', '/w/b');
    });
    proxy.close();
    await etcd.stop();
  });
});
