import { expect } from 'chai';
import { describe, it } from 'mocha';
import { InvalidRequest } from '../../src/base/errors.js';
import { isMap, type Data } from '../../src/base/data.js';
import { explainPath, pathIn, type Explained } from '../../src/objects/explain.js';
import type { Dialect, Kind } from '../../src/resources/kind.js';
import { Problems, pathText } from '../../src/resources/problem.js';
import { CLASSIC_KINDS, kindOfWord, STORED_KINDS } from '../../src/resources/registry.js';
import { readClassicDocument } from '../../src/resources/v1/document.js';
import { readStoredDocument } from '../../src/resources/v3/document.js';

const KINDS: readonly Kind[] = [...CLASSIC_KINDS, ...STORED_KINDS];

function everything(kind: Kind): readonly Explained[] {
  const flat = (found: Explained): Explained[] => [found, ...(found.fields ?? []).flatMap(flat)];
  return flat(explainPath(kind, [], Infinity));
}

function problemsOf(kind: Kind, raw: Data): readonly string[] {
  const problems = new Problems();
  if (kind.dialect === 'v1') readClassicDocument(kind, raw, problems);
  else readStoredDocument(kind, raw, problems);
  return problems.list.filter(({ severity }) => severity === 'error').map(({ path, message }) => `${pathText(path)}: ${message}`);
}

/** What an example needs: for KIND.PATH of this form, fields of the map at a path; undefined for one that has to go. */
const BESIDE: readonly (readonly [RegExp, string, Data])[] = [
  [/GlobalNetworkPolicy\.spec\.(?:doNotTrack|preDNAT)$/, 'spec', { applyOnForward: true }],
  [/\.spec\.ingress\.icmp/, 'spec.ingress', { protocol: 'ICMP' }],
  [/\.spec\.egress\.icmp/, 'spec.egress', { protocol: 'ICMP' }],
  [/\.spec\.ingress\.(?:source|destination)(?:\.ports|\.notPorts)?$/, 'spec.ingress', { protocol: 'TCP' }],
  [/\.spec\.egress\.(?:source|destination)(?:\.ports|\.notPorts)?$/, 'spec.egress', { protocol: 'TCP' }],
  [/^BGPPeer\.spec\.node$/, 'spec', { nodeSelector: undefined }],
  [/^BGPPeer\.spec\.peerSelector$/, 'spec', { peerIP: undefined, asNumber: undefined }],
  [/^BGPPeer\.spec\.localWorkloadSelector$/, 'spec', { peerIP: undefined }],
  [/^BGPConfiguration\.spec\.communities/, 'spec', { prefixAdvertisements: [{ cidr: '10.0.0.0/16', communities: ['64512:100'] }] }],
  [/^BGPFilter\.spec\.exportV4\.prefixLength\./, 'spec.exportV4', { cidr: '10.0.0.0/16', matchOperator: 'In' }],
  [/^BGPFilter\.spec\.importV4\.prefixLength\./, 'spec.importV4', { cidr: '10.0.0.0/16', matchOperator: 'In' }],
  [/^BGPFilter\.spec\.exportV6\.prefixLength\./, 'spec.exportV6', { cidr: 'fd00::/32', matchOperator: 'In' }],
  [/^BGPFilter\.spec\.importV6\.prefixLength\./, 'spec.importV6', { cidr: 'fd00::/32', matchOperator: 'In' }],
  [/^FelixConfiguration\.spec\.nodeSelector$/, 'metadata', { name: 'rack-a1' }],
  [/^IPPool\.spec\.namespaceSelector$/, 'spec', { allowedUses: ['Workload'] }],
  [/^bgpPeer\.metadata\.node$/, 'metadata', { scope: 'node' }],
];

/** Fields that rules have in one direction only. */
const ONE_DIRECTION = /^spec\.(?:ingress\.destination\.services|egress\.source\.services|egress\.http)/;

/**
 * The kind's example with a value at a path. What is missing on the way has what is required there and nothing else, but for
 * the last map, which may have the rest of its example (`whole`).
 */
