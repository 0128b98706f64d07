import { expect } from 'chai';
import { describe, it } from 'mocha';
import { hostEndpoint } from '../../../src/resources/v3/host-endpoint.js';
import { cells, document, problemsOf, testGolden } from '../../support/stored.js';

describe('HostEndpoint', () => {
  testGolden(hostEndpoint);

  it('says what is missing', () => {
    expect(problemsOf(hostEndpoint, document(hostEndpoint, {}))).to.deep.equal([
      'spec.node: a host endpoint needs a node',
      'spec.interfaceName: a host endpoint needs an interfaceName or expectedIPs (interfaceName: "*" stands for all interfaces of the host)',
    ]);
  });

  it('says what is wrong', () => {
    const spec = {
      node: 'n1',
      interface: 'eth0',
      interfaceName: 'eth 0',
      expectedIPs: ['1.2.3.4/32', 7, null],
      profiles: ['Upper', ''],
      ports: [{ name: 'A', protocol: 'ICMP', port: 0 }, {}],
    };
    const notName = 'lower-case letters, digits, "-" and "." are allowed, and each part between dots starts and ends with a letter or digit';
    expect(problemsOf(hostEndpoint, document(hostEndpoint, spec))).to.deep.equal([
      'spec.interface: unknown field "interface" (the fields here are node, interfaceName, expectedIPs, profiles, ports)',
      'spec.interfaceName: "eth 0" is not the name of an interface: 1 to 15 letters, digits, "_", "." and "-" are allowed',
      'spec.expectedIPs[0]: "1.2.3.4/32" is not an IP address (leave out the prefix length)',
      'spec.expectedIPs[1]: expected an IP address, found the number 7',
      'spec.expectedIPs[2]: expected an IP address, found nothing (remove the empty entry, or give its value)',
      `spec.profiles[0]: "Upper" is not a name: ${notName}`,
      `spec.profiles[1]: "" is not a name: ${notName}`,
      'spec.ports[0].name: "A" is not the name of a port: lower-case letters, digits and single "-" between them are allowed, with at least one letter',
      'spec.ports[0].protocol: "ICMP" is not a protocol that has ports: TCP, UDP or SCTP',
      'spec.ports[0].port: 0 is not a port number (1 to 65535)',
      'spec.ports[1].name: a port needs a name',
      'spec.ports[1].protocol: a port needs a protocol: TCP, UDP or SCTP',
      'spec.ports[1].port: a port needs its number',
    ]);
  });

  it('shows its interface, addresses and profiles', () => {
    expect(cells(hostEndpoint, { node: 'n1', interfaceName: '*', expectedIPs: ['192.0.2.1', 'fd00::1'], profiles: ['p1', 'p2'] })).to.deep.equal({
      ps: ['NAME=default', 'NODE=n1'],
      wide: ['NAME=default', 'NODE=n1', 'INTERFACE=*', 'IPS=192.0.2.1,fd00::1', 'PROFILES=p1,p2'],
    });
    expect(cells(hostEndpoint, {}).wide).to.deep.equal(['NAME=default', 'NODE=', 'INTERFACE=', 'IPS=', 'PROFILES=']);
  });
});
