import { expect } from 'chai';
import { describe, it } from 'mocha';
import { toDiagnostics } from '../../src/manifest/manifests.js';
import { explain } from '../../src/resources/hints/explain.js';
import { takerAt } from '../../src/resources/hints/taker.js';
import { Problems } from '../../src/resources/problem.js';
import { kindOfDocument } from '../../src/resources/registry.js';
import { readClassicDocument } from '../../src/resources/v1/document.js';
import { readStoredDocument } from '../../src/resources/v3/document.js';
import { read, readAll } from './reading.js';

/** Everything wrong with a text, as `line:column message | hint`. */
async function found(text: string): Promise<string[]> {
  const manifests = await readAll(['-'], { stdin: (async function* () { yield Buffer.from(text); })() });
  const located = manifests.resources.flatMap((resource) => {
    const kind = kindOfDocument(resource.apiVersion, resource.kind)!;
    const problems = new Problems();
    if (kind.dialect === 'v1') readClassicDocument(kind, resource.raw, problems, false);
    else readStoredDocument(kind, resource.raw, problems);
    explain(kind, resource.raw, problems);
    return problems.list.map((problem) => ({ origin: resource.origin, problem, takes: takerAt(kind, problem.path) }));
  });
  return toDiagnostics(manifests, located).map(({ line, column, message, hint }) => `${line}:${column} ${message}${hint === undefined ? '' : ` | ${hint}`}`);
}

const felix = (line: string): string => `apiVersion: projectcalico.org/v3\nkind: FelixConfiguration\nmetadata: {name: default}\nspec:\n  ${line}\n`;
const peer = (line: string): string => `apiVersion: projectcalico.org/v3\nkind: BGPPeer\nmetadata: {name: p}\nspec:\n  peerIP: 10.0.0.1\n  ${line}\n`;
const pool = (line: string): string => `apiVersion: v1\nkind: ipPool\nmetadata: {cidr: 10.0.0.0/16}\nspec:\n  ${line}\n`;
const pool3 = (line: string): string => `apiVersion: projectcalico.org/v3\nkind: IPPool\nmetadata: {name: a}\nspec:\n  cidr: 10.2.0.0/16\n  ${line}\n`;
const policy = (line: string): string => `apiVersion: v1\nkind: policy\nmetadata: {name: p}\nspec:\n  ${line}\n`;

