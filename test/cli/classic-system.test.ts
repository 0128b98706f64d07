import type { Data } from '../../src/base/data.js';
import { expect } from 'chai';
import { dump, load } from 'js-yaml';
import { describe } from 'mocha';
import { testAtOnce } from '../support/at-once.js';
import { manifest } from '../support/classic.js';
import * as samples from '../support/classic-system-data.js';
import type { Workplace } from '../support/workplace.js';

/** The system tests of the classic tool, calicoctl 1.6 (reference/classic 6). */
interface Case {
  readonly name: string;
  readonly attempt: (at: Workplace) => Promise<void>;
}

const SINGLE = [samples.peer1, samples.peer2, samples.hostEndpoint1, samples.hostEndpoint2, samples.policy1, samples.policy2, samples.pool1, samples.pool2, samples.profile1, samples.profile2];
const PAIRS = [
  [samples.peer1, samples.peer2],
  [samples.hostEndpoint1, samples.hostEndpoint2],
  [samples.policy1, samples.policy2],
  [samples.pool1, samples.pool2],
  [samples.profile1, samples.profile2],
] as const;
const FORMATS = { yaml: dump, json: JSON.stringify } as const;

function kindOf(data: Data): string {
  return String(data['kind']);
}

/** Runs a command that must say exactly this, to stdout only. */
async function succeeds(at: Workplace, args: readonly string[], said: string, stdin = ''): Promise<void> {
  expect(await at.quickly(args, { stdin })).to.deep.equal({ code: 0, signal: null, stdout: said, stderr: '' });
}

async function reads(at: Workplace, kind: string, data: readonly Data[]): Promise<void> {
  const [yaml, json] = await Promise.all(['yaml', 'json'].map((format) => at.quickly(['get', kind, `--output=${format}`])));
  expect({ yaml: load(yaml?.stdout ?? ''), json: JSON.parse(json?.stdout ?? '') as unknown, said: `${yaml?.stderr}${json?.stderr}` }).to.deep.equal({ yaml: data, json: data, said: '' });
}

function createdCase(data: Data, format: keyof typeof FORMATS, from: 'file' | 'stdin'): Case {
  const kind = kindOf(data);
  return {
    name: `${kind} ${JSON.stringify(data['metadata'])}, ${format} from ${from}`,
    async attempt(at) {
      const text = FORMATS[format](data);
      const file = at.file(`data.${format}`, text);
      await (from === 'file' ? succeeds(at, ['create', '-f', file], `Successfully created 1 '${kind}' resource(s)\n`) : succeeds(at, ['create', '-f', '-'], `Successfully created 1 '${kind}' resource(s)\n`, text));
      await reads(at, kind, [data]);
      await succeeds(at, ['delete', '-f', file], `Successfully deleted 1 '${kind}' resource(s)\n`);
      await reads(at, kind, []);
    },
  };
}

function pairCase(first: Data, second: Data): Case {
  const kind = kindOf(first);
  return {
    name: `two ${kind}s, listed in order`,
    async attempt(at) {
      const files = [at.file('first.yaml', dump(first)), at.file('second.json', JSON.stringify(second))] as const;
      await succeeds(at, ['create', '-f', files[0]], `Successfully created 1 '${kind}' resource(s)\n`);
      await succeeds(at, ['create', '-f', '-'], `Successfully created 1 '${kind}' resource(s)\n`, JSON.stringify(second));
      await reads(at, kind, [first, second]);
      for (const file of files) await succeeds(at, ['delete', '-f', file], `Successfully deleted 1 '${kind}' resource(s)\n`);
      await reads(at, kind, []);
    },
  };
}

