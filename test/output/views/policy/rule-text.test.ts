import { expect } from 'chai';
import { describe, it } from 'mocha';
import { ruleText } from '../../../../src/output/views/policy/rule-text.js';

describe('a rule in one line', () => {
  const CASES: readonly (readonly [rule: Record<string, unknown>, text: string])[] = [
    [{ action: 'allow', source: {}, destination: {} }, 'allow'],
    [{ action: 'Deny', ipVersion: 6, protocol: 'TCP', destination: { ports: [80, '8000:8010', 'http'] } }, 'Deny IPv6 TCP to port 80, 8000:8010, http'],
    [{ action: 'allow', protocol: 'icmp', icmp: { type: 8, code: 0 } }, 'allow icmp type 8 code 0'],
    [{ action: 'allow', notProtocol: 17, notICMP: { type: 3 } }, 'allow not 17 not type 3'],
    [{ action: 'allow', source: { tag: 'a', net: '10.0.0.0/8', selector: "x == 'y'", notTag: 'b' } }, "allow from tag a x == 'y' 10.0.0.0/8 not tag b"],
    [{ action: 'Log', source: { selector: 'has(a)', namespaceSelector: 'global()', notNets: ['10.0.0.0/8', 'fd00::/8'], notSelector: 'has(b)', notPorts: [1] } }, 'Log from has(a) in namespaces global() not (has(b)) not 10.0.0.0/8, fd00::/8 not port 1'],
    [{ action: 'Allow', destination: { serviceAccounts: { names: ['a'] }, services: { name: 's' } }, http: { methods: ['GET'] } }, 'Allow to of service accounts {"names":["a"]} services {"name":"s"} with http {"methods":["GET"]}'],
    [{ action: 'Allow', future: 1, source: { later: true }, metadata: { annotations: { a: 'b' } } }, 'Allow from later true with future 1'],
    [{}, 'allow'],
  ];
  for (const [rule, text] of CASES) it(text, () => expect(ruleText(rule)).to.equal(text));
});
