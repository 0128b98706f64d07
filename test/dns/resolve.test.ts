import { expect } from 'chai';
import { afterEach, describe, it } from 'mocha';
import { hostname } from 'node:os';
import { NameError, resolveName } from '../../src/dns/resolve.js';
import { addressesInHosts, candidatesFor, serversOf, sourcesOf, type SystemFiles } from '../../src/dns/system.js';
import { NameServer, type Zone } from '../support/name-server.js';

const NSSWITCH = 'passwd: files\nhosts: files dns # comment\n';

describe('what the files of a machine say of names', () => {
  it('the hosts file: every line with the name, in any case, comments left out', () => {
    const hosts = '127.0.0.1 localhost\n10.0.0.1\tEtcd1.Example etcd1 # etcd2\n#10.0.0.9 etcd1\nfd00::1 etcd1\n';
    expect(addressesInHosts(hosts, 'ETCD1')).to.deep.equal(['10.0.0.1', 'fd00::1']);
    expect(addressesInHosts(hosts, 'etcd1.example.')).to.deep.equal(['10.0.0.1']);
    expect(addressesInHosts(hosts, 'etcd2')).to.deep.equal([]);
  });

  it('the sources, in order; what to do with each is left out', () => {
    expect(sourcesOf('#hosts: nis\nhosts:  files mdns4_minimal [NOTFOUND=return] dns [!UNAVAIL=return] myhostname\n')).to.deep.equal(['files', 'mdns4_minimal', 'dns', 'myhostname']);
    expect(sourcesOf('')).to.deep.equal(['files', 'dns']);
  });

  const RESOLV = '# search x\nnameserver 10.0.0.53\nsearch a.example b.example.\nnameserver fd00::53\noptions timeout:30 ndots:2\n';
  it('the names to ask for, by search list and ndots', () => {
    expect(candidatesFor('etcd1', RESOLV)).to.deep.equal(['etcd1.a.example', 'etcd1.b.example', 'etcd1']);
    expect(candidatesFor('etcd1.site', RESOLV)).to.deep.equal(['etcd1.site.a.example', 'etcd1.site.b.example', 'etcd1.site']);
    expect(candidatesFor('etcd1.site.corp', RESOLV)).to.deep.equal(['etcd1.site.corp', 'etcd1.site.corp.a.example', 'etcd1.site.corp.b.example']);
    expect(candidatesFor('etcd1.', RESOLV)).to.deep.equal(['etcd1']);
    expect(candidatesFor('etcd1', '')).to.deep.equal(['etcd1']);
    expect(candidatesFor('etcd1', 'search x\ndomain only.example\n')).to.deep.equal(['etcd1.only.example', 'etcd1']);
    expect(serversOf(RESOLV)).to.deep.equal(['10.0.0.53', 'fd00::53']);
  });
});

