import { isMap } from '../../src/base/data.js';
import { expect } from 'chai';
import { describe } from 'mocha';
import type { ClassicKind, StoredKind } from '../../src/resources/kind.js';
import { keyOf } from '../../src/resources/keys.js';
import { CLASSIC_KINDS, STORED_KINDS } from '../../src/resources/registry.js';
import { testAtOnce } from '../support/at-once.js';
import { recordedEntries } from '../support/stored.js';
import type { Workplace } from '../support/workplace.js';

/** Moves the cursor, sets a title, rings, and hides and reorders what follows; with C1 controls, DEL and zero widths too. */
const HOSTILE = '\x1b[2Jw\x1b]0;x\x07\x9b31m\x7f\u202e\u2066\u200b\u00ad\r\b';
const STORED = 3;
/** What a terminal acts on, or shows in a place where it is not. The line of progress is ours. */
const HARMFUL = /[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}\u00ad\u200b\ufeff]/u;
const OWN = /\r\x1b\[K/g;

/** The columns of the tables are all asked for by name; -o name prints what is in them, and is tried with all kinds at once. */
const FORMATS = ['yaml', 'json', "'go-template={{.}}'"];

/** A copy of a value in which every text, and every key that an operator chose, is hostile. */
function hostile(value: unknown, inLabels = false): unknown {
  if (typeof value === 'string') return value + HOSTILE;
  if (Array.isArray(value)) return value.map((each) => hostile(each));
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [inLabels ? key + HOSTILE : key, hostile(inner, /^(labels|annotations|labelsToApply|matchLabels)$/.test(key))]));
}

/** The richest of the recorded objects of a kind, made hostile, with the keys they are stored under. */
function hostileEntries(kind: StoredKind): { key: string; value: string }[] {
  const recorded = recordedEntries(kind).map(({ value }) => value).sort((a, b) => b.length - a.length);
  const bare = JSON.stringify({ kind: kind.kind, apiVersion: 'projectcalico.org/v3', metadata: { name: 'x' }, spec: {} });
  return [bare, ...recorded.slice(0, STORED)].map((value, index) => {
    const { metadata, spec } = JSON.parse(value) as { metadata: object; spec: object };
    const name = `${index}${HOSTILE}`;
    const namespace = kind.namespaced ? `ns${HOSTILE}` : undefined;
    const object = { kind: kind.kind, apiVersion: 'projectcalico.org/v3', metadata: { ...(hostile(metadata) as object), name, namespace }, spec: hostile(spec) };
    return { key: keyOf(kind, name, namespace), value: JSON.stringify(object) };
  });
}

async function fill(workplace: Workplace, kind: StoredKind): Promise<void> {
  await workplace.put(Object.fromEntries(hostileEntries(kind).map(({ key, value }) => [key, value])));
}

/** Runs lines of shell on a terminal, whatever they end with, and expects that the hostile text is shown, and harmless. */
async function expectHarmless(workplace: Workplace, lines: readonly string[]): Promise<void> {
  const { stdout } = await workplace.shell(`${lines.map((line) => `echo ${shown(line)}; ${line}`).join('\n')}\ntrue`, { terminal: true, env: { NO_COLOR: '1' } });
  const text = stdout.replaceAll(/\r+\n/g, '\n').replaceAll(OWN, '').replaceAll(/[\n\t]/g, ' ');
  expect(HARMFUL.exec(text)?.index, JSON.stringify(text)).to.equal(undefined);
  expect(text).to.include('[2Jw').and.to.include('31m');
}