function withExample(kind: Kind, { path, example }: Explained, whole: boolean): Data {
  const document = structuredClone(explainPath(kind, [], 0).example) as Data;
  const names = path.split('.');
  if (names.length > 2) delete (document['spec'] as Data)[names[1] as string];
  const at = (steps: readonly string[]): Data => {
    let value: Data = document;
    for (const [index, step] of steps.entries()) {
      const around = explainPath(kind, steps.slice(0, index + 1), 1);
      const needed = Object.fromEntries((around.fields ?? []).flatMap((each) => (each.required ? [[each.path.split('.').at(-1) ?? '', each.example] as const] : [])));
      value[step] ??= whole && index > 0 && index === names.length - 2 ? structuredClone<unknown>(around.example) : around.type.startsWith('a list') ? [needed] : needed;
      const found = value[step];
      value = (Array.isArray(found) ? found[0] : found) as Data;
    }
    return value;
  };
  at(names.slice(0, -1))[names.at(-1) as string] = example;
  for (const [pattern, above, beside] of BESIDE) {
    if (!pattern.test(`${kind.kind}.${path}`)) continue;
    const map = at(above.split('.'));
    // A classic rule has its words in lower case.
    for (const [name, value] of Object.entries(beside)) map[name] = kind.dialect === 'v1' && typeof value === 'string' ? value.toLowerCase() : value;
  }
  return document;
}

/** What is wrong with an example, among few other fields or among many. */
function exampleProblems(kind: Kind, each: Explained): readonly string[] {
  if (each.path === '') return problemsOf(kind, each.example as Data);
  const alone = problemsOf(kind, withExample(kind, each, false));
  return alone.length === 0 ? alone : problemsOf(kind, withExample(kind, each, true));
}

