import { expect } from 'chai';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { understand, type BirdAnswer } from '../../src/bgp/local-status.js';
import { addressWithPort, parsePeerName } from '../../src/bgp/peer-name.js';
import { parseProtocols, peerOf } from '../../src/bgp/protocols.js';
import { NotBirdError, type Reply } from '../../src/bgp/reply.js';
import { formatIp } from '../../src/net/address.js';
import { propertyRuns } from '../support/runs.js';
import { protocolsReply, recorded, repliesIn } from './replies.js';

function answerOf(bird: string): BirdAnswer {
  const [, status] = repliesIn(recorded(`${bird}-show-status`));
  const [, protocols] = repliesIn(recorded(`${bird}-show-protocols-all`));
  return understand('/run/bird.ctl', status as Reply, protocols as Reply);
}

/** Peers as lines: easier to compare than objects. */
function lines({ peers }: BirdAnswer): string[] {
  return peers.map(({ peerClass, text, family, state, info, session, details }) => [peerClass, text, `IPv${family}`, state, info, session ?? '-', details.neighborAddress, details.neighborAs, details.localAddress ?? '-', details.localAs ?? '-'].join(' | '));
}

describe('protocols of BIRD', () => {
  it('BIRD 1.6', () => {
    const answer = answerOf('bird1');
    expect({ ...answer, peers: lines(answer) }).to.deep.equal({
      path: '/run/bird.ctl',
      version: '1.6.8',
      routerId: '192.168.40.11',
      recovering: false,
      others: [],
      peers: [
        'mesh | 192.168.40.12 | IPv4 | up | Established | Established | 192.168.40.12 | 64512 | 192.168.40.11 | 64512',
        'mesh | 192.168.40.13 | IPv4 | start | Passive | Passive | 192.168.40.13 | 64512 | - | -',
        'node | 192.168.40.14 | IPv4 | start | Connect Socket: No route to host | Connect | 192.168.40.14 | 64512 | - | -',
        'global | 10.99.0.1:150 | IPv4 | start | Active Socket: Network is unreachable | Active | 10.99.0.1 | 65001 | - | -',
        'global | 192.168.40.15 | IPv4 | down |  | - | 192.168.40.15 | 65001 | - | -',
        'node | 192.168.40.12:1790 | IPv4 | start | Active Socket: Connection refused | Active | 192.168.40.12 | 64513 | - | -',
      ],
    });
  });

  it('BIRD 1.6 for IPv6', () => {
    expect(lines(answerOf('bird6'))).to.deep.equal(['mesh | fd00:40::12 | IPv6 | start | Active Received: Bad peer AS | Active | fd00:40::12 | 64512 | - | -']);
  });

  it('BIRD 2 speaks for both families and always tells the local AS', () => {
    expect(lines(answerOf('bird2'))).to.deep.equal([
      'mesh | 192.168.40.11 | IPv4 | up | Established | Established | 192.168.40.11 | 64512 | 192.168.40.12 | 64512',
      'mesh | 192.168.40.13 | IPv4 | start | Passive | Passive | 192.168.40.13 | 64512 | - | 64512',
      'node | 192.168.40.14 | IPv4 | start | Active Socket: No route to host | Active | 192.168.40.14 | 64512 | - | 64512',
      'global | 10.99.0.1:150 | IPv4 | start | Active Socket: Network is unreachable | Active | 10.99.0.1 | 65001 | - | 64512',
      'global | 192.168.40.15 | IPv4 | down |  | - | 192.168.40.15 | 65001 | - | 64512',
      'mesh | fd00:40::11 | IPv6 | start | Idle BGP Error: Bad peer AS | Idle | fd00:40::11 | 64999 | - | 64512',
    ]);
  });

  for (const bird of ['bird1', 'bird6', 'bird2']) {
    it(`${bird}: "show protocols" has the same protocols without details`, () => {
      const [, short] = repliesIn(recorded(`${bird}-show-protocols`));
      const [, long] = repliesIn(recorded(`${bird}-show-protocols-all`));
      expect(parseProtocols(short as Reply).map(({ name, state, details }) => [name, state, details])).to.deep.equal(parseProtocols(long as Reply).map(({ name, state }) => [name, state, {}]));
    });
  }

  it('protocols that Calico did not make are kept apart, those that are not BGP are left out', () => {
    const reply = protocolsReply('static1  Static   master   up     23:41:15    ', 'uplink BGP      master   up     2026-11-20  Established   ', 'Local_Workload_10_65_0_2 BGP      master   start  23:41:15    Passive       ', 'Mesh_nowhere BGP master start 23:41:15 Idle');
    const [status] = repliesIn('1000-BIRD 1.6.8\n0024-Graceful restart recovery in progress\n  Waiting for 1 channels to recover\n0013 Daemon is up and running\n');
    expect(understand('p', status as Reply, reply)).to.deep.equal({
      path: 'p',
      version: '1.6.8',
      recovering: true,
      peers: [{ name: 'Local_Workload_10_65_0_2', state: 'start', since: '23:41:15', info: 'Passive', details: {}, peerClass: 'workload', family: 4, address: '10.65.0.2', text: '10.65.0.2', session: 'Passive' }],
      others: [
        { name: 'uplink', state: 'up', since: '2026-11-20', info: 'Established', details: {} },
        { name: 'Mesh_nowhere', state: 'start', since: '23:41:15', info: 'Idle', details: {} },
      ],
    });
  });

  it('a date with a time is one value', () => {
    const [protocol] = parseProtocols(protocolsReply('Mesh_10_0_0_1 BGP ---        up     2026-11-20 08:10:43  Established   '));
    expect(protocol).to.deep.equal({ name: 'Mesh_10_0_0_1', state: 'up', since: '2026-11-20 08:10:43', info: 'Established', details: {} });
  });

  it('any rows are read, or are not of BGP', () => {
    const word = fc.oneof(fc.string(), fc.constantFrom('BGP', 'Mesh_10_0_0_1', 'Node_fd00__1', 'up', 'down', 'Established', '2026-11-20', '08:10:43', ' ', '\u001b[31m'));
    fc.assert(
      fc.property(fc.array(fc.array(word, { maxLength: 8 }).map((words) => words.join(' ').replace(/[\r\n]/g, '')), { minLength: 1, maxLength: 10 }), (rows) => {
        for (const protocol of parseProtocols(protocolsReply(...rows))) expect(rows.some((row) => row.includes(protocol.name))).to.equal(true);
      }),
      propertyRuns(),
    );
  });

  for (const text of ['9001 syntax error\n', '0000 \n', '2002-name state info\n0000 \n', '2002-name proto table state since\n1002-a BGP t up now\n0000 \n']) {
    it(`${JSON.stringify(text)} is no table of protocols`, () => {
      expect(() => parseProtocols(repliesIn(text)[0] as Reply)).to.throw(NotBirdError);
    });
  }
});

