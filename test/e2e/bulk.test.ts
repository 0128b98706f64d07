import { expect } from 'chai';
import { after, afterEach, before, beforeEach, describe, it } from 'mocha';
import { startProxy, type Proxy } from '../support/proxy.js';
import { Workplace } from '../support/workplace.js';

const FOLDER = '/calico/resources/v3/projectcalico.org/globalnetworkpolicies/';
/** How often a command is killed. */
const KILLS = process.env['CI'] === undefined ? 5 : 12;
/** Resources of one transaction of several, at most (BATCH_LIMIT). */
const BATCH = 127;

/** What stays on a terminal: the line of progress, which a slow machine shows, is gone in the end. */
function withoutProgress(text: string): string {
  return text.replaceAll(/[^\n]*\r\x1b\[K/g, '');
}

/** A manifest of so many policies, p0000 and on. */
function policies(count: number): string {
  return names(count).map((name) => `- {apiVersion: v1, kind: policy, metadata: {name: ${name}}, spec: {order: 1, selector: "a == 'b'"}}\n`).join('');
}

function names(count: number): string[] {
  return Array.from({ length: count }, (_none, index) => `p${String(index).padStart(4, '0')}`);
}

describe('batches larger than a transaction', function () {
  this.timeout(240_000);
  let at: Workplace;
  let proxy: Proxy;

  before(async () => {
    at = await Workplace.open();
    at.file('300.yaml', policies(300));
    at.file('600.yaml', policies(600));
    at.file('1600.yaml', policies(1600));
  });
  after(() => at.close());
  beforeEach(async () => {
    await at.wipe();
    proxy = await startProxy(at.etcd.port);
    await at.run(['create', '-f', '-'], { stdin: '{apiVersion: v1, kind: profile, metadata: {name: other}}' });
  });
  afterEach(() => proxy.stop());

  const stored = async (): Promise<readonly string[]> => (await at.keys(FOLDER)).map((key) => key.slice(FOLDER.length));

  it('are announced on a terminal, and not in a pipe', async () => {
    const { code, stdout } = await at.run(['create', '-f', '300.yaml'], { terminal: true });
    expect({ code, stdout: withoutProgress(stdout) }).to.deep.equal({
      code: 0,
      stdout: `300 resources take 3 transactions: each one is all or nothing, but not all of them together\r\n${names(300).map((name) => `Policy(name=${name}) created\r\n`).join('')}Successfully created 300 'policy' resource(s)\r\n300 created\r\n`,
    });
    await at.wipe();
    expect(await at.run(['create', '-f', '300.yaml'])).to.deep.equal({ code: 0, signal: null, stdout: "Successfully created 300 'policy' resource(s)\n", stderr: '' });
    expect(await stored()).to.deep.equal(names(300));
  });

  it('name exactly what was and was not written when somebody else interferes, and can be run again', async () => {
    const all = names(300);
    // The snapshot passes; before any transaction arrives, somebody else creates a policy of the last one.
    proxy.cutNext('request', () => at.run(['create', '-f', '-'], { stdin: '{apiVersion: v1, kind: policy, metadata: {name: p0299}}' }), 1);
    const { code, stdout, stderr } = await at.run(['create', '-f', '300.yaml'], { env: { ETCD_ENDPOINTS: proxy.endpoint } });
    expect({ code, stdout, stderr: stderr.split('\n') }).to.deep.equal({
      code: 6,
      stdout: `Partial success: created ${2 * BATCH} out of 300 'policy' resources\n`,
      stderr: [
        "Failed to create 'policy' resource: Policy(name=p0299) was changed meanwhile by another client (300.yaml:300)",
        ...all.slice(0, 2 * BATCH).map((name) => `created: Policy(name=${name})`),
        ...all.slice(2 * BATCH).map((name) => `not created: Policy(name=${name})`),
        'Run the same command again with --skip-exists to do the rest.',
        '',
      ],
    });
    expect(await stored()).to.deep.equal([...all.slice(0, 2 * BATCH), 'p0299']);
    expect(await at.run(['create', '-f', '300.yaml', '--skip-exists'])).to.deep.include({ code: 0, stdout: "Successfully created 300 'policy' resource(s)\n" });
    expect(await stored()).to.deep.equal(all);
  });

  /** What a command said of each policy. */
  function account(stderr: string): Record<'created' | 'perhaps created' | 'not created', string[]> {
    const told = stderr.split('\n');
    const of = (word: string): string[] => told.flatMap((line) => (line.startsWith(`${word}: Policy(name=`) ? [line.slice(word.length + 14, -1)] : []));
    return { created: of('created'), 'perhaps created': of('perhaps created'), 'not created': of('not created') };
  }

  /** Each of the 1,600 is told once, and truly. On a busy machine the transactions under way may end too late to be known of. */
  function expectTruth(told: ReturnType<typeof account>, written: readonly string[]): void {
    expect([...told.created, ...told['perhaps created'], ...told['not created']].sort()).to.deep.equal(names(1600));
    expect(told.created.filter((name) => !written.includes(name)), 'created and not stored').to.deep.equal([]);
    expect(told['not created'].filter((name) => written.includes(name)), 'not created and stored').to.deep.equal([]);
    expect(told['perhaps created'].length).to.be.within(0, 4 * BATCH);
  }

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const) it(`end with whole transactions at ${signal} (exit 130), and can be run again`, async () => {
    let interrupt = (): void => undefined;
    proxy.onNextRequest(() => interrupt(), 6);
    const running = at.start(['create', '-f', '1600.yaml'], { env: { ETCD_ENDPOINTS: proxy.endpoint } });
    interrupt = () => running.kill(signal);
    const { code, stdout, stderr } = await running.ended;
    const written = await stored();
    expect(written.length % BATCH, 'whole transactions').to.equal(0);
    expect(written.length).to.be.within(BATCH, 1600 - BATCH);
    const told = account(stderr);
    expect({ code, stdout }).to.deep.equal({ code: 130, stdout: `Partial success: created ${told.created.length} out of 1600 'policy' resources\n` });
    expectTruth(told, written);
    expect(await at.run(['create', '-f', '1600.yaml', '--skip-exists'])).to.deep.include({ code: 0, stdout: "Successfully created 1600 'policy' resource(s)\n" });
    expect(await stored()).to.deep.equal(names(1600));
  });

  it('say of which transactions the outcome is unknown when the server falls silent', async () => {
    // The first transactions are answered; later ones never arrive.
    proxy.cutNext('request', async () => void proxy.hang(), 6);
    const { code, stdout, stderr } = await at.run(['create', '-f', '1600.yaml', '--timeout', '3s'], { env: { ETCD_ENDPOINTS: proxy.endpoint } });
    const written = await stored();
    const told = account(stderr);
    expect({ code, stdout, stderr: stderr.split('\n').slice(-2) }).to.deep.equal({
      code: 6,
      stdout: `Partial success: created ${told.created.length} out of 1600 'policy' resources\n`,
      stderr: ['Run the same command again with --skip-exists to do the rest.', ''],
    });
    expectTruth(told, written);
    expect(told['perhaps created'].length).to.be.within(1, 4 * BATCH);
  });

  it(`leave every key whole or absent when killed, ${KILLS} times, and can be run again`, async () => {
    const started = Date.now();
    await at.run(['create', '-f', '600.yaml']);
    const whole = await at.stored(FOLDER);
    const longest = Date.now() - started;
    const specs = new Set(Object.values(whole).map((value) => JSON.stringify((value as { spec: unknown }).spec)));
    expect({ count: Object.keys(whole).length, specs: specs.size }).to.deep.equal({ count: 600, specs: 1 });
    for (let kill = 0; kill < KILLS; kill++) {
      await at.etcd.etcdctl('del', '--prefix', FOLDER);
      const delay = Math.random() * longest;
      const running = at.start(['create', '-f', '600.yaml']);
      await new Promise((resolve) => setTimeout(resolve, delay));
      running.kill('SIGKILL');
      await running.ended;
      const left = await at.stored(FOLDER);
      const about = `killed after ${Math.round(delay)} ms`;
      expect(Object.values(left).filter((value) => !specs.has(JSON.stringify((value as { spec?: unknown }).spec))), about).to.deep.equal([]);
      expect(await at.quickly(['apply', '-f', '600.yaml']), about).to.deep.equal({ code: 0, signal: null, stdout: "Successfully applied 600 'policy' resource(s)\n", stderr: '' });
      expect(await stored(), about).to.deep.equal(names(600));
    }
  });

  it('are applied again without a single write when nothing has changed', async () => {
    await at.run(['create', '-f', '300.yaml']);
    const before = await at.revision();
    expect(await at.run(['apply', '-f', '300.yaml'])).to.deep.equal({ code: 0, signal: null, stdout: "Successfully applied 300 'policy' resource(s)\n", stderr: '' });
    const { stdout } = await at.run(['apply', '-f', '300.yaml'], { terminal: true });
    expect(withoutProgress(stdout)).to.equal("Successfully applied 300 'policy' resource(s)\r\n300 unchanged\r\n");
    expect(await at.revision()).to.equal(before);
  });

  it('go again by the same file', async () => {
    await at.run(['create', '-f', '300.yaml']);
    expect(await at.run(['delete', '-f', '300.yaml'])).to.deep.equal({ code: 0, signal: null, stdout: "Successfully deleted 300 'policy' resource(s)\n", stderr: '' });
    expect(await stored()).to.deep.equal([]);
  });
});
