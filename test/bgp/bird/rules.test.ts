import { expect } from 'chai';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { renderedOf, recorded } from './recorded-bird.js';
import { made, nodes, type Stored } from './stores.js';

const NO_MESH: Stored = ['configuration', 'default', { nodeToNodeMeshEnabled: false }];

describe("BIRD's files: the node itself", () => {
  it('a router id from the name of the node is never that of a multicast address', () => {
    // The hash of node-2 begins with 0xf5, that of node-1 with 0x6c.
    const idOf = (name: string): string | undefined => /router id ([\d.]*)/.exec(renderedOf({ node: name, environment: { CALICO_ROUTER_ID: 'hash' }, endpoint_status_files: {}, store: { [`/calico/resources/v3/projectcalico.org/nodes/${name}`]: JSON.stringify({ kind: 'Node', apiVersion: 'projectcalico.org/v3', metadata: { name }, spec: {} }) } }).texts.get('bird.cfg') ?? '')?.[1];
    const firsts = Array.from({ length: 400 }, (_, index) => Number(idOf(`node-${index}`)?.split('.')[0]));
    expect(Math.max(...firsts)).to.equal(223);
    expect(firsts.filter((first) => first > 191).length, 'those that were lowered are among them').to.be.greaterThan(60);
  });

  it('a node with IPv4 alone has a bird6.cfg without BGP, and without either none has', () => {
    const four = made([['node', 'a', { bgp: { ipv4Address: '10.0.0.1/24' } }], ...nodes(2).slice(1)]);
    expect([four.text('bird.cfg').includes('Mesh_10_0_0_2'), four.text('bird6.cfg').includes('template')]).to.deep.equal([true, false]);
    expect(made([['node', 'a', {}]]).text('bird.cfg')).to.include('router id ;').and.not.include('template');
  });

  it('its own BGPConfiguration counts for log level, port and communities, that of all for the rest', () => {
    const own: Stored = ['configuration', 'node.a', { logSeverityScreen: 'Debug', listenPort: 1790, bindMode: 'None', ignoredInterfaces: ['x0'], prefixAdvertisements: [{ cidr: '10.2.0.0/16', communities: ['1:2'] }] }];
    const all: Stored = ['configuration', 'default', { logSeverityScreen: 'Info', listenPort: 1179, bindMode: 'NodeIP', ignoredInterfaces: ['y*'], communities: [{ name: 'named', value: '3:4' }], prefixAdvertisements: [{ cidr: '10.1.0.0/16', communities: ['named', 'unknown'] }] }];
    const both = made([...nodes(1), own, all]).text('bird.cfg');
    expect(both).to.include('listen bgp address 10.0.0.1 port 1790 ;').and.include('debug all ;').and.include('interface - "y*" , - "cali*"').and.include('net ~ 10.2.0.0/16').and.not.include('net ~ 10.1.0.0/16');
    expect(made([...nodes(1), all]).text('bird.cfg')).to.include('port 1179').and.include('if ( net ~ 10.1.0.0/16 ) then { bgp_community.add ( ( 3 , 4 ) ) ; }');
  });

  it('networks of services: from the environment, for nodes that keep out of it, and at a reflector', () => {
    const services: Stored = ['configuration', 'default', { serviceClusterIPs: [{ cidr: '10.96.0.0/12' }], serviceExternalIPs: [{ cidr: '10.96.0.0/12' }], serviceLoadBalancerIPs: [{ cidr: '10.98.0.0/16' }], serviceLoadBalancerAggregation: 'Disabled' }];
    const plain = made([...nodes(1), services]);
    expect(plain.text('bird_aggr.cfg')).to.include('protocol static { route 10.96.0.0/12 blackhole ; }');
    expect(plain.text('bird_ipam.cfg')).to.not.include('10.98');
    expect(made([...nodes(1), services], { environment: { CALICO_ADVERTISE_CLUSTER_IPS: '10.97.0.0/16' } }).text('bird_aggr.cfg')).to.include('route 10.96.0.0/12 blackhole ; route 10.97.0.0/16 blackhole ;');
    const excluded = made([['node', 'a', { bgp: { ipv4Address: '10.0.0.1/24', routeReflectorClusterID: '1.2.3.4' } }, { 'node.kubernetes.io/exclude-from-external-load-balancers': 'true' }], services]);
    expect(excluded.text('bird_aggr.cfg')).to.include('protocol static { }');
    expect(excluded.text('bird_ipam.cfg')).to.include('calico_aggr ( ) ; if ( net ~ 10.98.0.0/16 ) then { accept ; } }').and.include('kernel_programming { if ( net ~ 10.96.0.0/12 ) then { reject ; }');
  });

  it('one that is not stored has no files', () => {
    expect(() => renderedOf({ ...recorded('mesh3'), node: 'nobody' })).to.throw('no node nobody');
  });
});

