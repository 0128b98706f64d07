import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'mocha';
import type { Data } from '../../src/base/data.js';
import { anyKindSchema, kindSchema } from '../../src/objects/schema/document.js';
import { schemaFiles } from '../../src/objects/schema/files.js';
import type { Kind } from '../../src/resources/kind.js';
import { Problems } from '../../src/resources/problem.js';
import { CLASSIC_KINDS, kindOfDocument, STORED_KINDS } from '../../src/resources/registry.js';
import { readClassicDocument } from '../../src/resources/v1/document.js';
import { readStoredDocument } from '../../src/resources/v3/document.js';

const KINDS: readonly Kind[] = [...CLASSIC_KINDS, ...STORED_KINDS];
const CASES = new URL('../cases/', import.meta.url);

function read<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(name, CASES), 'utf8')) as T;
}

interface Manifest {
  readonly id: string;
  readonly raw: Data;
  readonly accepted: boolean;
}

/** Every manifest that official Calico was asked about, with its verdict. */
function goldenManifests(): readonly Manifest[] {
  const verdicts = readdirSync(new URL('golden/validator/', CASES)).flatMap((file) => read<{ id: string; apply: { accepted: boolean }; object: Data }[]>(`golden/validator/${file}`).map(({ id, apply, object }) => ({ id: `${file} ${id}`, raw: object, accepted: apply.accepted })));
  const probes = read<{ id: string; manifest: Data; accepted: boolean }[]>('golden/probes.json').map(({ id, manifest, accepted }) => ({ id, raw: manifest, accepted }));
  return [...verdicts, ...probes];
}

/** Classic manifests; what decides is our own reader, which other tests compare with the classic tool. */
function classicManifests(): readonly Manifest[] {
  const { validation, identifiers } = read<{ validation: { id: string; manifest?: Data }[]; identifiers: { id: string; manifest: Data }[] }>('v1-validator.json');
  const given = [...validation, ...identifiers].flatMap(({ id, manifest }) => (manifest === undefined ? [] : [{ id, raw: manifest }]));
  return given.map(({ id, raw }) => ({ id, raw, accepted: problemsOf(raw).length === 0 }));
}

interface Found {
  readonly code: string;
  readonly message: string;
}

function problemsOf(raw: Data): readonly Found[] {
  const kind = kindOfDocument(String(raw['apiVersion']), String(raw['kind'])) as Kind;
  const problems = new Problems();
  if (kind.dialect === 'v1') {
    const document = readClassicDocument(kind, raw, problems);
    for (const name of document === undefined ? [] : kind.missingIdentifiers(document.metadata, 'apply')) problems.add('rule', ['metadata'], `${name} is missing`);
  } else readStoredDocument(kind, raw, problems);
  return problems.list.filter(({ severity }) => severity === 'error');
}

/** All kinds in one file, which is compiled once: definitions that they share are many. */
const ajv = new Ajv2020({ strict: false, inlineRefs: false, code: { optimize: false } }).addSchema(anyKindSchema(KINDS), 'all');

function fits(raw: Data): boolean {
  const kind = kindOfDocument(String(raw['apiVersion']), String(raw['kind']));
  return kind !== undefined && ajv.validate(`all#/$defs/${kind.kind}.${kind.dialect}`, raw);
}

/**
 * What a schema cannot say of a value by itself, or only at a price in size that nobody wants to pay. Rules over several fields
 * (code `rule`, and `required` where another field decides) may pass as well.
 */