/** A line of shell that can be shown, to find it again in the output. */
function shown(line: string): string {
  return quoted(line.replaceAll(/[^ -&(-~]/g, '.'));
}

function headings(kind: StoredKind | ClassicKind): string {
  const { ps, wide, extra = [] } = kind.columns;
  return [...new Set([...ps, ...wide, ...extra].map(({ heading }) => heading))].join(',');
}

const quoted = (text: string): string => `'${text}'`;

describe('hostile text in the store, on a terminal', () => {
  testAtOnce([...STORED_KINDS, ...CLASSIC_KINDS], ({ kind, dialect }) => `${kind} of ${dialect} is harmless in every format`, async (kind, workplace) => {
    await fill(workplace, kind.dialect === 'v1' ? kind.stored : kind);
    const all = kind.dialect === 'v3' && kind.namespaced ? ' -A' : '';
    const get = `calicoctl --dialect ${kind.dialect} get ${kind.kind}${all} -o`;
    await expectHarmless(workplace, [...FORMATS, `custom-columns=${headings(kind)}`].map((format) => `${get} ${format}`));
  });
  testAtOnce(['node', 'policy'], (kind) => `the JSON of ${kind} says the same as in a pipe`, async (word, workplace) => {
    const kind = CLASSIC_KINDS.find((each) => each.kind === word) as ClassicKind;
    await fill(workplace, kind.stored);
    // A slow machine shows a line of progress on stderr.
    const [piped, onTerminal] = await Promise.all([workplace.shell(`calicoctl get ${word} -o json`), workplace.shell(`calicoctl get ${word} -o json 2> /dev/null`, { terminal: true })]);
    expect(JSON.parse(onTerminal.stdout)).to.deep.equal(JSON.parse(piped.stdout));
    expect(piped.stdout).to.include('\x7f');
  });
});

describe('hostile text anywhere, on a terminal', () => {
  const name = quoted(HOSTILE);
  const manifest = JSON.stringify([
    { apiVersion: 'v1', kind: 'policy', metadata: { name: `a${HOSTILE}` }, spec: { selector: HOSTILE } },
    { apiVersion: 'projectcalico.org/v3', kind: 'Tier', metadata: { name: HOSTILE, annotations: { a: HOSTILE } }, spec: { [HOSTILE]: 1 } },
    { apiVersion: HOSTILE, kind: HOSTILE },
  ]);
  const accepted = JSON.stringify([
    { apiVersion: 'v1', kind: 'policy', metadata: { name: 'web', annotations: { a: HOSTILE } } },
    { apiVersion: 'projectcalico.org/v3', kind: 'Tier', metadata: { name: 'ops', annotations: { a: HOSTILE } }, spec: { order: 1 } },
  ]);
  testAtOnce(
    [
      ['manifests', ['validate -f bad.json', 'create -f bad.json', 'apply -f good.json', 'apply -f good.json -o json', 'delete -f bad.json', 'convert -f good.json', 'convert -f good.json -o json', 'convert -f good.json --to v1', 'get -f good.json -o yaml', 'get policy -o yaml', 'describe policy web', 'diff -f good.json', 'policy lint -f good.json', 'policy lint -f good.json -o sarif', 'policy lint -f good.json -o junit', 'apply -f good.json --plan-out plan.json', 'apply --plan plan.json', 'validate -f "$PWD"/*.json nothing']],
      ['arguments', [name, `get ${name}`, `get policy ${name}`, `get policy -o ${name}`, `get policy -o 'custom-columns=${HOSTILE}'`, `get policy -o 'go-template={{${HOSTILE}'`, `--dialect v3 get tier ${name}`, `--dialect ${name} get node`, `delete policy ${name}`, `validate ${name}`, `validate --${HOSTILE}`.replaceAll(HOSTILE, name), `get node --config ${name}`, `get node --timeout ${name}`, `config set ${name} x`, `config set loglevel ${name}`, `config get loglevel --node ${name}`, `ipam show --ip ${name}`, `ipam release --ip ${name}`, `ipam release --handle ${name}`, `ipam assign --ip 10.0.0.1 --node ${name}`, `ipam split 2 --cidr ${name}`, `describe ${name} x`, `describe policy ${name}`, `explain ${name}`, `explain policy.${name}`, `schema ${name}`, `label policy x ${name}=${name}`, `patch policy x -p ${name}`, `context use ${name}`, `context show --context ${name}`, `datastore inspect ${name}`, `get policy --store ${name}`, `get policy -l ${name}`, `get policy --field ${name}=x`, `get policy --sort-by ${name}`, `get policy -o jsonpath=${name}`, `diff -f ${name}`, `policy diff --against ${name}`, `watch ${name}`, `policy lint --ignore ${name}`, `node run --name ${name}`, `node run --ip ${name}`, `ipam ${name}`, `help ${name}`]],
      ['the store', ['ipam show', 'ipam show --show-blocks', 'ipam show --show-borrowed', 'ipam show --show-configuration', 'ipam check', 'ipam check --show-all-ips', 'ipam check -o json', 'config list', 'config list -o json', 'config list -o yaml', 'node status --all', 'version', 'delete policy x', 'create -f good.json', 'get all', `describe policy ${quoted(`0${HOSTILE}`)}`, `--dialect v3 describe workloadendpoint ${quoted(`0${HOSTILE}`)} -n ${quoted(`ns${HOSTILE}`)}`, 'diff -f good.json --prune', 'policy diff -f good.json --prune', 'policy diff -f good.json --prune -o json', 'policy exposure', 'policy exposure -o json', 'apply -f good.json --prune --dry-run', 'label policy --all a=b --dry-run', 'datastore backup file', 'datastore inspect file', 'get all -o name --store file', 'datastore check', 'policy test -f tests.json --datastore', 'policy test -f tests.json -o json', 'policy test -f tests.json -o tap --coverage', 'policy test -f tests.json -o junit --coverage', 'policy test -f lost.json --coverage', ...['text', 'svg', 'dot', 'mermaid', 'json'].flatMap((form) => [`policy graph -o ${form}`, `node graph -o ${form}`]), `policy graph --by ${name}`, 'policy graph --by profile']],
      ['the journal', ['journal list', 'journal list -o json', 'journal show 0123abcd', 'journal show 0123abcd -o json', '--dialect v3 history globalnetworkset', '--dialect v3 history globalnetworkset -o json', '--dialect v3 describe globalnetworkset h', 'undo --dry-run']],
    ] as const,
    ([what]) => `${what}: nothing that steers it comes through`,
    async ([what, lines], workplace) => {
      workplace.file('bad.json', manifest);
      workplace.file('good.json', accepted);
      workplace.file('tests.json', JSON.stringify({ tests: [{ name: HOSTILE, from: { selector: 'all()' }, to: '192.0.2.1', expect: 'allow' }] }));
      workplace.file('lost.json', JSON.stringify({ tests: [{ from: HOSTILE, to: HOSTILE, expect: HOSTILE, by: { tier: HOSTILE } }] }));
      for (const kind of STORED_KINDS) await fill(workplace, kind);
      await workplace.put(
        Object.fromEntries(
          Object.entries({
            '/calico/ipam/v2/handle/': { handleID: HOSTILE, block: { [HOSTILE]: 1 } },
            '/calico/ipam/v2/host/': { state: HOSTILE },
            '/calico/ipam/v2/assignment/ipv4/block/': { cidr: HOSTILE, affinity: HOSTILE },
          }).map(([key, value]) => [key + HOSTILE, JSON.stringify(value)]),
        ),
      );
      const record = { user: HOSTILE, behind: HOSTILE, host: HOSTILE, time: HOSTILE, command: HOSTILE, number: 1, commandLine: [HOSTILE], changes: [{ key: HOSTILE, did: 'replaced', since: '1', before: HOSTILE }] };
      // At one revision with a resource, so that it is who wrote that.
      if (what === 'the journal') await workplace.put({ '/calico/resources/v3/projectcalico.org/globalnetworksets/h': JSON.stringify({ kind: 'GlobalNetworkSet', apiVersion: 'projectcalico.org/v3', metadata: { name: 'h' }, spec: {} }), '/calicoctl/journal/2026-01-01T00:00:00.000Z-0123abcd-1-9': JSON.stringify(record) });
      await expectHarmless(workplace, lines.map((line) => `calicoctl ${line}`));
    },
  );
});