describe('explain', () => {
  for (const kind of KINDS) {
    it(`has a sentence, a type and an example that is valid for every field of ${kind.dialect} ${kind.kind}`, () => {
      const wrong = everything(kind).filter(({ path }) => !ONE_DIRECTION.test(path)).flatMap((each) => {
        const said = /^[A-Z"0-9].*[^.]\.$/.test(each.help) && !/\. [A-Z]/.test(each.help.slice(0, -1).replace(/\. Calico makes it/, '')) ? [] : [`${each.path}: ${each.help}`];
        return [...said, ...(each.type === '' || each.example === undefined ? [`${each.path}: no type or example`] : []), ...exampleProblems(kind, each).map((problem) => `${each.path} = ${JSON.stringify(each.example)}: ${problem}`)];
      });
      expect(wrong).to.deep.equal([]);
    });
  }

  it('has all 181 settings of Felix', () => {
    expect(explainPath(kindOfWord('felixconfig', 'v3') as Kind, ['spec'], 1).fields).to.have.length(181);
  });

  const defaults: readonly (readonly [Dialect, string, unknown])[] = [
    ['v3', 'ippool.spec.vxlanMode', 'Never'],
    ['v3', 'IPPool.spec.blockSize', '(26 for IPv4, 122 for IPv6)'],
    ['v3', 'ippool.spec.allowedUses', ['Workload', 'Tunnel']],
    ['v3', 'np.spec.tier', 'default'],
    ['v3', 'tier.spec.order', 1000000],
    ['v3', 'kubecontrollersconfig.spec.controllers.node.leakGracePeriod', '15m0s'],
    ['v3', 'kubecontrollersconfig.spec.controllers.node.hostEndpoint.templates[0].nodeSelector', 'all()'],
    ['v3', 'felixconfig.spec.nftablesMode', 'Auto'],
    ['v3', 'felixconfig.spec.logSeverityScreen', 'Info'],
    ['v3', 'felixconfig.spec.failsafeInboundHostPorts.protocol', 'tcp'],
    ['v1', 'policy.spec.types', '(follows from the rules given: ingress, egress or both)'],
    ['v1', 'ipPool.spec.ipip.mode', 'always'],
    ['v1', 'ipPool.metadata.cidr', undefined],
  ];
  for (const [dialect, text, wanted] of defaults) {
    it(`says the default of ${text}`, () => {
      const [word = '', ...path] = pathIn(text);
      expect(explainPath(kindOfWord(word, dialect) as Kind, path, 0).default).to.deep.equal(wanted);
    });
  }

  const allowed: readonly (readonly [string, unknown])[] = [
    ['ippool.spec.ipipMode', ['Never', 'Always', 'CrossSubnet', '']],
    ['np.spec.types', ['Ingress', 'Egress']],
    ['felixconfig.spec.logActionRateLimitBurst', '0 to 9999'],
    ['felixconfig.spec.goGCThreshold', '-1 or more'],
    ['felixconfig.spec.chainInsertMode', 'Insert or Append, in any letter case'],
    ['np.spec.ingress.ipVersion', [4, 6]],
  ];
  for (const [text, wanted] of allowed) {
    it(`says what is allowed for ${text}`, () => {
      const [word = '', ...path] = pathIn(text);
      const found = explainPath(kindOfWord(word, 'v3') as Kind, path, 0).allowed;
      expect(Array.isArray(found) ? found.filter((each) => each !== '') : found).to.deep.equal(Array.isArray(wanted) ? wanted.filter((each) => each !== '') : wanted);
    });
  }

  const wrong: readonly (readonly [Dialect, string, string, string])[] = [
    ['v3', 'ippool.spec.cird', 'IPPool.spec has no field "cird"', 'did you mean "IPPool.spec.cidr"?'],
    ['v3', 'ippool.cidr', 'IPPool has no field "cidr"', 'did you mean "IPPool.spec.cidr"?'],
    ['v3', 'ippool.blocksiz', 'IPPool has no field "blocksiz"', 'did you mean "IPPool.spec.blockSize"?'],
    ['v3', 'np.spec.ingress.ports', 'NetworkPolicy.spec.ingress has no field "ports"', 'did you mean "NetworkPolicy.spec.ingress.source.ports" or "NetworkPolicy.spec.ingress.destination.ports"?'],
    ['v3', 'np.spec.action', 'NetworkPolicy.spec has no field "action"', 'did you mean "NetworkPolicy.spec.ingress.action" or "NetworkPolicy.spec.egress.action"?'],
    ['v3', 'tier.spec.order.x', 'Tier.spec.order has no field "x"', 'Tier.spec.order holds no fields'],
    ['v3', 'tier.spec.zzz', 'Tier.spec has no field "zzz"', 'its fields are order, defaultAction'],
    ['v3', 'felixconfig.spec.zzzzz', 'FelixConfiguration.spec has no field "zzzzz"', '"calicoctl explain FelixConfiguration.spec" lists its fields'],
    ['v1', 'ipPool.spec.natOutgoing', 'ipPool.spec has no field "natOutgoing"', 'did you mean "ipPool.spec.nat-outgoing"?'],
  ];
  for (const [dialect, text, message, hint] of wrong) {
    it(`names what may be meant by ${text}`, () => {
      const [word = '', ...path] = pathIn(text);
      let error: unknown;
      try {
        explainPath(kindOfWord(word, dialect) as Kind, path, 1);
      } catch (thrown) {
        error = thrown;
      }
      expect(error).to.be.instanceOf(InvalidRequest);
      expect([(error as InvalidRequest).message, (error as InvalidRequest).hint]).to.deep.equal([message, hint]);
    });
  }

  it('takes keys of maps, entries of lists and any letter case', () => {
    const np = kindOfWord('np', 'v3') as Kind;
    const found = ['metadata.labels.role', 'METADATA.LABELS', 'spec.ingress[0].Action', 'spec.ingress[*].action'].map((text) => explainPath(np, pathIn(text), 0));
    expect(found.map(({ path }) => path)).to.deep.equal(['metadata.labels', 'metadata.labels', 'spec.ingress.action', 'spec.ingress.action']);
    expect(found.every(({ example }) => example !== undefined && !(isMap(example) && Object.keys(example).length === 0))).to.equal(true);
  });
});
