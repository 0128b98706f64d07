import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { DEAD_ENDPOINT as dead, startEtcd, type Etcd } from '../../scripts/support/etcd.js';
import { startProxy } from '../support/proxy.js';
import { eventually } from '../../scripts/support/wait.js';
import { Workplace } from '../support/workplace.js';

const TABLE = 'NAME   \na      \n\n';

describe('several endpoints, and ones that do not answer', function () {
  let at: Workplace;
  let silent: Etcd;

  before(async () => {
    [at, silent] = await Promise.all([Workplace.open(), startEtcd()]);
    await silent.pause();
    await at.run(['create', '-f', '-'], { stdin: '{apiVersion: v1, kind: policy, metadata: {name: a}}' });
  });
  after(async () => {
    silent.resume();
    await Promise.all([silent.stop(), at.close()]);
  });

  const on = (endpoints: readonly string[], ...args: string[]): ReturnType<Workplace['run']> => at.run(args, { env: { ETCD_ENDPOINTS: endpoints.join(',') } });

  it('a dead endpoint is passed over, whatever its place', async () => {
    for (const endpoints of [[dead, at.etcd.endpoint], [at.etcd.endpoint, dead]]) {
      expect(await on(endpoints, 'get', 'policy')).to.deep.equal({ code: 0, signal: null, stdout: TABLE, stderr: '' });
      expect(await at.run(['apply', '-f', '-', '-o', 'name'], { stdin: '{apiVersion: v1, kind: policy, metadata: {name: a}}', env: { ETCD_ENDPOINTS: endpoints.join(',') } })).to.deep.equal({ code: 0, signal: null, stdout: 'policy/a unchanged\n', stderr: '' });
    }
  });

  it('so is one that accepts connections and says nothing', async () => {
    expect(await on([silent.endpoint, at.etcd.endpoint], 'get', 'policy')).to.deep.equal({ code: 0, signal: null, stdout: TABLE, stderr: '' });
  });

  it('where none answers, each is named with its reason', async () => {
    const { code, stdout, stderr } = await on([dead, silent.endpoint], 'get', 'policy', '--timeout', '1s');
    expect({ code, stdout, stderr: stderr.replaceAll(dead, 'DEAD').replaceAll(silent.endpoint, 'SILENT') }).to.deep.equal({
      code: 4,
      stdout: '',
      stderr: 'no answer within 1 s: etcd at DEAD: connection refused; etcd at SILENT: accepts no connection, or does not answer on it\nhint: check that etcd is running and that ETCD_ENDPOINTS names its client port\n',
    });
  });

  it('the time limit is the whole command\'s', async () => {
    for (const args of [['get', 'policy'], ['delete', 'policy', 'a'], ['version']]) {
      const { code, stderr } = await on([silent.endpoint], ...args, '--timeout', '500ms');
      expect({ code, stderr: stderr.replaceAll(silent.endpoint, 'SILENT') }, args.join(' ')).to.deep.equal({
        code: 4,
        stderr: 'no answer within 0.5 s: etcd at SILENT: accepts no connection, or does not answer on it\nhint: check that etcd is running and has a leader, or allow more time with --timeout\n',
      });
    }
  });

  it('Ctrl-C does not wait for a server', async () => {
    const proxy = await startProxy(silent.port);
    try {
      const running = at.start(['get', 'policy', '--timeout', '50s'], { env: { ETCD_ENDPOINTS: proxy.endpoint } });
      await eventually('it has turned to the server', () => proxy.connections > 0);
      running.kill('SIGINT');
      expect(await running.ended).to.deep.equal({ code: 130, signal: null, stdout: '', stderr: 'interrupted\n' });
    } finally {
      await proxy.stop();
    }
  });
});