function changeCase([name, first, second]: (typeof samples.CHANGES)[number]): Case {
  const kind = kindOf(first);
  return {
    name: `apply, create, replace: ${name}`,
    async attempt(at) {
      const one = at.file('one.yaml', dump(first));
      const two = at.file('two.yaml', dump(second));
      await succeeds(at, ['apply', '-f', one], `Successfully applied 1 '${kind}' resource(s)\n`);
      await reads(at, kind, [first]);
      await succeeds(at, ['create', '--skip-exists', '-f', two], `Successfully created 1 '${kind}' resource(s)\n`);
      await reads(at, kind, [first]);
      await succeeds(at, ['replace', '-f', two], `Successfully replaced 1 '${kind}' resource(s)\n`);
      await reads(at, kind, [second]);
      await succeeds(at, ['apply', '-f', one], `Successfully applied 1 '${kind}' resource(s)\n`);
      await reads(at, kind, [first]);
      await succeeds(at, ['delete', `--filename=${one}`], `Successfully deleted 1 '${kind}' resource(s)\n`);
      await reads(at, kind, []);
    },
  };
}

function refusedCase(name: string, text: string): Case {
  return {
    name: `refused: ${name}`,
    async attempt(at) {
      const { code, stdout, stderr } = await at.quickly(['create', '-f', '-'], { stdin: text });
      const readOnly = name === 'policy-NetworkPolicyNameRejected';
      expect({ code, stdout, last: stderr.split('\n').at(-2) }).to.deep.equal({ code: readOnly ? 1 : 3, stdout: '', last: 'Nothing was written.' });
      const started = readOnly ? ['clusterinformations/default', 'tiers/default', 'tiers/kube-admin', 'tiers/kube-baseline'] : [];
      expect(await at.keys()).to.deep.equal(started.map((key) => `/calico/resources/v3/projectcalico.org/${key}`));
    },
  };
}

function typesCase(name: string, spec: Data, types: readonly string[]): Case {
  const full = manifest('policy', { name: 'p' }, { ...spec, selector: '', types });
  return {
    name: `types of a policy: ${name}`,
    async attempt(at) {
      await succeeds(at, ['create', '-f', '-'], "Successfully created 1 'policy' resource(s)\n", dump(manifest('policy', { name: 'p' }, spec)));
      await reads(at, 'policy', [full]);
    },
  };
}

const poolCase: Case = {
  name: 'pools of both families',
  async attempt(at) {
    const six = manifest('ipPool', { cidr: 'fed0:8001::/64' });
    const four = manifest('ipPool', { cidr: '10.0.1.0/24' }, { ipip: { enabled: true, mode: 'always' } });
    const [sixFile, fourFile] = [at.file('six.json', JSON.stringify(six)), at.file('four.json', JSON.stringify(four))];
    await succeeds(at, ['create', '-f', sixFile], "Successfully created 1 'ipPool' resource(s)\n");
    await reads(at, 'ipPool', [six]);
    await succeeds(at, ['create', '-f', fourFile], "Successfully created 1 'ipPool' resource(s)\n");
    await reads(at, 'ipPool', [four, six]);
    for (const file of [sixFile, fourFile]) await succeeds(at, ['delete', '-f', file], "Successfully deleted 1 'ipPool' resource(s)\n");
    await reads(at, 'ipPool', []);
    const again = await at.quickly(['delete', '-f', fourFile]);
    expect(again).to.deep.equal({ code: 5, signal: null, stdout: '', stderr: "Failed to delete 'ipPool' resource: resource does not exist: IPPool(cidr=10.0.1.0/24) (four.json:1)\n" });
  },
};

const RULE = [{ action: 'allow', source: {}, destination: {} }];

const CASES: readonly Case[] = [
  poolCase,
  ...SINGLE.flatMap((data) => (['yaml', 'json'] as const).flatMap((format) => (['file', 'stdin'] as const).map((from) => createdCase(data, format, from)))),
  ...PAIRS.map(([first, second]) => pairCase(first, second)),
  ...samples.CHANGES.map(changeCase),
  ...Object.entries(samples.REFUSED).map(([name, text]) => refusedCase(name, text)),
  typesCase('both', { ingress: RULE, egress: RULE }, ['ingress', 'egress']),
  typesCase('no rules', {}, ['ingress']),
  typesCase('ingress alone', { ingress: RULE }, ['ingress']),
  typesCase('egress alone', { egress: RULE }, ['egress']),
];

describe("the classic tool's system tests", () => {
  testAtOnce(CASES, ({ name }) => name, ({ attempt }, workplace) => attempt(workplace));
});
