import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { commandNames, type Manifest } from '../../scripts/build/manifest.js';
import { ROOT } from '../../scripts/support/calicoctl.js';
import { readCommandLine } from '../../src/cli/argv.js';
import { allPlayed, isShown, samplesIn, type Sample } from '../support/samples.js';
import { unknownFlags } from '../support/unknown-flags.js';

const PAGES = ['README.md', ...readdirSync(join(ROOT, 'docs')).filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`)];
const textOf = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

/** Every source file below a folder. */
function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts')).map((name) => join(folder, name));
}

/** What no recorded session can play: the test that does, with words of it. */
const ELSEWHERE: readonly { readonly line: RegExp; readonly test: string; readonly words: string }[] = [
  { line: /^npm install --global calicoctl-\S+\.tgz$/, test: 'test/cli/tour.test.ts', words: "'npm', 'install', '--global'" },
  { line: /^dpkg -i calicoctl_\S+_amd64\.deb$/, test: 'test/e2e/packages.test.ts', words: 'dpkg' },
  { line: /^docker load -i calicoctl-\S+-image-amd64\.tar$/, test: 'test/e2e/packages.test.ts', words: 'load' },
  { line: /^install calicoctl-\S+-linux-x64 \/usr\/local\/bin\/calicoctl$/, test: 'test/e2e/packages.test.ts', words: 'executable' },
  { line: /^npm ci && npm run tour$/, test: 'test/cli/tour.test.ts', words: 'scripts/tour/index.ts' },
  { line: /^calicoctl node run --node-image=test\/node:1$/, test: 'test/e2e/node-run.test.ts', words: "shownInDocs('calicoctl node run --node-image=test/node:1')" },
  { line: /^calicoctl node status$/, test: 'test/cli/node-status.test.ts', words: "shownInDocs('calicoctl node status')" },
  { line: /^calicoctl lab up$/, test: 'test/e2e/lab.test.ts', words: "'lab', 'up'" },
  { line: /^calicoctl lab connect frontend-1 database:3306$/, test: 'test/e2e/lab.test.ts', words: "'frontend-1', 'database:3306'" },
  { line: /^calicoctl get workloadEndpoints --context lab$/, test: 'test/e2e/lab.test.ts', words: "'get', 'workloadEndpoints'" },
  { line: /^calicoctl lab down$/, test: 'test/e2e/lab.test.ts', words: "'lab', 'down'" },
  ...[/^calicoctl node install-cni$/, /^calicoctl get workloadendpoints -A --dialect v3$/, /^(?:ip netns add web|cd \/etc\/cni\/net\.d|node -p '.*' > \/tmp\/calico\.json)$/, /^export CNI_PATH=\/opt\/cni\/bin /, /^CNI_COMMAND=(?:ADD|DEL) \/opt\/cni\/bin\/calico < \/tmp\/calico\.json$/, /^sed '.*' \/tmp\/calico\.json \| CNI_COMMAND=STATUS /].map((line) => ({ line, test: 'test/e2e/cni-docs.test.ts', words: "samplesIn('docs/cni.md'" })),
  { line: /^calicoctl policy test -f examples\/tests\/tenant\.yaml$/, test: 'test/cli/policy-test-example.test.ts', words: 'examples/tests/tenant.yaml' },
];

/** Lines of shell in which calicoctl has no part. */
const NOT_OURS = [/^(?:PACKET_ROUNDS=\d+ PACKET_SEED=\d+|POLICY_CHANGES=\d+) npx mocha test\/e2e\/lab-\w+\.test\.ts$/, /^export ETCD_ENDPOINTS=\S+ ETCD_CA_CERT_FILE=\S+$/, /^npm ci && npm test$/, /^CNI_PATH=\S+ cnitool \w+ calico \/run\/netns\/web$/, /^ip netns exec web ip addr show eth0$/, /^jq -r '[^']+' \w+$/];

const all = PAGES.flatMap((page) => samplesIn(page, textOf(page)));

describe('the command lines that the README and docs show', () => {
  it('are played by a recorded session, which prints what is shown below them', () => {
    const played = allPlayed();
    const silent = all.filter((each) => !NOT_OURS.some((line) => line.test(each.line)) && !ELSEWHERE.some(({ line }) => line.test(each.line)) && !played.some((step) => isShown(each, step)));
    expect(silent.map(({ page, line }) => `${page}: ${line}`), 'put the line into test/cases/cli/docs-*.txt, with the files that it names').to.deep.equal([]);
    expect(all.length).to.be.greaterThan(60);
  });

  it('stand in blocks that say what they are', () => {
    const hidden = PAGES.flatMap((page) => Array.from(textOf(page).matchAll(/^ *```(\w*)\n(.*?)^ *```$/gms)).filter(([, language = '', block = '']) => !/^(?:console|sh)$/.test(language) && /^ *(?:\$ )?calicoctl /m.test(block)).map(([block]) => `${page}: ${block}`));
    expect(hidden).to.deep.equal([]);
  });

  it('are played by the tests that are named, where no session can', () => {
    for (const { line, test, words } of ELSEWHERE) {
      expect(all.some((each) => line.test(each.line)), String(line)).to.equal(true);
      expect(textOf(test), test).to.include(words);
    }
  });

  it('have commands and flags that there are, within sentences too', () => {
    const { commands } = JSON.parse(textOf('oclif.manifest.json')) as Manifest;
    const names = Object.keys(commandNames({ commands, version: '' }));
    const wrong = PAGES.flatMap((page) => Array.from(textOf(page).replaceAll(/^```.*?^```$/gms, '').matchAll(/`calicoctl ([^`]+)`/g), ([, line = '']) => ({ page, line })))
      .filter(({ line }) => /^[-a-z]/.test(line))
      .filter(({ line }) => {
        const read = readCommandLine(line.split(/[ |]+/), names);
        return read.kind === 'problem' || (read.kind === 'run' && unknownFlags(read.args, commands[read.command.replaceAll(' ', ':')]?.flags ?? {}).length > 0);
      });
    expect(wrong.map(({ page, line }) => `${page}: calicoctl ${line}`)).to.deep.equal([]);
  });

  it('lead to troubles whose words are those of the tool', () => {
    const said = [...allPlayed().map(({ output }) => output), ...filesIn(join(ROOT, 'src')).map((file) => readFileSync(file, 'utf8'))].join('\n').replaceAll("\\'", "'");
    const symptoms = Array.from(textOf('docs/troubleshooting.md').matchAll(/^\| (`[^|]*?) \|/gm), ([, cell = '']) => Array.from(cell.matchAll(/`([^`]+)`/g), ([, words = '']) => words)).flat();
    expect(symptoms.length).to.be.greaterThan(20);
    expect(symptoms.filter((words) => !said.includes(words))).to.deep.equal([]);
  });

  it('are known by how they begin', () => {
    const page = '```console\n$ a --b\nx\n\n# a remark\n$ c\n```\n```sh\nd  # e\n# f\n\ng \'# h\'\n```\n```yaml\n$ i\n```\n1. j\n\n   ```sh\n   k\n   ```\n';
    expect(samplesIn('p', page)).to.deep.equal([{ page: 'p', line: 'a --b', output: 'x' }, { page: 'p', line: 'c', output: '' }, { page: 'p', line: 'd' }, { page: 'p', line: "g '# h'" }, { page: 'p', line: 'k' }]);
  });

  it('are not shown where they end with a usage error or a crash, or print something else', () => {
    const sample: Sample = { page: 'p', line: 'a' };
    const step = { line: 'a', output: '', exit: '0' };
    expect(['0', '1', '2', '3', '4', '5'].filter((exit) => isShown(sample, { ...step, exit }))).to.deep.equal(['0', '1', '5']);
    expect(isShown(sample, { ...step, output: 'TypeError: x\n    at f (/a/b.ts:1:2)' })).to.equal(false);
    expect(isShown({ ...sample, output: 'b 7 (c)' }, { ...step, output: 'b @REV@ (c)' })).to.equal(true);
    expect(isShown({ ...sample, output: 'b 7 (c' }, { ...step, output: 'b @REV@ (c)' })).to.equal(false);
    expect(isShown({ ...sample, output: 'b\n...' }, { ...step, output: 'b\nc' })).to.equal(true);
    expect(isShown({ ...sample, output: 'b   7' }, { ...step, line: 'a | sed d', output: 'b @N@' })).to.equal(true);
    expect(isShown({ ...sample, line: 'a b' }, step)).to.equal(false);
  });
});
