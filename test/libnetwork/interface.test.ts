import { expect } from 'chai';
import { describe, it } from 'mocha';
import { engineInterface, hostInterface, hostMac, linkLocal } from '../../src/libnetwork/interface.js';
import { readEngineNetwork, specToCreate } from '../../src/libnetwork/engine-network.js';
import { endpointLabels } from '../../src/libnetwork/labels.js';
import { assignedAt, ownerOn } from '../../src/libnetwork/owner.js';
import { currentMtu, isEnabled, readSettings } from '../../src/libnetwork/settings.js';
import { logOf } from '../support/agent-host.js';

const ID = '0123456789abcdef'.repeat(4);

describe('what follows from an endpoint of Docker', () => {
  it('is the name of its interfaces, which the kernel takes', () => {
    expect([hostInterface(ID), engineInterface(ID)]).to.deep.equal(['cali0123456789a', 'temp0123456789a']);
    expect(hostInterface(ID)).to.have.length(15);
  });

  it('is an address of the hardware that no network has, and never that of containers', () => {
    expect(hostMac(ID)).to.equal(hostMac(ID)).and.to.match(/^02(:[0-9a-f]{2}){5}$/);
    expect(hostMac(ID)).not.to.equal(hostMac(ID.replace('0', '1')));
  });

  it('is the link-local address of that', () => {
    expect(linkLocal('ee:ee:ee:ee:ee:ee')).to.equal('fe80::ecee:eeff:feee:eeee');
    expect(linkLocal('02:00:00:00:00:01')).to.equal('fe80::ff:fe00:1');
  });

  it('is when its address was assigned', () => {
    const now = new Date('2026-11-30T12:00:00.250Z');
    expect(assignedAt(ownerOn('n', now).attributes!)).to.equal(now.getTime());
    expect([assignedAt({}), assignedAt({ timestamp: 'yesterday' })]).to.deep.equal([undefined, undefined]);
  });

  it('are those labels of its container that are meant for it', () => {
    expect(endpointLabels({ 'org.projectcalico.label.role': 'web', 'org.projectcalico.label.a/b': '', role: 'db', 'org.projectcalico.labels': 'x' })).to.deep.equal({ labels: { role: 'web', 'a/b': '' }, problems: [] });
  });

  it('has the labels that Calico takes, also where its container has others', () => {
    const { labels, problems } = endpointLabels({ 'org.projectcalico.label.role': 'web', 'org.projectcalico.label.a': '\u001b[31m', 'org.projectcalico.label.b c': 'x', 'org.projectcalico.label.': 'x', 'org.projectcalico.label.__proto__': 'x', 'org.projectcalico.label.long': 'x'.repeat(64) });
    expect(labels).to.deep.equal({ role: 'web' });
    expect(problems.map((each) => each.replace(/:.*/, ''))).to.deep.equal(['"\u001b[31m" is not a label\'s value', '"b c" is not a key', '"" is not a key', '"__proto__" is not a key', 'a label\'s value has at most 63 characters, this one has 64']);
  });
});

describe('a network as the engine shows it', () => {
  const shown = {
    Name: 'net6', Id: 'f00', Created: '2026-11-30T15:37:41.561310685Z', Scope: 'local', Driver: 'calico', EnableIPv6: true,
    IPAM: { Driver: 'calico-ipam', Options: null, Config: [{ Subnet: '10.65.0.0/16', AuxiliaryAddresses: { x: '10.65.3.3' } }, { Subnet: '::/0', Gateway: '::/0' }] },
    Containers: { c1: { Name: 'bb', EndpointID: 'e1', MacAddress: '', IPv4Address: '10.65.7.7/32', IPv6Address: 'fd00::1/128' }, 'ep-e2': { EndpointID: 'e2', IPv4Address: '10.65.7.8/32', IPv6Address: '' } },
    Labels: { a: 'b' },
  };

  it('has the subnets that were given, and endpoints in containers and without', () => {
    expect(readEngineNetwork(shown)).to.deep.equal({
      id: 'f00', created: '2026-11-30T15:37:41.561310685Z', spec: { name: 'net6', subnets: ['10.65.0.0/16'], ipv4: true, ipv6: true, labels: { a: 'b' } }, reserved: ['10.65.3.3'],
      endpoints: [{ id: 'e1', container: 'c1', addresses: ['10.65.7.7', 'fd00::1'] }, { id: 'e2', addresses: ['10.65.7.8'] }],
    });
  });

  it('is asked for with what was read, but for addresses that are reserved already', () => {
    expect(specToCreate(readEngineNetwork(shown).spec)).to.deep.equal({ Name: 'net6', Driver: 'calico', CheckDuplicate: true, EnableIPv6: true, IPAM: { Driver: 'calico-ipam', Config: [{ Subnet: '10.65.0.0/16' }] }, Labels: { a: 'b' } });
    expect(specToCreate(readEngineNetwork({ ...shown, EnableIPv4: false, IPAM: null, Labels: null }).spec)).to.deep.equal({ Name: 'net6', Driver: 'calico', CheckDuplicate: true, EnableIPv6: true, EnableIPv4: false, IPAM: { Driver: 'calico-ipam', Config: [] }, Labels: {} });
  });
});

describe("the settings of Docker's drivers", () => {
  it('have the defaults of Calico 2.6', () => {
    const { log, lines } = logOf();
    expect(readSettings({}, log)).to.deep.equal({ interfacePrefix: 'cali', createProfiles: true, labelEndpoints: false, labelTimeoutMs: 5000, mtu: undefined });
    expect([isEnabled({}), isEnabled({ CALICO_LIBNETWORK_ENABLED: 'false' }), isEnabled({ CALICO_LIBNETWORK_ENABLED: 'True' })]).to.deep.equal([false, false, true]);
    expect(lines).to.deep.equal([]);
  });

  it('are read, and told where they cannot be', () => {
    const { log, lines } = logOf();
    const of = (env: Record<string, string>): unknown => readSettings(Object.fromEntries(Object.entries(env).map(([name, value]) => [`CALICO_LIBNETWORK_${name}`, value])), log);
    expect(of({ IFPREFIX: 'eth', CREATE_PROFILES: 'FALSE', LABEL_ENDPOINTS: 'TRUE', LABEL_POLL_TIMEOUT: '1m30s', VETH_MTU: '1440' })).to.deep.equal({ interfacePrefix: 'eth', createProfiles: false, labelEndpoints: true, labelTimeoutMs: 90_000, mtu: 1440 });
    expect(lines).to.deep.equal([]);
    expect(of({ LABEL_POLL_TIMEOUT: 'soon', VETH_MTU: '70000' })).to.deep.equal({ interfacePrefix: 'cali', createProfiles: true, labelEndpoints: false, labelTimeoutMs: 5000, mtu: undefined });
    expect(lines.map((line) => line.replace(/^.*test: /, '').trim())).to.deep.equal([
      'CALICO_LIBNETWORK_LABEL_POLL_TIMEOUT: "soon" is no length of time such as 5s, and does not count',
      'CALICO_LIBNETWORK_VETH_MTU: "70000" is no number from 68 to 65535, and does not count',
    ]);
  });

  it('leave the length of packets to what the dataplane found out', async () => {
    const { log } = logOf();
    expect(await currentMtu(readSettings({}, log), '/no/such/file')).to.equal(undefined);
    expect(await currentMtu(readSettings({ CALICO_LIBNETWORK_VETH_MTU: '1300' }, log), '/no/such/file')).to.equal(1300);
  });
});
