import { execFile, execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';

const root = join(import.meta.dirname, '../..');
const RUN = join(root, 'bin/run.js');

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function node(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, args, { env: { ...process.env, NODE_V8_COVERAGE: undefined, ...env } }, (error, stdout, stderr) => resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }));
    child.stdin?.end();
  });
}

describe('launcher (the build)', () => {
  let directory: string;
  let manifest: string;
  let helpTexts: Record<string, string>;
  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'calicoctl-launcher-'));
    manifest = join(directory, 'profile.yaml');
    writeFileSync(manifest, 'apiVersion: v1\nkind: profile\nmetadata:\n  name: web\nspec:\n  ingress:\n  - action: allow\n');
    helpTexts = JSON.parse(readFileSync(join(root, 'dist/help-80.json'), 'utf8')) as Record<string, string>;
  });
  after(() => rmSync(directory, { recursive: true }));

  /** A copy of the built tool, so that a test can break it. */
  function copyOfTool(name: string): string {
    const copy = join(directory, name);
    for (const part of ['bin', 'dist']) cpSync(join(root, part), join(copy, part), { recursive: true });
    return copy;
  }

  it('prints its version, and the commit that was built', async () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    const commit = execFileSync('git', ['rev-parse', '--short=7', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim();
    const { stdout, ...rest } = await node([RUN, '--version']);
    expect(rest).to.deep.equal({ code: 0, stderr: '' });
    expect(stdout).to.match(new RegExp(`^calicoctl ${version.replaceAll('.', '\\.')} \\(${commit}(?:, changed)?\\)\n$`));
  });

  for (const [args, topic] of [[[], ''], [['--help'], ''], [['help'], ''], [['get', '--help'], 'get'], [['help', 'get'], 'get'], [['-l', 'debug', 'get', '-h'], 'get']] as const) {
    it(`prints the help of "${topic}" for calicoctl ${args.join(' ')}`, async () => {
      expect(helpTexts[topic]).to.have.length.greaterThan(100);
      expect(await node([RUN, ...args])).to.deep.equal({ code: 0, stdout: helpTexts[topic], stderr: '' });
    });
  }

  it('refuses an unknown command', async () => {
    expect(await node([RUN, 'validat', 'nodes'])).to.deep.equal({ code: 2, stdout: '', stderr: 'validat is not a command\nhint: did you mean validate?\n' });
  });

  it('refuses an unknown flag of a command', async () => {
    expect(await node([RUN, 'validate', '-f', manifest, '--wrong'])).to.deep.equal({ code: 2, stdout: '', stderr: 'validate has no flag --wrong\nhint: calicoctl validate --help shows what it takes\n' });
  });

  it('moves options in front of the command behind it', async () => {
    expect(await node([RUN, '-l', 'error', 'validate', '-f', manifest])).to.deep.equal({ code: 0, stdout: "Successfully validated 1 'profile' resource(s)\n", stderr: '' });
  });

  it('tells an old Node in one sentence', async () => {
    const pretend = join(directory, 'old-node.cjs');
    writeFileSync(pretend, "Object.defineProperty(process, 'version', { value: 'v20.18.3' }); Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.18.3' } });");
    expect(await node(['--require', pretend, RUN, '--version'])).to.deep.equal({ code: 1, stdout: '', stderr: 'calicoctl needs Node.js 20.19 or newer; this is v20.18.3.\n' });
  });

  it('says that it is not built', async () => {
    const copy = copyOfTool('unbuilt');
    rmSync(join(copy, 'dist'), { recursive: true });
    expect(await node([join(copy, 'bin/run.js'), '--version'])).to.deep.equal({ code: 1, stdout: '', stderr: 'calicoctl is not built yet: run npm run build first.\n' });
  });

  for (const [what, spoil] of [
    ['that another Node made', (file: string) => writeFileSync(file, Buffer.concat([Buffer.alloc(16, 7), readFileSync(file).subarray(16)]))],
    ['that is cut off', (file: string) => writeFileSync(file, readFileSync(file).subarray(0, 1000))],
    ['that is missing', (file: string) => rmSync(file)],
  ] as const) {
    it(`works with a code cache ${what}`, async () => {
      const copy = copyOfTool(`cache ${what}`);
      spoil(join(copy, 'dist/cache/validate.bin'));
      expect(await node([join(copy, 'bin/run.js'), 'validate', '-f', manifest])).to.deep.equal({ code: 0, stdout: "Successfully validated 1 'profile' resource(s)\n", stderr: '' });
    });
  }

  it('leaves a code cache aside in which any bit was flipped', async () => {
    const copy = copyOfTool('flipped');
    const file = join(copy, 'dist/cache/validate.bin');
    const sound = readFileSync(file);
    // Spread over the header, the code and the digest.
    const places = Array.from({ length: 24 }, (_, index) => Math.floor((index / 23) * (sound.length - 1)));
    for (const at of places) {
      const spoilt = Buffer.from(sound);
      spoilt.writeUInt8(spoilt.readUInt8(at) ^ (1 << (at % 8)), at);
      writeFileSync(file, spoilt);
      expect(await node([join(copy, 'bin/run.js'), 'validate', '-f', manifest]), `bit of byte ${at}`).to.deep.equal({ code: 0, stdout: "Successfully validated 1 'profile' resource(s)\n", stderr: '' });
    }
  });

  it('runs a bundle that was changed without changing its length, not the code that was cached', async () => {
    const copy = copyOfTool('changed');
    const file = join(copy, 'dist/calicoctl-offline.js');
    const [before, after] = ['Successfully ', 'Succesfuly!  '];
    const source = readFileSync(file, 'latin1');
    expect(source).to.include(before);
    writeFileSync(file, source.replaceAll(before, after), 'latin1');
    expect(await node([join(copy, 'bin/run.js'), 'validate', '-f', manifest])).to.deep.equal({ code: 0, stdout: `${after}validated 1 'profile' resource(s)\n`, stderr: '' });
  });

  it('points into the sources when it fails unexpectedly', async () => {
    const copy = copyOfTool('failing');
    const saboteur = join(directory, 'saboteur.cjs');
    // What no command expects: the name of the platform cannot be had.
    writeFileSync(saboteur, "require('node:os').arch = () => { throw new Error('sabotage'); };");
    const { code, stdout, stderr } = await node(['--require', saboteur, join(copy, 'bin/run.js'), 'validate', '-f', manifest]);
    expect({ code, stdout }).to.deep.equal({ code: 1, stdout: '' });
    const lines = stderr.split('\n');
    expect(lines.slice(0, 2)).to.deep.equal(['this is a bug of calicoctl, please report it with these lines:', 'Error: sabotage']);
    const main = lines.find((line) => line.includes('runCommand (src/'));
    const call = /^ {4}at (?:async )?runCommand \(src\/programs\/calicoctl\/main\.ts:(\d+):\d+\)$/.exec(main ?? '');
    const source = readFileSync(join(root, 'src/programs/calicoctl/main.ts'), 'utf8').split('\n');
    expect(source[Number(call?.[1]) - 1]).to.match(/Config\.load|config\.runCommand/);
  });
});
