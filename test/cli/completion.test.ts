import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { describe, it } from 'mocha';
import { ROOT } from '../../scripts/support/calicoctl.js';
import { answer } from '../../src/cli/completion/answer.js';
import { chosen } from '../../src/cli/completion/choice.js';
import { LOOK_UP_WORDS, type Answer, type CompletionFacts } from '../../src/cli/completion/facts.js';
import { fieldWords } from '../../src/cli/completion/live/fields.js';
import { kindWords } from '../../src/cli/completion/live/kinds.js';
import { readQuestion } from '../../src/cli/completion/shells.js';
import { bashText, readShellLine } from '../../src/cli/completion/shell-words.js';
import { CLASSIC_KINDS, kindOfWord, STORED_KINDS } from '../../src/resources/registry.js';

const FACTS = JSON.parse(readFileSync(`${ROOT}dist/completion.json`, 'utf8')) as CompletionFacts;

/** What a line, of which the last word is not complete, is answered with. */
function answered(line: string): Answer {
  const words = line.split(' ');
  return answer(words.slice(0, -1), words.at(-1) ?? '', FACTS);
}

function words(line: string): readonly string[] {
  return chosen(answered(line).candidates, [], line.split(' ').at(-1) ?? '').map(({ word }) => word);
}

describe('completion', () => {
  it('knows what every value and argument may be, or that nobody does', () => {
    const free = ['DOMAIN', 'DURATION', 'IMAGE', 'IP', 'IPV4', 'IPV6', 'KEY', 'LABEL', 'NAME', 'NUMBER', 'PATCH', 'PATH', 'PATH=VALUE', 'PORT', 'PREFIX', 'SELECTOR', 'URL[,URL...]'];
    const known: readonly string[] = [...LOOK_UP_WORDS, ...Object.keys(FACTS.lists), 'FILE', 'DIR'];
    const used = Object.values(FACTS.commands).flatMap(({ flags, args }) => [...args, ...flags.filter(({ hidden }) => hidden !== true).flatMap(({ value }) => value ?? [])]).flatMap((help) => help.split('|'));
    const capitals = new Set(used.filter((word) => word === word.toUpperCase() && !/^\d*$/.test(word)));
    expect([...capitals].filter((word) => !known.includes(word)).sort()).to.deep.equal(free);
    expect(used).to.not.include('');
    expect(known.filter((word) => !capitals.has(word))).to.deep.equal(['RESOURCE']);
  });

  const cases: readonly (readonly [line: string, want: readonly string[]])[] = [
    ['ip', ['ipam']],
    ['he', ['help']],
    ['help ipam sp', ['split']],
    ['help get ', []],
    ['ipam sp', ['split']],
    ['datastore migrate ', ['export', 'import', 'lock', 'unlock']],
    ['no-such ', []],
    ['-', ['--allow-version-mismatch', '--config', '--context', '--dialect', '--help', '--log-level', '--store', '--timeout', '--version', '-c', '-h', '-l', '-v']],
    ['-l de', ['debug']],
    ['-lde', ['-ldebug']],
    ['-l=de', ['-l=debug']],
    ['get -o=ya', ['-o=yaml']],
    ['get -Ao=ya', ['-Ao=yaml']],
    ['--log-level=de', ['--log-level=debug']],
    ['--dialect v3 ipam spl', ['split']],
    ['--config x.cfg version --po', ['--poll']],
    ['get -o ', ['custom-columns=', 'go-template-file=', 'go-template=', 'json', 'jsonpath-file=', 'jsonpath=', 'name', 'ps', 'wide', 'yaml']],
    ['get -Ao js', ['json', 'jsonpath-file=', 'jsonpath=']],
    ['get -AoJS', ['-Aojson', '-Aojsonpath-file=', '-Aojsonpath=']],
    ['get --wit', ['--with-revision']],
    ['get --output=yaml --o', ['--orchestrator']],
    ['get -o yaml --o', ['--orchestrator']],
    ['get -f a --f', ['--field', '--filename']],
    ['apply --dry-r', ['--dry-run']],
    ['apply --dryr', ['--dryrun']],
    ['apply --dryrun --dry', []],
    ['datastore restore --replace --', ['--config', '--context', '--dialect', '--dry-run', '--help', '--log-level', '--output', '--timeout', '--yes']],
    ['get -- -', []],
    ['get node -- --', []],
    ['convert --to ', ['v1', 'v3']],
    ['node run --backend ', ['bird', 'gobgp', 'none']],
    ['node run --ip-autodetection-method ', ['can-reach=', 'first-found', 'interface=', 'skip-interface=']],
    ['ipam configure --kubevirt-ip-persistence e', ['Enabled']],
    ['ipam repair --finding leaked', ['leaked-address', 'leaked-handle']],
    ['policy lint --ignore behind-deny,behind', ['behind-deny,behind-tier-end']],
    ['completion ', ['bash', 'fish', 'zsh']],
    ['completion bash ', ['--dialect', '--help', '--log-level']],
    ['version x', []],
  ];
  for (const [line, want] of cases) it(`calicoctl ${line} may go on with ${want.join(', ')}`, () => expect(words(line)).to.deep.equal(want));

  it('leaves paths to the shell', () => {
    for (const [line, lead] of [['apply -f ma', 0], ['apply --filename=ma', 11], ['apply -fma', 2], ['get -o jsonpath-file=x', 14], ['get --output=go-template-file=x', 26]] as const) {
      expect(answered(line).paths, line).to.deep.equal({ of: 'files', lead });
    }
    expect(answered('schema --all --output-dir x').paths).to.deep.equal({ of: 'directories', lead: 0 });
    expect(answered('get node x').paths).to.equal(undefined);
  });

  it('looks up what depends on kinds and on what is stored', () => {
    const wanted = (line: string): readonly string[] => answered(line).lookUps.map(({ word, lead, typed }) => `${word} ${lead} ${typed}`);
    expect(wanted('get no')).to.deep.equal(['RESOURCE  no']);
    expect(wanted('schema no')).to.deep.equal(['KIND  no']);
    expect(wanted('explain no')).to.deep.equal(['FIELD  no']);
    expect(wanted('ipam assign --node=ra')).to.deep.equal(['NODE --node= ra']);
    expect(wanted('get wep -nra')).to.deep.equal(['NAMESPACE -n ra', 'NODE -n ra']);
    expect(wanted('context remove a b')).to.deep.equal(['CONTEXT  b']);
    expect(wanted('diff --against x')).to.deep.equal(['CONTEXT  x']);
    expect(answered('--context a get -c b policy x').lookUps[0]).to.deep.include({ command: 'get', words: ['policy'], flags: new Map([['context', ['a']], ['config', ['b']]]) });
  });

  for (const dialect of ['v1', 'v3'] as const) {
    it(`offers each kind by all its words in ${dialect}`, () => {
      const offered = new Set([...'abcdefghijklmnopqrstuvwxyz'].flatMap((letter) => kindWords('get', dialect, letter).map(({ word }) => word)));
      expect([...offered].sort()).to.deep.equal([...new Set([...CLASSIC_KINDS, ...STORED_KINDS].flatMap((kind) => kind.words))].sort());
      const once = kindWords('get', dialect, '').map(({ word }) => kindOfWord(word, dialect));
      expect(new Set(once).size).to.equal(once.length);
    });
  }

  it('offers kinds with the capitals that are written, and to a command those that it takes', () => {
    expect(kindWords('get', 'v1', 'ipP').map(({ word }) => word).filter((word) => word.startsWith('ipP'))).to.deep.equal(['ipPool', 'ipPools']);
    expect(kindWords('get', 'v3', 'Net').map(({ word }) => word).filter((word) => word.startsWith('NetworkP'))).to.deep.equal(['NetworkPolicy', 'NetworkPolicies']);
    expect(kindWords('get', 'v1', '').map(({ word }) => word)).to.include('ClusterInformation');
    expect(kindWords('delete', 'v1', '').map(({ word }) => word)).to.not.include('ClusterInformation');
    expect(kindWords('label', 'v1', '').map(({ word }) => word)).to.include('hostEndpoint').and.not.include('ipPool');
  });

  it('offers the fields of a kind behind its dot', () => {
    expect(fieldWords('policy.spec.ingress[0].so', 'v1').map(({ word }) => word)).to.include('policy.spec.ingress[0].source');
    expect(fieldWords('policy.nothing.', 'v1')).to.deep.equal([]);
    expect(fieldWords('policy.', 'v1').map(({ word, open }) => [word, open])).to.deep.include.members([['policy.kind', false], ['policy.metadata', true]]);
  });

  it('leaves out what could do harm', () => {
    const stored = ['good', 'esc\u001b[31m', 'line\nbreak', 'tab\tbed', '--help', '-x', '', 'bidi\u202e', 'good'];
    expect(chosen([], stored.map((word) => ({ word })), '').map(({ word }) => word)).to.deep.equal(['good']);
    expect(chosen([], Array.from({ length: 10_001 }, (_, index) => ({ word: `n${index}` })), 'n')).to.deep.equal([]);
  });
});