describe('What YAML made of a value, and what nobody sees', () => {
  const cases: readonly (readonly [what: string, text: string, hint: RegExp])[] = [
    ['Off', felix('bpfLogLevel: Off'), /^5:16 .*\| .*YAML reads Off as false; in quotes it stays "Off"$/],
    ['no', policy('types: [no]'), /expected ingress or egress \| YAML reads no as false$/],
    ['the mode of a classic pool', pool('ipip: {mode: Off}'), /^5:16 "false" is not an IPIP mode: expected always or cross-subnet; enabled: false switches it off \| YAML reads Off as false$/],
    ['a word for a map with a switch', pool('ipip: on'), /^5:9 .* \| write \{enabled: true\}; YAML reads on as true$/],
    ['the mode of a pool', pool3('ipipMode: Off'), /^6:13 "false" is not an IPIP mode: expected Never, Always or CrossSubnet; did you mean "Never"\? \| YAML reads Off as false$/],
    ['another mode', pool3('vxlanMode: yes'), /did you mean "Always"\? \| YAML reads yes as true$/],
    ['a word that is not among the levels', felix('logSeverityScreen: Off'), /^5:22 "false" is not .*: expected Trace, .* or Fatal \| YAML reads Off as false$/],
    ['a switch for a number', felix('vxlanMTU: Off'), /found false \| YAML reads Off as false$/],
    ['a number for a truth', felix('vxlanEnabled: 010'), /\| YAML reads 010 as the number 8$/],
    ['a number out of bounds', felix('wireguardListeningPort: 0777777'), /^5:27 262143 is not .* \| YAML reads 0777777 as the number 262143$/],
    ['a word for a kind', 'apiVersion: v1\nkind: Off\nmetadata: {name: a}\n', /^2:7 .* \| YAML reads Off as false$/],
    ['a dotted AS number that is none', peer('asNumber: 70000.10'), /found the number 70000\.1 \| YAML reads 70000\.10 as the number 70000\.1$/],
    ['a MAC that is a number', 'apiVersion: v1\nkind: workloadEndpoint\nmetadata: {name: a, node: n, workload: w, orchestrator: o}\nspec: {interfaceName: cali1, ipNetworks: [], mac: 0123}\n', /found the number 83 \| YAML reads 0123 as the number 83$/],
    ['on', felix('vxlanEnabled: "on"'), /write true$/],
    ['1.10', peer('asNumber: 1.10'), /\| YAML reads 1\.10 as the number 1\.1; in quotes it stays "1\.10"$/],
    ['0o17', policy('ingress: [{action: 0o17}]'), /YAML reads 0o17 as the number 15$/],
    ['010', policy('ingress: [{action: 010}]'), /YAML reads 010 as the number 8$/],
    ['1_000', policy('ingress: [{action: 1_000}]'), /YAML reads 1_000 as the number 1000$/],
    ['a no-break space in a value', policy('ingress:\n  - {action: "allow\u00a0"}'), /^6:14 .*a no-break space \(U\+00A0\) is at column 20$/],
    ['a zero-width space in a name', policy('selec\u200btor: a'), /^5:3 unknown field "selec\u200btor" \| it contains a zero-width space \(U\+200B\): write "selector"; a zero-width space \(U\+200B\) is at column 8$/],
    ['a no-break space in the indentation', 'apiVersion: v1\nkind: policy\nmetadata:\n  name: p\n\u00a0 annotations: {}\n', /^5:1 unknown field "\u00a0 annotations" \| "annotations" belongs under "metadata"; a no-break space \(U\+00A0\) is at column 1$/],
    ['a name in disguise', 'apiVersion: v1\n\u00a0kind: policy\n', /^2:1 the resource has no kind \| write "kind" with nothing else in it; a no-break space \(U\+00A0\) is at column 1$/],
    ['a no-break space after a colon', 'apiVersion: v1\nkind:\u00a0policy\n', /^2:6 a no-break space \(U\+00A0\) where a space belongs/],
    ['one bracket too many', '{"apiVersion": "v1", "kind": "policy", "metadata": {"name": "a"}}}\n', /^1:66 this } closes nothing: every bracket is closed before it \| remove it$/],
    ['three of them', '{"a": {\n  "b": 1\n}}}\n', /^3:3 this } closes nothing/],
    ['nothing but closing brackets', '}}}\n', /^1:1 this } closes nothing/],
    ['one too many in a block', 'a: {b: 1}}\n', /^1:10 this } closes nothing/],
    ['one that closes another kind', '{"a": [1, "x"}\n', /^1:14 /],
    ['two JSON documents in a row', '{"a": 1}\n{"a": 2}\n', /^2:1 a second document starts here \| put a line '---' before it, or write all of them as one list/],
    ['two on one line', '{"a": "}"} {"a": 2}\n', /^1:12 a second document starts here/],
    ['two with a comma', '{"a": 1},\n{"a": 2}\n', /^1:9 a comma after the end of the document/],
  ];
  for (const [what, text, expected] of cases) it(what, async () => expect((await found(text))[0]).to.match(expected));

  for (const rule of ['- action: allow\n    "!protocol": tcp', '- !protocol: tcp', '- {!protocol: tcp}', '- action: allow\n    source: {"!ports": [80]}', '- action: allow\n    "!icmp": {type: 8}']) {
    it(`knows the old form of a negated field: ${rule}`, async () => expect((await found(policy(`ingress:\n  ${rule}`))).join()).to.match(/not(?:Protocol|Ports|ICMP)/));
  }

  it('says nothing of numbers that are what they look like', async () => {
    expect(await found(peer('asNumber: -5'))).to.deep.equal(['6:13 the number -5 is not an AS number (0 to 4294967295, or "1.10")']);
  });

  const carried: readonly (readonly [what: string, line: string])[] = [
    ['to a number', 'password: &x hunter2secret\n  asNumber: *x'],
    ['into a list', 'password: &x hunter2secret\n  node: [*x]'],
    ['into a name', 'password: &x hunter2secret\n  *x : 1'],
    ['in quotes', 'password: &x "hunter2secret"\n  asNumber: *x'],
    ['out of a map', 'password: &x {a: hunter2secret}\n  nodeSelector: *x'],
    ['from elsewhere', 'asNumber: &x hunter2secret\n  password: *x'],
    ['from elsewhere with an escape', 'asNumber: &x "hunter\\x32secret"\n  password: *x'],
    ['from elsewhere in quotes', "asNumber: &x 'hunter2secret'\n  password: *x"],
  ];
  for (const [what, line] of carried) it(`says nothing of a secret that an alias carries ${what}`, async () => {
    const all = await found(peer(line));
    expect(all.length).to.be.greaterThan(0);
    expect(all.join()).not.to.include('hunter2secret');
  });

  it('says nothing of what YAML made of a secret', async () => {
    expect((await found(peer('password: 0x1F'))).join()).not.to.match(/1F|31/);
  });

  const wide: readonly (readonly [name: string, bytes: Buffer])[] = [
    ['UTF-16 (little endian)', Buffer.from('\ufeffkind: x', 'utf16le')],
    ['UTF-16 (little endian)', Buffer.from('kind: x', 'utf16le')],
    ['UTF-16 (big endian)', Buffer.from('kind: x', 'utf16le').swap16()],
    ['UTF-32 (little endian)', utf32('\ufeffkind: x')],
    ['UTF-32 (little endian)', utf32('kind: x')],
    ['UTF-32 (big endian)', utf32('\ufeffkind: x').swap32()],
    ['UTF-32 (big endian)', utf32('{}').swap32()],
  ];
  for (const [name, bytes] of wide) {
    it(`names ${name}, starting with ${bytes.toString('hex', 0, 4)}`, () => expect(read(bytes).diagnostics).to.deep.equal([{ code: 'encoding', severity: 'error', file: 'a.yaml', line: 1, column: 1, message: `the file is ${name}, not UTF-8`, hint: 'save the file as UTF-8' }]));
  }
});

function utf32(text: string): Buffer {
  const bytes = Buffer.alloc(text.length * 4);
  for (let at = 0; at < text.length; at++) bytes.writeUInt32LE(text.charCodeAt(at), at * 4);
  return bytes;
}
