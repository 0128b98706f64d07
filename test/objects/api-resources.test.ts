import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { ROOT } from '../../scripts/support/calicoctl.js';
import { apiResources, kindList, READING_VERBS, WRITING_VERBS } from '../../src/objects/api-resources.js';
import { kindOfWord } from '../../src/resources/registry.js';

interface Command {
  readonly args: Readonly<Record<string, unknown>>;
  readonly flags: Readonly<Record<string, unknown>>;
}

/** Commands that take kinds, and do nothing with the store. */
const OFFLINE = ['convert', 'explain', 'schema', 'validate'];
/** What looks at the network as a whole, also as manifests would change it. */
const WHOLE = ['eval'];

describe('api-resources', () => {
  it('has every kind, once, with words that mean it', () => {
    const all = apiResources();
    expect(all).to.have.length(27);
    for (const { kind, dialect, shortNames } of all) {
      for (const word of [kind, ...shortNames]) expect(kindOfWord(word, dialect), word).to.include({ kind, dialect });
    }
  });

  it('has the verbs that there are commands for', () => {
    const { commands } = JSON.parse(readFileSync(join(ROOT, 'oclif.manifest.json'), 'utf8')) as { commands: Record<string, Command> };
    const taking = Object.entries(commands).filter(([id, { args, flags }]) => !id.includes(':') && ('kind' in args || 'filename' in flags) && ![...OFFLINE, ...WHOLE].includes(id));
    expect(taking.map(([id]) => id).sort()).to.deep.equal([...READING_VERBS, ...WRITING_VERBS].sort());
  });

  it('leaves out what nobody may write', () => {
    expect(apiResources().filter(({ verbs }) => !verbs.includes('create')).map(({ kind }) => kind)).to.deep.equal(['ClusterInformation']);
  });

  it('names namespaces and keys', () => {
    const rows = apiResources().map(({ kind, dialect, namespaced, keyPrefix }) => `${kind} ${dialect} ${namespaced} ${keyPrefix}`);
    expect(rows).to.include.members([
      'NetworkPolicy v3 true /calico/resources/v3/projectcalico.org/networkpolicies/',
      'policy v1 false /calico/resources/v3/projectcalico.org/globalnetworkpolicies/',
      'workloadEndpoint v1 false /calico/resources/v3/projectcalico.org/workloadendpoints/',
      'WorkloadEndpoint v3 true /calico/resources/v3/projectcalico.org/workloadendpoints/',
    ]);
  });

  it('fits into the help of get', () => {
    expect(kindList()).to.match(/^Of v1: node \(no\), .*bgpPeer \(bgpp\)\.\nOf v3: BGPConfiguration \(bgpconfig\), .*WorkloadEndpoint \(wep\)\.$/s);
  });
});