describe('words of a shell', () => {
  const BREAKS = ' \t\n"\'><=;|&(:';
  const lines: readonly (readonly [line: string, words: readonly string[], last: string, kept: string])[] = [
    ['calicoctl get ', ['calicoctl', 'get'], '', ''],
    ["calicoctl 'a b' c\\ d \"e\\\"f\" g", ['calicoctl', 'a b', 'c d', 'e"f'], 'g', ''],
    ["calicoctl '' x", ['calicoctl', ''], 'x', ''],
    ['true; A=b calicoctl get', ['A=b', 'calicoctl'], 'get', ''],
    ['calicoctl --output=js', ['calicoctl'], '--output=js', '--output='],
    ['calicoctl a\\:b:c', ['calicoctl'], 'a:b:c', 'a:b:'],
    ["calicoctl policy/'al", ['calicoctl'], 'policy/al', 'policy/'],
    ['calicoctl "x$y', ['calicoctl'], 'x$y', ''],
  ];
  for (const [line, before, last, kept] of lines) it(line, () => expect(readShellLine(line, BREAKS)).to.deep.include({ words: before, last, kept }));

  for (const line of ['calicoctl get > x', 'calicoctl get < x', "calicoctl 'a'b", 'calicoctl "a"']) it(`${line} is left alone`, () => expect(readShellLine(line, BREAKS)).to.equal(undefined));

  it('are quoted for their place', () => {
    expect(bashText("a b$(c)'d!é", '')).to.equal("a\\ b\\$\\(c\\)\\'d\\!é");
    expect(bashText("it's", "'")).to.equal("it'\\''s");
    expect(bashText('a"b$c`d\\', '"')).to.equal('a\\"b\\$c\\`d\\\\');
    expect(bashText('a!', '"')).to.equal(undefined);
  });

  it('are answered with what bash does not keep', () => {
    const question = readQuestion(['bash', BREAKS, 'calicoctl get -o jsonp']);
    expect(question?.print([{ word: 'jsonpath=', open: true }], undefined)).to.equal('open\njsonpath=\n');
    const behind = readQuestion(['bash', BREAKS, 'calicoctl get --output=j']);
    expect(behind?.print([{ word: '--output=json' }], undefined)).to.equal('words\njson\n');
    expect(behind?.print([], { of: 'files', lead: 9 })).to.equal('files 0\n');
    expect(readQuestion(['zsh', '--', 'calicoctl', 'get', 'x'])?.print([{ word: 'x', about: 'an\tx' }], { of: 'files', lead: 3 })).to.equal('files 3\nx\tan\\tx\n');
    expect(readQuestion(['tcsh', 'x'])).to.equal(undefined);
  });
});
