import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { unpackedPackage } from '../../../scripts/support/unpacked.js';
import { RECORDED, renderedOf } from './recorded-bird.js';
import { rendered, type Stored } from './stores.js';

const PROGRAMS = { 'bird.cfg': 'bird', 'bird6.cfg': 'bird6' } as const;
type Main = keyof typeof PROGRAMS;

/** Checks the main file in each folder that follows, and says what BIRD says of it: one line for each, empty where it is accepted. */
const CHECK_ALL = 'program=$1; shift; for file in "$@"; do "$program" -p -c "$file" 2>&1 | tail -1 | tr "\\n" " "; echo; done';

/** A store with everything that is in no recording. */
const SELDOM: readonly Stored[] = [
  ['node', 'a', { bgp: { ipv4Address: '10.0.0.1/24', ipv6Address: 'fd00::1/64', routeReflectorClusterID: '244.0.0.1' } }],
  ['node', 'b', { bgp: { ipv4Address: '10.0.0.2/24', ipv6Address: 'fd00::2/64', asNumber: 65009 } }],
  ['configuration', 'default', { bindMode: 'NodeIP', listenPort: 1179, ignoredInterfaces: ['x*'], nodeMeshPassword: { secretKeyRef: { name: 's', key: 'k' } }, serviceLoadBalancerIPs: [{ cidr: '10.98.0.0/16' }], prefixAdvertisements: [{ cidr: '10.1.0.0/16', communities: ['1:2', '4294967295:2:3'] }] }],
  ['filter', `${'long-'.repeat(20)}name`, { importV4: [{ peerType: 'iBGP', cidr: '10.0.0.0/8', matchOperator: 'NotIn', prefixLength: { min: 9 }, source: 'RemotePeers', interface: 'eth*', communities: { values: ['1:2:3'] }, asPathPrefix: [65001, 4200000000], priority: 512, action: 'Accept', operations: [{ addCommunity: { value: '1:2' } }, { prependASPath: { prefix: [65001, 65002] } }, { setPriority: { value: 100 } }] }], exportV6: [{ action: 'Reject' }] }],
  ['peer', 'one', { peerIP: '10.9.0.1', asNumber: 65001, filters: [`${'long-'.repeat(20)}name`], password: { secretKeyRef: { name: 's', key: 'k' } }, maxRestartTime: '2m', keepaliveTime: '20s', nextHopMode: 'Keep', numAllowedLocalASNumbers: 2, localASNumber: 65002, ttlSecurity: 255, reachableBy: '10.0.0.9' }],
  ['peer', 'same-with-port', { peerIP: '10.9.0.1:1790', asNumber: 65001, nextHopMode: 'Self', reachableBy: '10.0.0.9' }],
  ['peer', 'six', { peerIP: '[fd09::1]:1790', asNumber: 64512, filters: [`${'long-'.repeat(20)}name`], reachableBy: 'fd00::9' }],
  ['peer', 'selected', { nodeSelector: 'all()', peerSelector: 'all()' }],
  ['peer', 'vms', { localWorkloadSelector: 'all()', asNumber: 65401 }],
];

describe("BIRD's files, as Debian's BIRD 1.6.8 reads them", () => {
  let folder: string;
  const checked = new Map<string, string>();

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'calico-bird-'));
    const sets = new Map(RECORDED.map((recording) => [recording.name, renderedOf(recording).texts]));
    sets.set('seldom', rendered(SELDOM, { passwords: { 's k': "open 'sesame' # {" }, statuses: [{ bgpPeerName: 'vms', ipv4Nets: ['10.65.0.1/32'], ipv6Nets: ['fd65::1/128'] }] }).texts);
    for (const [name, texts] of sets) {
      mkdirSync(join(folder, name));
      for (const [file, text] of texts) writeFileSync(join(folder, name, file), text);
    }
    for (const [main, program] of Object.entries(PROGRAMS)) {
      const said = execFileSync('sh', ['-c', CHECK_ALL, 'sh', join(unpackedPackage('bird'), 'usr/sbin', program), ...[...sets.keys()].map((name) => join(folder, name, main))], { encoding: 'utf8' }).split('\n');
      [...sets.keys()].forEach((name, index) => checked.set(`${name} ${main}`, (said[index] ?? '').trim()));
    }
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('are accepted where those of confd were, and refused for the same reason where those were', () => {
    // Lines and columns are others, as ours have other comments.
    const reason = (said: string): string => /[^:]*$/.exec(said)?.[0].replace(/^\d+ /, '').trim() ?? '';
    const differing = RECORDED.flatMap(({ name, bird_1_6_8: recorded }) =>
      (Object.keys(PROGRAMS) as Main[]).flatMap((main) => {
        const said = checked.get(`${name} ${main}`) ?? 'not checked';
        const expected = recorded[main] === 'accepted' ? '' : reason(recorded[main] ?? '');
        return reason(said) === expected ? [] : [`${name} ${main}: ${said}`];
      }),
    );
    expect(differing).to.deep.equal([]);
    expect([...checked.values()].filter((said) => said !== ''), 'those that are refused').to.have.length(RECORDED.flatMap(({ bird_1_6_8: recorded }) => Object.values(recorded).filter((said) => said !== 'accepted')).length);
  });

  it('are accepted with all that is in no recording', () => {
    expect((Object.keys(PROGRAMS) as Main[]).map((main) => checked.get(`seldom ${main}`))).to.deep.equal(['', '']);
  });
});