describe("BIRD's files: sessions", () => {
  it('an AS number of its own towards a peer makes it a peer of the same one', () => {
    const of = (spec: object): string => made([...nodes(1), NO_MESH, ['peer', 'p', { peerIP: '10.9.0.1', asNumber: 65001, ...spec }]]).text('bird.cfg');
    expect(of({ localASNumber: 65001 })).to.include('calico_export_to_bgp_peers ( true )').and.include('local as 65001 ; neighbor 10.9.0.1 as 65001 ;');
    expect(of({})).to.include('calico_export_to_bgp_peers ( false )');
    expect([of({ localASNumber: 65001, keepOriginalNextHop: true }).includes('next hop keep'), of({ keepOriginalNextHop: true }).includes('next hop keep')]).to.deep.equal([false, true]);
  });

  it('whom a route reflector has as client', () => {
    const reflector = (name: string, last: number, id: string): Stored => ['node', name, { bgp: { ipv4Address: `10.0.0.${last}/24`, routeReflectorClusterID: id } }, { rr: id }];
    const store: Stored[] = [reflector('a', 1, '1.1.1.1'), reflector('b', 2, '1.1.1.1'), reflector('c', 3, '2.2.2.2'), ['node', 'd', { bgp: { ipv4Address: '10.0.0.4/24', asNumber: 65009 } }, { rr: 'no' }], NO_MESH, ['peer', 'all', { nodeSelector: 'has(rr)', peerSelector: 'has(rr)' }]];
    const { protocol } = made(store);
    expect(['Node_10_0_0_2', 'Node_10_0_0_3', 'Node_10_0_0_4'].map((name) => protocol(name).includes('rr client ; rr cluster id 1.1.1.1 ;'))).to.deep.equal([false, true, false]);
    // By its address nobody knows what cluster id it has.
    expect(made([...store.slice(0, -1), ['peer', 'b', { peerIP: '10.0.0.2', asNumber: 64512 }]]).protocol('Global_10_0_0_2')).to.include('rr client ;');
    expect(made([['node', 'a', { bgp: { ipv4Address: '10.0.0.1/24', routeReflectorClusterID: '1; password "x' } }], NO_MESH, ['peer', 'p', { peerIP: '10.9.0.1', asNumber: 64512 }]]).problems).to.deep.equal(['the routeReflectorClusterID of node a is no IPv4 address', undefined]);
  });

  it('who calls whom', () => {
    const passive = (store: readonly Stored[], name: string): boolean => made(store).protocol(name).includes('passive on ;');
    expect(['Mesh_10_0_0_2', 'Mesh_fd00__2'].map((name) => passive(nodes(2), name))).to.deep.equal([true, true]);
    const nine: Stored[] = [['node', 'a', { bgp: { ipv4Address: '10.0.0.9/24' } }], ['node', 'b', { bgp: { ipv4Address: '10.0.0.10/24' } }]];
    expect(passive(nine, 'Mesh_10_0_0_10'), 'as text, 10 is before 9').to.equal(false);
    // With another AS number it is still the address of a node.
    const peer = (spec: object): Stored[] => [...nodes(2), NO_MESH, ['peer', 'p', { peerIP: '10.0.0.2', asNumber: 65001, ...spec }]];
    expect([passive(peer({}), 'Global_10_0_0_2'), passive(peer({ node: 'a' }), 'Node_10_0_0_2')]).to.deep.equal([true, false]);
    expect(passive([...nodes(2), NO_MESH, ['peer', 'p', { peerSelector: 'all()' }]], 'Global_10_0_0_2')).to.equal(false);
  });

  it('what a BGPPeer says of times, hops and addresses counts for selected peers and for the way back too', () => {
    const spec = { node: 'b', peerIP: '10.0.0.1', asNumber: 64512, sourceAddress: 'None', ttlSecurity: 2, maxRestartTime: '90.5s', keepaliveTime: '1m', reachableBy: '10.0.0.254', nextHopMode: 'Self', localASNumber: 65055, numAllowedLocalASNumbers: 3 };
    const { protocol, text } = made([...nodes(2), NO_MESH, ['peer', 'p', spec]]);
    expect(protocol('Node_10_0_0_2')).to.equal('ttl security on ; multihop 2 ; neighbor 10.0.0.2 as 64512 ; graceful restart time 91 ; keepalive time 60 ; next hop self ;');
    expect(text('bird_aggr.cfg')).to.include('protocol static { route 10.0.0.2/32 via 10.0.0.254 ; }');
  });

  it('ways to peers: of peers of all nodes first, and of IPv6 as well', () => {
    const way = (name: string, peerIP: string, reachableBy: string, node = {}): Stored => ['peer', name, { peerIP, asNumber: 65001, reachableBy, ...node }];
    const { text } = made([...nodes(1), way('x', '10.9.0.1', '10.0.0.7', { node: 'a' }), way('y', '10.9.0.3:1790', '10.0.0.8'), way('z', 'fd09::1', 'fd00::8'), way('w', '10.9.0.2', 'fd00::8')]);
    expect(text('bird_aggr.cfg')).to.include('{ route 10.9.0.3/32 via 10.0.0.8 ; route 10.9.0.1/32 via 10.0.0.7 ; }');
    expect(text('bird6_aggr.cfg')).to.include('{ route fd09::1/128 via fd00::8 ; }');
  });

  it('workloads of the node: those of its BGPPeers, with what these say', () => {
    const peers: Stored[] = [['peer', 'vms', { localWorkloadSelector: 'all()', asNumber: 65401, localASNumber: 65402, ttlSecurity: 1, filters: ['f'] }], ['peer', 'others', { node: 'b', localWorkloadSelector: 'all()', asNumber: 65403 }], ['filter', 'f', { importV4: [{ action: 'Reject' }] }]];
    const statuses = [{ bgpPeerName: 'vms', ipv4Nets: ['10.65.0.1/32', '10.65.0.2/32'] }, { bgpPeerName: 'others', ipv4Nets: ['10.65.0.3/32'] }, { bgpPeerName: 'gone', ipv4Nets: ['10.65.0.4/32'] }, { bgpPeerName: '', ipv4Nets: ['10.65.0.5/32'] }, null, { bgpPeerName: 'vms', ipv4Nets: 'nonsense' }];
    const { protocol, text } = made([...nodes(1), NO_MESH, ...peers], { statuses });
    expect(protocol('Local_Workload_10_65_0_1')).to.equal('ttl security on ; multihop 1 ; local as 65402 ; neighbor 10.65.0.1 as 65401 ; passive on ;');
    expect(text('bird.cfg').match(/protocol bgp /g)).to.have.length(1);
    expect(text('bird.cfg')).to.include("import filter { 'bgp_f_importFilterV4' ( ) ;");
  });

  it('passwords of the environment, in quotes; without one the session is made, and it is said', () => {
    const secret = (name: string, key: string): object => ({ secretKeyRef: { name, key } });
    const store: Stored[] = [...nodes(2), ['configuration', 'default', { nodeMeshPassword: secret('bgp', 'mesh') }], ['peer', 'p', { peerIP: '10.9.0.1', asNumber: 65001, password: secret('bgp', 'tor') }]];
    const { protocol, remarks } = made(store, { passwords: { 'bgp mesh': 'open sesame' } });
    expect([protocol('Mesh_10_0_0_2'), protocol('Global_10_9_0_1')].map((text) => /password (.*?) ;/.exec(text)?.[1])).to.deep.equal(['"open sesame"', undefined]);
    expect(remarks).to.deep.equal(['BGPPeer p has its password in key tor of secret bgp, and the environment has no such password: the sessions are made without']);
    const bad = made(store, { passwords: { 'bgp mesh': 'x', 'bgp tor': 'a"; multihop; password "b' } });
    expect([bad.protocol('Global_10_9_0_1').includes('multihop ; password'), bad.remarks]).to.deep.equal([false, ['the password of BGPPeer p has a quote or an end of line in it, which BIRD cannot read: the sessions are made without']]);
  });

  it('two nodes with one address are one peer', () => {
    const { text, remarks } = made([...nodes(2), ['node', 'z', { bgp: { ipv4Address: '10.0.0.2/24' } }]]);
    expect(text('bird.cfg').match(/Mesh_10_0_0_2 /g)).to.have.length(1);
    expect(remarks).to.deep.equal(['10.0.0.2 is the address of several nodes: the node peers with one of them']);
  });
});