describe('the addresses of a host', function () {
  let server: NameServer | undefined;
  afterEach(() => {
    server?.stop();
    server = undefined;
  });

  async function resolve(name: string, zone: Zone, files: Partial<SystemFiles> = {}, signal?: AbortSignal): Promise<readonly string[] | string> {
    server?.stop();
    server = await NameServer.start(zone);
    try {
      return await resolveName(name, { servers: [server.address], files: { hosts: '', resolvConf: '', nsswitch: NSSWITCH, ...files }, signal });
    } catch (error) {
      if (!(error instanceof NameError)) throw error;
      return `${error.kind}: ${error.message.replace(server.address, 'SERVER')}`;
    }
  }
  const denied: Zone = () => 3;

  it('an address is itself, and nobody is asked', async () => {
    expect(await resolve('10.0.0.1', denied)).to.deep.equal(['10.0.0.1']);
    expect(server?.asked).to.deep.equal([]);
    expect(await resolve('fd00::1', denied)).to.deep.equal(['fd00::1']);
    expect(server?.asked).to.deep.equal([]);
  });

  it('the hosts file goes before DNS, unless nsswitch.conf leaves it out', async () => {
    const hosts = '10.0.0.7 etcd1\n10.0.0.7 etcd1\nfd00::7 etcd1\n';
    const zone: Zone = (_name, family) => (family === 4 ? ['10.9.9.9'] : []);
    expect(await resolve('etcd1', zone, { hosts })).to.deep.equal(['10.0.0.7', 'fd00::7']);
    expect(server?.asked).to.deep.equal([]);
    expect(await resolve('etcd1', zone, { hosts, nsswitch: 'hosts: dns\n' })).to.deep.equal(['10.9.9.9']);
    expect(await resolve('etcd9', zone, { hosts, nsswitch: 'hosts: files\n' })).to.equal('unknown: the host name cannot be resolved');
    expect(server?.asked).to.deep.equal([]);
  });

  it('localhost is this machine, whatever DNS says of it', async () => {
    expect(await resolve('localhost', () => ['10.9.9.9'])).to.deep.equal(['127.0.0.1', '::1']);
    expect(await resolve('db.localhost', () => ['10.9.9.9'])).to.deep.equal(['127.0.0.1', '::1']);
    expect(await resolve('localhost', denied, { hosts: '127.0.0.2 localhost\n' })).to.deep.equal(['127.0.0.2']);
  });

  it('addresses of both families', async () => {
    expect(await resolve('etcd1.example', (_name, family) => (family === 4 ? ['10.0.0.1', '10.0.0.2'] : ['fd00::1']))).to.deep.equal(['10.0.0.1', '10.0.0.2', 'fd00::1']);
    expect(await resolve('etcd1.example', (_name, family) => (family === 4 ? [] : ['fd00::1']))).to.deep.equal(['fd00::1']);
  });

  it('a server that never answers for one family does not keep those of the other back', async () => {
    expect(await resolve('etcd1.example', (_name, family) => (family === 4 ? ['10.0.0.1'] : 'silence'))).to.deep.equal(['10.0.0.1']);
  });

  it('the search list is gone through', async () => {
    const zone: Zone = (name, family) => (name === 'etcd1.b.example' && family === 4 ? ['10.0.0.1'] : 3);
    expect(await resolve('etcd1', zone, { resolvConf: 'search a.example b.example c.example\n' })).to.deep.equal(['10.0.0.1']);
    expect(server?.asked).to.deep.equal(['etcd1.a.example', 'etcd1.b.example']);
    expect(await resolve('etcd2', zone, { resolvConf: 'search a.example b.example\n' })).to.equal('unknown: the host name cannot be resolved');
    expect(server?.asked).to.deep.equal(['etcd2.a.example', 'etcd2.b.example', 'etcd2']);
  });

  it('a server that fails, and one that is silent, are told apart from a name that is not there', async () => {
    expect(await resolve('etcd1.example', () => 2)).to.equal('failed: the name server reports a failure (ESERVFAIL)');
    expect(await resolve('etcd1.example', () => 'silence')).to.equal('silent: the name server SERVER does not answer');
  });

  it('is given up when it shall be', async () => {
    const controller = new AbortController();
    const reason = new Error('interrupted');
    const silent: Zone = () => {
      setImmediate(() => controller.abort(reason));
      return 'silence';
    };
    expect(await resolve('etcd1.example', silent, {}, controller.signal).then(() => undefined, (error: unknown) => error)).to.equal(reason);
  });

  it('sources that only the C library knows are asked in a process of their own', async () => {
    expect(await resolve(hostname(), denied, { nsswitch: 'hosts: files dns mymachines\n' })).to.satisfy((found: unknown) => Array.isArray(found) && found.length > 0);
    expect(await resolve('no-such-host.invalid', denied, { nsswitch: 'hosts: files dns mymachines\n' })).to.equal('unknown: the host name cannot be resolved');
  });
});
