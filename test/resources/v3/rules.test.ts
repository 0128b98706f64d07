import type { Data } from '../../../src/base/data.js';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { globalNetworkPolicy } from '../../../src/resources/v3/global-network-policy.js';
import { document, problemsOf, storedSpec } from '../../support/stored.js';

/** Everything wrong with a rule, with paths from the rule on. */
function wrong(rule: unknown, severity: 'error' | 'warning' = 'error'): string[] {
  return problemsOf(globalNetworkPolicy, document(globalNetworkPolicy, { ingress: [rule] }), severity).map((line) => line.replace('spec.ingress[0].', ''));
}

function stored(rule: Data): unknown {
  return (storedSpec(globalNetworkPolicy, document(globalNetworkPolicy, { ingress: [rule] }))['ingress'] as unknown[])[0];
}

const REMOVE = '(remove one of the two)';

describe('rules', () => {
  const cases: readonly (readonly [string, unknown, readonly string[]])[] = [
    ['an action in lower case', { action: 'allow' }, ['action: "allow" is not an action: expected Allow, Deny, Log or Pass; did you mean "Allow"?']],
    ['no action', {}, ['action: a rule needs an action: Allow, Deny, Log or Pass']],
    ['null for a rule', null, ['spec.ingress[0]: expected a rule, found nothing (remove the empty entry, or give its value)']],
    [
      'a protocol in lower case, said once',
      { action: 'Allow', protocol: 'tcp', destination: { ports: [80] } },
      ['protocol: "tcp" is not a protocol: TCP, UDP, ICMP, ICMPv6, SCTP or UDPLite, or a number from 1 to 255 (did you mean "TCP"?)'],
    ],
    ['services with an empty name', { action: 'Allow', source: { services: { name: '', namespace: 'n' } } }, ['source.services.name: services need the name of a service']],
    ['a number without a protocol', { action: 'Allow', destination: { ports: ['http', 80] } }, ['destination.ports: numeric ports need a protocol: TCP, UDP or SCTP (add protocol: TCP to the rule)']],
    ['a range without a protocol', { action: 'Allow', source: { notPorts: ['1:2'] } }, ['source.notPorts: numeric notPorts need a protocol: TCP, UDP or SCTP (add protocol: TCP to the rule)']],
    ['ports of a protocol that has none', { action: 'Allow', protocol: 'ICMP', destination: { ports: ['http'] } }, ['destination.ports: ports need the protocol TCP, UDP or SCTP, not ICMP']],
    ['ports of a protocol number that has none', { action: 'Allow', protocol: 7, destination: { ports: [80] } }, ['destination.ports: ports need the protocol TCP, UDP or SCTP, not 7']],
    ['one port instead of a list', { action: 'Allow', protocol: 'TCP', destination: { ports: 80 } }, ['destination.ports: expected a list of ports, found the number 80 (write it as a list: [80])']],
    [
      'a port in a map',
      { action: 'Allow', protocol: 'TCP', destination: { ports: [{ int: 3306 }] } },
      ['destination.ports[0]: expected a port: a number from 1 to 65535, a range such as "8000:8100", or the name of a port, found a map (write only the number: 3306)'],
    ],
    [
      'a protocol for all',
      { action: 'Allow', protocol: 'any' },
      ['protocol: "any" is not a protocol: TCP, UDP, ICMP, ICMPv6, SCTP or UDPLite, or a number from 1 to 255 (leave the field out to match every protocol)'],
    ],
    [
      'an ICMP code alone',
      { action: 'Allow', protocol: 'ICMP', icmp: { code: 0 } },
      ['icmp.code: an ICMP code needs an ICMP type (add the type)'],
    ],
    ['ICMP by number', { action: 'Allow', protocol: 1, icmp: { type: 8 } }, ['icmp: icmp needs the protocol ICMP or ICMPv6, by name (add protocol: ICMP to the rule)']],
    ['ICMPv6 in IPv4', { action: 'Allow', protocol: 'ICMPv6', ipVersion: 4 }, ["ipVersion: the protocol ICMPv6 belongs to IPv6, not to the rule's ipVersion 4"]],
    ['not ICMP in IPv6', { action: 'Allow', notProtocol: 'ICMP', ipVersion: 6 }, ["ipVersion: the protocol ICMP belongs to IPv4, not to the rule's ipVersion 6"]],
    ['an IP version that is none', { action: 'Allow', ipVersion: 5 }, ['ipVersion: 5 is not an IP version: expected 4 or 6']],
    [
      'networks with host bits and addresses alone',
      { action: 'Allow', source: { nets: ['10.0.0.1/8', 'fd00::1'] } },
      ['source.nets[0]: 10.0.0.1/8 has bits set after its prefix length (write 10.0.0.0/8, or 10.0.0.1/32)', 'source.nets[1]: "fd00::1" is not a network such as 10.0.0.0/16 (write fd00::1/128)'],
    ],
    ['an empty network', { action: 'Allow', source: { nets: [''] } }, ['source.nets[0]: "" is not a network such as 10.0.0.0/16']],
    ['everything in notNets', { action: 'Allow', source: { notNets: ['::/0'] } }, ['source.notNets[0]: ::/0 in notNets leaves nothing to match (remove the rule, or this network)']],
    [
      'two families in one rule',
      { action: 'Allow', source: { nets: ['10.0.0.0/8'] }, destination: { notNets: ['10.0.0.0/8', 'fd00::/8'] } },
      ['destination.notNets[1]: a rule cannot have both IPv4 and IPv6 networks (write one rule for each)'],
    ],
    ['another family than the rule', { action: 'Allow', ipVersion: 6, source: { nets: ['10.0.0.0/8'] } }, ["source.nets[0]: 10.0.0.0/8 is not of the rule's ipVersion 6"]],
    ['words of the classic language', { action: 'Allow', source: { net: '10.0.0.0/8', tag: 'x' } }, ['source.net: unknown field "net" (did you mean "nets"?)', `source.tag: unknown field "tag" (v3 has no tags: the tag of a profile is a label without a value there, so write selector: x == '')`]],
    ['a protocol in the wrong place', { action: 'Allow', source: { protocol: 'TCP' } }, ['source.protocol: unknown field "protocol" ("protocol" belongs to the rule, beside "source" and "destination")']],
    ['a selector with an unquoted value', { action: 'Allow', source: { selector: 'a == b' } }, ['source.selector: this is not a selector: column 6: expected a string in quotes, found the label b (put the value in quotes: "b")']],
    ['global() in a selector', { action: 'Allow', source: { selector: ' global() ' } }, ['source.selector: global() can only be used in the namespaceSelector of a rule']],
    ['global() in company', { action: 'Allow', source: { namespaceSelector: 'global() || has(a)' } }, ['source.namespaceSelector: global() cannot be combined with other selectors']],
    ['global() in parentheses', { action: 'Allow', source: { namespaceSelector: '(global())' } }, ['source.namespaceSelector: global() cannot be combined with other selectors']],
    ['services without a name', { action: 'Allow', source: { services: {} } }, ['source.services.name: services need the name of a service', 'source.services: services in a global policy need a namespace (add the namespace of the service)']],
    ['services without a namespace', { action: 'Allow', source: { services: { name: 's' } } }, ['source.services: services in a global policy need a namespace (add the namespace of the service)']],
    [
      'services with other ways of choosing addresses',
      { action: 'Allow', source: { services: { name: 's', namespace: 'n' }, nets: ['10.0.0.0/8'], selector: 'all()' } },
      [`source.selector: selector and services cannot be given together ${REMOVE}`, `source.nets: nets and services cannot be given together ${REMOVE}`],
    ],
    [
      'services at the near end',
      { action: 'Allow', destination: { services: { name: 's', namespace: 'n' } } },
      ['destination.services: services are not allowed in the destination of an ingress rule (put them into the source)'],
    ],
    [
      'services with ports in a destination',
      { action: 'Allow', destination: { services: { name: 's', namespace: 'n' }, ports: ['x'] } },
      ['destination.ports: ports and services cannot be given together in a destination: services bring their own ports', 'destination.services: services are not allowed in the destination of an ingress rule (put them into the source)'],
    ],
    ['HTTP in a rule that denies', { action: 'Deny', http: { methods: ['GET'] } }, ['http: http is only possible with the action Allow, not Deny']],
    ['HTTP over UDP', { action: 'Allow', protocol: 'UDP', http: {} }, ['http: http needs the protocol TCP, by name, or none; not UDP']],
    ['an HTTP method twice', { action: 'Allow', http: { methods: ['GET', 'GET'] } }, ['http.methods: the method GET is given twice']],
    [
      'HTTP paths',
      { action: 'Allow', http: { paths: [{ exact: 'a' }, {}, { exact: '/a', prefix: '/b' }] } },
      [
        'http.paths[0]: "a" is not a path of HTTP requests: a path starts with "/" and has no "?", "#" or blank',
        'http.paths[1]: a path needs either exact or prefix',
        `http.paths[2]: exact and prefix cannot be given together ${REMOVE}`,
      ],
    ],
    [
      'more HTTP than Calico takes',
      { action: 'Allow', http: { methods: Array.from({ length: 21 }, (_, index) => `M${index}`), paths: [{ prefix: `/${'a'.repeat(1024)}` }] } },
      ['http.methods: at most 20 methods are allowed, not 21', 'http.paths[0]: a path has at most 1024 characters, this one has 1025'],
    ],
    ['metadata that is no annotation', { action: 'Allow', metadata: { annotations: { 'a b': 'c' } } }, ['metadata.annotations.a b: "a b" is not a key: letters, digits, "-", "_" and "." are allowed, with a letter or digit at both ends']],
  ];
  for (const [name, rule, problems] of cases) {
    it(`says what is wrong with ${name}`, () => {
      expect(wrong(rule)).to.deep.equal(problems);
    });
  }

  it('says what is wrong with each port', () => {
    const ports = ['90:80', '1:2:3', '0:5', 0, 65536, 80.5, 'HTTP', 'a-name-with-16-c', true, ''];
    expect(wrong({ action: 'Allow', protocol: 'TCP', destination: { ports } })).to.deep.equal([
      'destination.ports[0]: the range of ports "90:80" ends below its start (the lower end of a range comes first: write "80:90")',
      'destination.ports[1]: "1:2:3" is not a port: a number from 1 to 65535, a range such as "8000:8100", or the name of a port',
      'destination.ports[2]: "0:5" is not a range of ports: both ends are numbers from 1 to 65535',
      'destination.ports[3]: 0 is not a port: a whole number from 1 to 65535',
      'destination.ports[4]: 65536 is not a port: a whole number from 1 to 65535',
      'destination.ports[5]: 80.5 is not a port: a whole number from 1 to 65535',
      'destination.ports[6]: "HTTP" is not the name of a port: lower-case letters, digits and single "-" between them are allowed, with at least one letter',
      'destination.ports[7]: a port\'s name has at most 15 characters, "a-name-with-16-c" has 16',
      'destination.ports[8]: expected a port: a number from 1 to 65535, a range such as "8000:8100", or the name of a port, found true',
      'destination.ports[9]: "" is not a port: a number from 1 to 65535, a range such as "8000:8100", or the name of a port (remove the empty entry, or give its port)',
    ]);
  });

  it('stores numbers in quotes as numbers, and a range of one port as that port', () => {
    expect(stored({ action: 'Allow', protocol: '6', destination: { ports: ['80', '090:100', '5:5', 'http'] } })).to.deep.equal({
      action: 'Allow',
      protocol: 6,
      source: {},
      destination: { ports: [80, '90:100', 5, 'http'] },
    });
  });

  it('stores selectors and networks as they were written', () => {
    expect(stored({ action: 'Pass', source: { nets: ['FD00::/8'], selector: " a=='b' ", namespaceSelector: ' global( ) ' } })).to.deep.equal({
      action: 'Pass',
      source: { nets: ['FD00::/8'], selector: " a=='b' ", namespaceSelector: ' global( ) ' },
      destination: {},
    });
  });

  const ENDLESS = 'Felix 3.32 restarts again and again on every host that uses the rule';
  const BOTH = [`notProtocol: the kernel refuses a rule with protocol and notProtocol: ${ENDLESS} (remove notProtocol: protocol says all)`];
  const NOT_ICMP = [`notICMP: the kernel refuses notICMP where the protocol is not ICMP: ${ENDLESS} (give the protocol ICMP or ICMPv6 by name, or remove notICMP)`];
  const unenforced = (list: string, first: string, second: string): string =>
    `${list}: Calico 3.32.1 does not enforce this list beside ${first} and ${second}, which have several entries too: the rule matches whatever stands here (write one rule for each entry of ${list})`;
  const notICMP = { type: 8 };
  const two = ['10.0.0.0/8', '172.16.0.0/12'];
  const many = Array.from({ length: 16 }, (_, index) => index + 1);
  const risks: readonly (readonly [string, unknown, readonly string[]])[] = [
    ['protocol with notProtocol', { action: 'Deny', protocol: 'TCP', notProtocol: 'UDP' }, BOTH],
    ['notProtocol alone', { action: 'Deny', notProtocol: 'UDP' }, []],
    ['notICMP under UDP', { action: 'Allow', protocol: 'UDP', notICMP }, NOT_ICMP],
    ['notICMP without a protocol', { action: 'Allow', notICMP }, NOT_ICMP],
    ['notICMP by a number in both families', { action: 'Allow', protocol: 1, notICMP }, NOT_ICMP],
    ['notICMP by the number of the other family', { action: 'Allow', protocol: 58, ipVersion: 4, notICMP }, NOT_ICMP],
    ['notICMP by number in one family', { action: 'Allow', protocol: 1, ipVersion: 4, notICMP }, []],
    ['notICMP by number with networks of its family', { action: 'Allow', protocol: 58, source: { nets: ['fd00::/8'] }, notICMP }, []],
    ['notICMP by name', { action: 'Allow', protocol: 'ICMPv6', notICMP }, []],
    ['an empty notICMP', { action: 'Allow', notICMP: {} }, []],
    ['services', { action: 'Allow', source: { services: { name: 'a', namespace: 'b' } } }, ['source.services: Felix on etcd knows no services of Kubernetes: this rule matches nothing']],
    ['two lists of alternatives', { action: 'Allow', protocol: 'TCP', source: { nets: two }, destination: { ports: [1, 'http'] } }, []],
    [
      'three lists of alternatives',
      { action: 'Allow', protocol: 'TCP', source: { nets: two, ports: ['me', 40001] }, destination: { ports: ['http', 80] } },
      [unenforced('source.nets', 'source.ports', 'destination.ports')],
    ],
    [
      'four lists of alternatives',
      { action: 'Allow', protocol: 'TCP', source: { nets: two, ports: many }, destination: { nets: two, ports: many } },
      [unenforced('source.nets', 'source.ports', 'destination.ports'), unenforced('destination.nets', 'source.ports', 'destination.ports')],
    ],
    ['ports that fit into one match', { action: 'Allow', protocol: 'TCP', source: { nets: two, ports: many.slice(1) }, destination: { nets: two, ports: ['1:2', 5] } }, []],
    ['eight ranges, which need two', { action: 'Allow', protocol: 'TCP', source: { nets: two }, destination: { nets: two, ports: many.slice(0, 8).map((port) => `${port}:${port + 100}`) } }, [unenforced('destination.nets', 'destination.ports', 'source.nets')]],
  ];
  for (const [what, rule, expected] of risks) {
    it(`warns of ${what}${expected.length === 0 ? ': not' : ''}`, () => {
      expect(wrong(rule)).to.deep.equal([]);
      expect(wrong(rule, 'warning')).to.deep.equal(expected);
    });
  }
});
