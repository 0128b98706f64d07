import type { Data } from '../../base/data.js';
import { DIALECT } from '../../objects/schema/document.js';
import { SchemaWriter } from '../../objects/schema/values.js';
import { isGroup, varies, type AnyHelps, type GroupOfAny } from '../../resources/field-help.js';
import { testsFile } from './fields.js';

const DECIDER: AnyHelps = {
  policy: ['A policy, by its name; of one with a namespace NAMESPACE/NAME.', 'allow-db'],
  profile: ['A profile, by its name.', 'profile-database'],
  rule: ['The number of the rule in the list of its direction; the first is 1.', 1],
  tier: ['The tier whose end denies what its policies do not decide.', 'default'],
};

const TEST: AnyHelps = {
  name: ['What the test is called in reports.', 'frontends reach the database', varies('what the test says')],
  from: ['Where the packets come from: an end as for policy trace (an endpoint by any of its names, an address, host/NODE, a network set, internet), {selector: ...} for all endpoints and network sets that match it, or a list of both. Each is tested with each of to.', { selector: "service == 'frontend'" }],
  to: ['Where the packets go, as from.', 'database'],
  protocol: ['The protocol: tcp, udp, sctp, udplite, icmp, icmpv6, a number, or any.', 'tcp', varies('tcp where ports are given, icmp where icmp is, otherwise any')],
  port: ['The destination port, or a range of them.', 3306, varies('all ports')],
  ports: ['Several destination ports and ranges of them.', [80, '8000:8100'], varies('all ports')],
  fromPort: ['The source port, or a range of them.', 53, varies('all ports')],
  icmp: {
    help: 'The type of ICMP, and its code.',
    example: { type: 8 },
    unset: varies('all of ICMP, where that is the protocol'),
    fields: { type: ['The type.', 8], code: ['The code.', 0, varies('all codes')] },
  },
  expect: ['Whether all packets of the test are allowed, or all are denied.', 'allow'],
  by: { help: 'What decides: what denies a packet, or the last that expressly allows it.', example: { policy: 'allow-db', rule: 1 }, unset: varies('whatever decides'), fields: DECIDER },
};

/** What is said of the file of `policy test`. */
export const testsHelp: GroupOfAny = {
  help: 'What policies are expected to allow and to deny, for calicoctl policy test.',
  fields: {
    manifests: ['Manifests to test: files and directories, by their paths from the folder of this file.', ['endpoints.yaml', '../policies/'], varies('what the datastore has')],
    tests: { help: 'The tests. Each is about all packets that it does not rule out.', fields: TEST },
  },
};

/** The JSON Schema (2020-12) of the file of `policy test`. */
export function testsSchema(): Data {
  const writer = new SchemaWriter();
  const schema = writer.map(testsFile.fields, { help: testsHelp, path: [], unset: (_path, help) => (help === undefined ? undefined : isGroup(help) ? help.unset : help[2]) }, '#');
  return { $schema: DIALECT, title: 'A file of tests for calicoctl policy test', description: testsHelp.help, type: 'object', ...schema, $defs: writer.definitions };
}
