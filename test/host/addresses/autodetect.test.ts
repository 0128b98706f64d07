import { expect } from 'chai';
import { describe, it } from 'mocha';
import { parseCidr } from '../../../src/net/address.js';
import { readInterfaces } from '../../../src/host/addresses/interfaces.js';
import { checkMethod, detectByName, detectByRoute, interfaceOf, parseMethod, type Detection } from '../../../src/host/addresses/autodetect.js';
import { InvalidRequest } from '../../../src/base/errors.js';
import { failureOfCommand } from '../../support/failures.js';

/** As `ip -json address show` prints them: index, name, addresses. */
function host(...interfaces: [number, string, ...string[]][]): ReturnType<typeof readInterfaces> {
  return readInterfaces(JSON.stringify(interfaces.map(([ifindex, ifname, ...cidrs]) => ({
    ifindex, ifname, addr_info: cidrs.map((cidr) => ({ family: cidr.includes(':') ? 'inet6' : 'inet', local: cidr.split('/')[0], prefixlen: Number(cidr.split('/')[1]) })),
  }))));
}

const SERVER = host(
  [1, 'lo', '127.0.0.1/8', '::1/128'],
  [2, 'eth0', '10.0.0.1/24', 'fd00::1/64', 'fe80::1/64'],
  [3, 'eth1', '169.254.7.7/16', '172.16.5.1/16', '172.16.5.2/16'],
  [4, 'docker0', '172.17.0.1/16'],
  [5, 'br-4711', '172.18.0.1/16'],
  [6, 'cali123', '10.65.0.1/32'],
  [7, 'wlan0'],
);

function detected(method: string, version: 4 | 6 = 4, interfaces = SERVER): Detection | undefined {
  return detectByName(parseMethod('--ip-autodetection-method', method) as Parameters<typeof detectByName>[0], interfaces, version);
}