describe("BIRD's files: filters", () => {
  const filtered = (spec: object, name = 'f'): ReturnType<typeof made> => made([...nodes(1), ['filter', name, spec as Record<string, unknown>], ['peer', 'p', { peerIP: '10.9.0.1', asNumber: 65001, filters: [name, name, 'gone'] }]]);

  it('a long name is cut, with a hash that tells it from others', () => {
    const name = `${'a'.repeat(40)}.${'b'.repeat(40)}`;
    const functions = filtered({ importV4: [{ action: 'Accept' }], exportV4: [{ peerType: 'eBGP', action: 'Reject' }] }, name).text('bird.cfg').match(/'[^']+'/g) ?? [];
    expect(new Set(functions)).to.have.property('size', 2);
    expect(functions[0]).to.match(/^'bgp_a{28}_[0-9A-F]{16}_importFilterV4'$/).and.have.length(66);
  });

  it('one that is not understood leaves its family without files, since less of it would be another', () => {
    const rules = [{ action: 'Allow' }, { action: 'Accept', cidr: '10.0.0.0/8' }, { action: 'Accept', cidr: 'fd00::/8', matchOperator: 'In' }, { action: 'Accept', interface: 'e"; reject' }, { action: 'Accept', communities: { values: ['x'] } }, { action: 'Accept', asPathPrefix: ['x'] }, { action: 'Accept', priority: 'high' }, { action: 'Accept', source: 'Everybody' }, { action: 'Accept', peerType: 'xBGP' }, { action: 'Accept', operations: [{}] }];
    const problems = rules.map((rule) => filtered({ importV4: [rule] }).problems);
    expect(problems.map(([four]) => /^BGPFilter f: (.*) of a rule for IPv4 is not understood$/.exec(four ?? '')?.[1])).to.deep.equal(['the action', 'the matchOperator', 'the cidr', 'the interface', 'a community', 'an AS number', 'a priority', 'the source', 'the peerType', 'an operation']);
    expect(problems.every(([, six]) => six === undefined)).to.equal(true);
  });

  it('each is called in the order of the BGPPeer, as often as it is named', () => {
    expect(filtered({ exportV4: [{ action: 'Reject' }] }).text('bird.cfg').match(/'bgp_f_exportFilterV4' \( \) ;/g)).to.have.length(2);
  });
});