describe('names of peers', () => {
  it('what they say', () => {
    const names = ['Mesh_192_168_40_12', 'Global_fd00_40__12', 'Node_10_0_0_1_port_1790', 'Node_fd00__1_port_179', 'Local_Workload_10_65_0_2'];
    expect(names.map((name) => parsePeerName(name))).to.deep.equal([
      { peerClass: 'mesh', family: 4, address: '192.168.40.12' },
      { peerClass: 'global', family: 6, address: 'fd00:40::12' },
      { peerClass: 'node', family: 4, address: '10.0.0.1', port: 1790 },
      { peerClass: 'node', family: 6, address: 'fd00::1', port: 179 },
      { peerClass: 'workload', family: 4, address: '10.65.0.2' },
    ]);
  });

  it('others are not of Calico', () => {
    expect(['static1', 'Mesh_', 'Mesh_1_2_3', 'Mesh_1_2_3_400', 'mesh_1_2_3_4', 'Tor_1_2_3_4', 'Node_1_2_3_4_port_'].map(parsePeerName)).to.deep.equal(Array(7).fill(undefined));
  });

  it('every address and port is read back', () => {
    const ip = fc.oneof(fc.integer({ min: 0, max: 0xffffffff }).map((value) => ({ version: 4, value }) as const), fc.bigInt({ min: 1n << 64n, max: (1n << 128n) - 1n }).map((value) => ({ version: 6, value }) as const));
    fc.assert(
      fc.property(ip, fc.option(fc.integer({ min: 1, max: 65535 }), { nil: undefined }), (address, port) => {
        const text = formatIp(address);
        const name = `Node_${text.replace(/[.:]/g, '_')}${port === undefined ? '' : `_port_${port}`}`;
        expect(parsePeerName(name)).to.deep.equal({ peerClass: 'node', family: address.version, address: text, ...(port === undefined ? {} : { port }) });
        expect(addressWithPort({ address: text, port })).to.equal(port === undefined ? text : address.version === 4 ? `${text}:${port}` : `[${text}]:${port}`);
      }),
      propertyRuns(),
    );
  });

  it('peerOf knows a protocol of Calico', () => {
    const [protocol] = parseProtocols(protocolsReply('Mesh_10_0_0_1 BGP master up 08:10:43 Established'));
    expect(protocol && peerOf(protocol)?.text).to.equal('10.0.0.1');
  });
});
