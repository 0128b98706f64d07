import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { Book } from '../../scripts/chaos/book.js';
import { useAddresses } from '../../scripts/chaos/clients.js';
import { wholeHistory } from '../../scripts/chaos/history.js';
import { compare } from '../../scripts/chaos/ledger.js';
import { NODES } from '../../scripts/chaos/names.js';
import { Random } from '../../scripts/chaos/random.js';
import { startEtcd, type Etcd } from '../../scripts/support/etcd.js';

const RESOURCES = '/calico/resources/v3/projectcalico.org/';
/** More than a pool of sixteen addresses has, even where most are released. */
const COMMANDS = 60;

describe('a client of the chaos run', function () {
  let etcd: Etcd;
  before(async () => {
    etcd = await startEtcd();
    await etcd.etcdctl('put', `${RESOURCES}ippools/pool`, JSON.stringify({ kind: 'IPPool', metadata: { name: 'pool' }, spec: { cidr: '10.9.0.0/28', blockSize: 28 } }));
    for (const name of NODES) await etcd.etcdctl('put', `${RESOURCES}nodes/${name}`, JSON.stringify({ kind: 'Node', metadata: { name }, spec: {} }));
  });
  after(() => etcd?.stop());

  it('claims nothing of a pool that is full', async () => {
    const book = new Book();
    const parts = { endpoints: [etcd.endpoint], random: new Random(1), book };
    for (let count = 0; count < COMMANDS; count++) await useAddresses(parts);
    const { lost, doubled, false: untrue } = compare(await wholeHistory(etcd.endpoint), book);
    expect({ lost, doubled, untrue, broken: book.broken }).to.deep.equal({ lost: [], doubled: [], untrue: [], broken: [] });
    expect(book.commands.filter(({ said }) => said === 'not written').length, 'refused').to.be.greaterThan(0);
    expect(book.commands.filter(({ said }) => said === 'deleted').length, 'released').to.be.greaterThan(0);
  });
});