describe("BIRD's files: whatever is stored", () => {
  it('nothing that is stored breaks them, and no text gets out of its quotes', () => {
    const fields = { node: ['bgp'], peer: ['node', 'nodeSelector', 'peerIP', 'asNumber', 'localASNumber', 'peerSelector', 'password', 'maxRestartTime', 'ttlSecurity', 'filters', 'reachableBy', 'nextHopMode'], configuration: ['listenPort', 'asNumber', 'ignoredInterfaces', 'communities', 'prefixAdvertisements', 'serviceClusterIPs', 'nodeMeshMaxRestartTime', 'nodeMeshPassword', 'logSeverityScreen', 'ipv4NormalRoutePriority'], pool: ['cidr', 'ipipMode', 'vxlanMode'], filter: ['importV4', 'exportV6'] } as const;
    const value = fc.oneof(fc.jsonValue(), fc.constantFrom<unknown>('x"; evil; "', ['a"; evil; "'], [{ cidr: '10.0.0.0/8 } evil' }], [{ cidr: '10.0.0.0/8', communities: ['1:2; evil'] }], { ipv4Address: '10.0.0.1; evil', routeReflectorClusterID: 'evil' }, '10.9.0.1', 'all()', [{ action: 'evil', interface: 'evil"' }]));
    const object = fc.constantFrom(...(Object.keys(fields) as (keyof typeof fields)[])).chain((kind) => fc.record(Object.fromEntries(fields[kind].map((name) => [name, value])), { requiredKeys: [] }).map((spec): Stored => [kind, kind === 'configuration' ? 'default' : kind, spec]));
    fc.assert(
      fc.property(fc.array(object, { maxLength: 6 }), (objects) => {
        const { text } = made([...nodes(2), ...objects], { statuses: objects.map(([, , spec]) => spec) });
        for (const file of ['bird.cfg', 'bird_aggr.cfg', 'bird_ipam.cfg', 'bird6.cfg']) expect(text(file).replace(/"[^"]*"/g, '')).to.not.include('evil');
      }),
      { numRuns: 300 },
    );
  });
});