describe('the methods of finding an address', () => {
  it('first-found takes the highest index that is not left out by name, and its first global address', () => {
    expect(detected('first-found')).to.deep.equal({
      found: true,
      interface: 'eth1',
      address: '172.16.5.1/16',
      reason: 'first-found: the interface with the highest index whose name is not excluded',
      passedOver: ['wlan0 (no global IPv4 address)', 'cali123 (names with cali are excluded)', 'br-4711 (names with br- are excluded)', 'docker0 (names with docker are excluded)'],
    });
  });

  it('first-found finds IPv6 as well, never a link-local address', () => {
    expect(detected('first-found', 6)).to.include({ found: true, interface: 'eth0', address: 'fd00::1/64' });
  });

  it('interface takes matching names only, and those left out by default too', () => {
    expect(detected('interface=eth.*')).to.include({ interface: 'eth1', reason: 'interface: the one with the highest index whose name matches' });
    expect(detected('interface=wlan.*,docker')).to.include({ interface: 'docker0' });
    expect(detected('interface=th0')).to.include({ interface: 'eth0' });
    expect(detected('interface=^th0')).to.deep.include({ found: false, reason: 'no interface has a global IPv4 address and a name that interface accepts' });
  });

  it('skip-interface leaves out more than the default', () => {
    expect(detected('skip-interface=eth1')).to.deep.include({ found: true, interface: 'eth0', address: '10.0.0.1/24' });
    expect(detected('skip-interface=eth.*')).to.include({ found: false, reason: 'no interface has a global IPv4 address and a name that skip-interface accepts' });
  });

  it('leaves the choice to the container where only Go can read the expression', () => {
    expect(detected('interface=(?U)eth0')).to.equal(undefined);
    expect(detected('skip-interface=[[:^alpha:]]+')).to.equal(undefined);
    expect(detected('interface=(?i)ETH0')).to.include({ interface: 'eth0' });
    expect(detected('skip-interface=^[[:alpha:]]+1$')).to.include({ interface: 'eth0' });
  });

  it('interface tries its expressions in the order in which they are given', () => {
    expect(detected('interface=nosuch,eth0,eth1')).to.include({ interface: 'eth0' });
    expect(detected('interface=wlan,nosuch')).to.deep.include({ found: false });
  });

  it('cidr takes the first address in one of the networks, of interfaces that are not left out', () => {
    const within = (...networks: string[]): Detection | undefined => detectByName({ kind: 'cidr', networks: networks.map((text) => parseCidr(text)!) }, SERVER, 4);
    expect(within('10.0.0.0/8')).to.include({ interface: 'eth0', address: '10.0.0.1/24' });
    expect(within('10.0.0.0/8', '172.16.5.2/32')).to.include({ interface: 'eth1', address: '172.16.5.2/16' });
    expect(within('172.17.0.0/16')).to.deep.include({ found: false });
  });

  it('takes no address that is not global', () => {
    for (const address of ['127.0.0.1/8', '169.254.1.1/16', '224.0.0.1/4', '0.0.0.0/0', '255.255.255.255/32']) expect(detected('first-found', 4, host([2, 'eth0', address])), address).to.include({ found: false });
    for (const address of ['10.0.0.1/8', '240.0.0.1/4', '100.64.0.1/10', '1.1.1.1/32']) expect(detected('first-found', 4, host([2, 'eth0', address])), address).to.include({ found: true, address });
    for (const address of ['::1/128', '::/0', 'fe80::1/64', 'febf::1/64', 'ff02::1/16']) expect(detected('first-found', 6, host([2, 'eth0', address])), address).to.include({ found: false });
    for (const address of ['fec0::1/64', 'fd00::1/64', '2001:db8::1/64']) expect(detected('first-found', 6, host([2, 'eth0', address])), address).to.include({ found: true, address });
  });

  it('can-reach takes the address that the kernel sends from', () => {
    expect(detectByRoute('example.org', '10.0.0.1', SERVER, 4)).to.deep.equal({ found: true, interface: 'eth0', address: '10.0.0.1/24', reason: 'can-reach: the kernel sends to example.org from there', passedOver: [] });
    expect(detectByRoute('example.org', undefined, SERVER, 4)).to.include({ found: false, reason: 'the kernel has no IPv4 route to example.org' });
    expect(detectByRoute('example.org', '10.9.9.9', SERVER, 4)).to.include({ found: false, reason: 'the kernel sends to example.org from 10.9.9.9, which no interface has' });
  });

  it('finds the owner of an address', () => {
    expect(interfaceOf('172.16.5.2', SERVER)).to.deep.equal({ interface: 'eth1', address: '172.16.5.2/16' });
    expect(interfaceOf('172.16.5.3', SERVER)).to.equal(undefined);
  });
});

describe('the syntax of the methods', () => {
  const refusals: Readonly<Record<string, string>> = {
    '': '"" is not a method of finding addresses',
    first: '"first" is not a method of finding addresses',
    'can-reach=': '"can-reach=" is not a method of finding addresses',
    'interface=': '"interface=" is not a method of finding addresses',
    'cidr=10.0.0.0/8': '"cidr=10.0.0.0/8" is not a method of finding addresses',
    'kubernetes-internal-ip': '"kubernetes-internal-ip" is not a method of finding addresses',
    'interface=eth0,[': '"[" is not a regular expression of interface names: /[/: Unterminated character class',
    'skip-interface=(?=a)': '"(?=a)" is not a regular expression of interface names: look-around is not supported',
    'interface=eth\n0': '"interface=eth\\n0" holds a control character',
  };
  for (const [text, sentence] of Object.entries(refusals)) {
    it(`refuses ${JSON.stringify(text)}`, () => expect(() => parseMethod('--ip-autodetection-method', text)).to.throw(InvalidRequest, `--ip-autodetection-method: ${sentence}`));
  }

  it('resolves names before anything else happens', async () => {
    expect(await checkMethod('--ip-autodetection-method', 'can-reach=127.0.0.1', 4)).to.equal('can-reach=127.0.0.1');
    expect(await failureOfCommand(checkMethod('--ip6-autodetection-method', 'can-reach=127.0.0.1', 6))).to.equal('--ip6-autodetection-method: can-reach=127.0.0.1 has no IPv6 address');
    expect(await failureOfCommand(checkMethod('--ip-autodetection-method', 'can-reach=no host', 4))).to.equal('--ip-autodetection-method: can-reach=no host cannot be resolved to an address');
  });
});
