import { expect } from 'chai';
import { after, before, beforeEach, describe, it } from 'mocha';
import { Workplace } from '../support/workplace.js';

const RESOURCES = `
- {apiVersion: v1, kind: node, metadata: {name: n1}}
- {apiVersion: v1, kind: profile, metadata: {name: web}}
- {apiVersion: v1, kind: policy, metadata: {name: p}}
- {apiVersion: v1, kind: hostEndpoint, metadata: {name: eth0, node: n1}, spec: {interfaceName: eth0, profiles: [web]}}
`;
const PROFILE = '/calico/resources/v3/projectcalico.org/profiles/web';
const ENDPOINT = '/calico/resources/v3/projectcalico.org/hostendpoints/n1.eth0';
const NODE = '/calico/resources/v3/projectcalico.org/nodes/n1';

describe('agreeing to the deletion of what is in use', function () {
  this.timeout(120_000);
  let at: Workplace;
  before(async () => (at = await Workplace.open()));
  after(() => at.close());
  beforeEach(async () => {
    await at.wipe();
    expect((await at.run(['create', '-f', '-'], { stdin: RESOURCES })).code).to.equal(0);
  });

  for (const answer of ['y\n', 'Yes\n']) {
    it(`${JSON.stringify(answer)} deletes`, async () => {
      const { code, stdout } = await at.run(['delete', 'node', 'n1'], { terminal: true, stdin: answer });
      expect(stdout).to.include('Deleting Node(name=n1) also deletes:').and.to.include('HostEndpoint(n1.eth0)');
      expect(code).to.equal(0);
      expect(await at.keys()).not.to.include(NODE).and.not.to.include(ENDPOINT);
    });
  }

  for (const answer of ['\n', 'n\n', 'yesterday\n', '']) {
    it(`${JSON.stringify(answer)} does not`, async () => {
      const before = await at.revision();
      const { code, stdout } = await at.run(['delete', 'profile', 'web'], { terminal: true, stdin: answer });
      expect([code, await at.revision()], stdout).to.deep.equal([1, before]);
    });
  }

  for (const streams of ['2>err', '>out', '>out 2>err', '2>err | cat >out']) {
    it(`is asked for on the terminal, wherever the streams go: ${streams}`, async () => {
      const before = await at.revision();
      const { stdout } = await at.shell(`calicoctl delete node n1 ${streams}`, { terminal: true, stdin: 'n\n' });
      expect(stdout).to.include('Deleting Node(name=n1) also deletes:').and.to.include('[y/N]');
      expect(await at.revision()).to.equal(before);
    });
  }

  it('is refused with the list where the one who types sees no stream', async () => {
    const before = await at.revision();
    // Without a controlling terminal there is no /dev/tty, though stdin is one.
    const { stdout } = await at.shell('setsid -w calicoctl delete node n1 >out 2>err; cat err', { terminal: true });
    expect(stdout).to.include('Deleting Node(name=n1) also deletes:').and.to.include('--yes').and.not.to.include('[y/N]');
    expect(await at.revision()).to.equal(before);
  });

  it('what --skip-not-exists skips is told apart, and a dry run says the same', async () => {
    const targets = ['policy/p', 'policy/absent', 'profile/web'];
    const results = async (...more: string[]): Promise<unknown> => (JSON.parse((await at.run(['delete', ...targets, '-s', '-o', 'json', ...more])).stdout) as { name: string; result: string }[]).map(({ name, result }) => `${name} ${result}`);
    const told = ['policy/p deleted', 'policy/absent skipped', 'profile/web deleted'];
    expect((await at.run(['delete', ...targets, '-s', '--dry-run'])).stdout.split('\n').slice(0, 3)).to.deep.equal(['would delete Policy(name=p)', 'would delete Profile(name=web)', 'would break HostEndpoint(n1.eth0): names the profile web; a missing profile denies all traffic to it']);
    expect(await results('--dry-run')).to.deep.equal(told);
    expect(await results()).to.deep.equal(told);
    expect((await at.run(['delete', ...targets, '-s'])).stdout).to.equal('Successfully deleted 3 resource(s)\n');
  });

  for (const [answer, code] of [['y\n', 0], ['n\n', 1]] as const) {
    it(`apply --prune shows what goes and breaks, and asks: ${JSON.stringify(answer)}`, async () => {
      at.file('new.yaml', '{apiVersion: v1, kind: profile, metadata: {name: new}}');
      const before = await at.revision();
      const ended = await at.run(['apply', '-f', 'new.yaml', '--prune'], { terminal: true, stdin: answer });
      expect(ended.stdout).to.include('--prune deletes a resource that no file has:').and.to.include('  Profile(name=web)').and.to.include('HostEndpoint(n1.eth0) names the profile web').and.to.include('[y/N]');
      expect([ended.code, (await at.keys()).includes(PROFILE), (await at.revision()) === before], ended.stdout).to.deep.equal([code, code === 1, code === 1]);
    });
  }

  it('--yes shows what breaks and does not ask', async () => {
    const { code, stdout } = await at.run(['delete', 'profile', 'web', '--yes'], { terminal: true });
    expect(stdout).to.include('HostEndpoint(n1.eth0)').and.not.to.include('[y/N]');
    expect([code, (await at.keys()).includes(PROFILE)]).to.deep.equal([0, false]);
  });

  it('is not asked for in a pipe, and -o json says what broke', async () => {
    const { code, stdout, stderr } = await at.run(['delete', 'profile', 'web', '-o', 'json']);
    expect([code, stderr, (await at.keys()).includes(PROFILE)]).to.deep.equal([0, '', false]);
    const reason = 'names the profile web; a missing profile denies all traffic to it';
    expect(JSON.parse(stdout)).to.deep.equal([{ kind: 'profile', apiVersion: 'v1', name: 'profile/web', result: 'deleted', breaks: [{ kind: 'HostEndpoint', name: 'n1.eth0', reason }] }]);
  });

  it('is not asked for where nothing depends on what goes, alone or together', async () => {
    for (const args of [['policy', 'p'], ['-f', 'both.yaml']]) {
      at.file('both.yaml', RESOURCES.split('\n').filter((line) => /profile, |hostEndpoint/.test(line)).join('\n'));
      const { code, stdout } = await at.run(['delete', ...args], { terminal: true });
      expect(stdout).not.to.include('[y/N]');
      expect(code, stdout).to.equal(0);
    }
  });
});