const UNSAID: readonly (readonly [reason: string, message: RegExp])[] = [
  ['the grammar of selectors is no regular one', /^(?:this is not a selector|global\(\) (?:cannot be|must be|can only|stands)|invalid selector)/],
  ['a regular expression does not tell whether a text is one', /is not a (?:valid )?regular expression/],
  ['arithmetic with the bits of a network', /has bits set after its prefix length|in notNets leaves nothing|overlaps with/],
  ['v3 refuses what the classic language has', /; Calico 3\.32 refuses this/],
  ['arithmetic with two numbers in one text or one map', /(?:^"[0-9]+:[0-9]+" is not a port|range of ports .* ends below its start|the range ends at|not a range of route tables|the ranges may have)/],
  ['an IPv4-mapped address is IPv4 or not by the length after it', /is not (?:a network|an IPv4|a peer's address)/],
  ['a fraction of a second may be a whole number of milliseconds', /no sign, no fraction|is not allowed here/],
];

describe('schema', () => {
  it('is valid JSON Schema, for every kind and for all together', () => {
    expect(KINDS.filter((kind) => !ajv.validateSchema(kindSchema(kind))).map(({ kind }) => kind)).to.deep.equal([]);
    expect(ajv.validateSchema(anyKindSchema(KINDS))).to.equal(true);
  });

  for (const [what, manifests, count] of [['official Calico', goldenManifests(), 1821], ['the classic language', classicManifests(), 186]] as const) {
    it(`fits what ${what} accepts, and refuses what it refuses for its shape`, () => {
      expect(manifests).to.have.length(count);
      const wrong = manifests.flatMap(({ id, raw, accepted }) => {
        const ok = fits(raw);
        if (accepted === ok) return [];
        if (accepted) return [`${id}: accepted, and does not fit`];
        const shape = problemsOf(raw).filter(({ code, message }) => code !== 'rule' && code !== 'required' && !UNSAID.some(([, pattern]) => pattern.test(message)));
        return shape.map(({ message }) => `${id}: fits, though ${message}`);
      });
      expect(wrong).to.deep.equal([]);
    });
  }

  it('of all kinds takes each manifest by its kind alone', () => {
    const some = goldenManifests().filter(({ accepted }, index) => accepted && index % 20 === 0);
    expect(some.filter(({ raw }) => !ajv.validate('all', raw)).map(({ id }) => id)).to.deep.equal([]);
    expect(ajv.validate('all', { apiVersion: 'v1', kind: 'IPPool', metadata: { name: 'a' }, spec: { cidr: '10.0.0.0/16' } })).to.equal(false);
  });

  const refused: readonly (readonly [string, Data])[] = [
    ['an unknown field', { apiVersion: 'projectcalico.org/v3', kind: 'IPPool', metadata: { name: 'a' }, spec: { cidr: '10.0.0.0/16', cird: 'x' } }],
    ['a wrong word', { apiVersion: 'projectcalico.org/v3', kind: 'IPPool', metadata: { name: 'a' }, spec: { cidr: '10.0.0.0/16', ipipMode: 'always' } }],
    ['a wrong type', { apiVersion: 'projectcalico.org/v3', kind: 'IPPool', metadata: { name: 'a' }, spec: { cidr: '10.0.0.0/16', disabled: 'yes' } }],
    ['no network', { apiVersion: 'projectcalico.org/v3', kind: 'IPPool', metadata: { name: 'a' }, spec: { cidr: '10.0.0.256/16' } }],
    ['a port out of range', { apiVersion: 'v1', kind: 'policy', metadata: { name: 'a' }, spec: { ingress: [{ action: 'allow', protocol: 'tcp', destination: { ports: [70000] } }] } }],
    ['a name that is none', { apiVersion: 'projectcalico.org/v3', kind: 'Tier', metadata: { name: 'A_b' } }],
    ['what a classic peer needs', { apiVersion: 'v1', kind: 'bgpPeer', metadata: { scope: 'global' }, spec: { asNumber: 1 } }],
    ['two fields that exclude each other', { apiVersion: 'projectcalico.org/v3', kind: 'BGPPeer', metadata: { name: 'a' }, spec: { node: 'n', nodeSelector: 'all()' } }],
    ['a namespace where there is none', { apiVersion: 'projectcalico.org/v3', kind: 'Tier', metadata: { name: 'a', namespace: 'b' } }],
  ];
  for (const [what, raw] of refused) {
    it(`refuses ${what}`, () => {
      expect(fits(raw)).to.equal(false);
    });
  }

  it('tells editors sentence, default and example of a field', () => {
    const { $defs } = kindSchema(KINDS.find(({ kind }) => kind === 'IPPool') as Kind) as { $defs: Record<string, { properties: Data }> };
    expect($defs['spec-of-an-IPPool']?.properties['vxlanMode']).to.deep.equal({
      description: 'When packets between nodes travel in VXLAN: never, always, or only where the nodes are in different subnets.',
      enum: ['Never', 'Always', 'CrossSubnet', '', null],
      default: 'Never',
      examples: ['CrossSubnet'],
    });
  });

  it('takes the revision at which a classic document was read', () => {
    for (const kind of CLASSIC_KINDS) {
      const schema = `all#/$defs/${kind.kind}.v1/properties/metadata`;
      const identity = Object.fromEntries(Object.entries(classicManifests().find(({ raw, accepted }) => accepted && raw['kind'] === kind.kind)?.raw['metadata'] as Data));
      expect([undefined, '57', 57, 'x', null].filter((resourceVersion) => ajv.validate(schema, { ...identity, ...(resourceVersion === undefined ? {} : { resourceVersion }) }))).to.deep.equal([undefined, '57', 57]);
    }
  });

  it('has a file for each kind and one for all', () => {
    const names = schemaFiles(KINDS).map(({ name }) => name);
    expect(new Set(names).size).to.equal(28);
    expect(names).to.include.members(['ippool_v3.json', 'ippool_v1.json', 'all.json']);
  });
});
