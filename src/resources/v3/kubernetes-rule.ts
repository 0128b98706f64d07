import { parseCidr } from '../../net/address.js';
import { listOf } from '../fields/collections.js';
import { describe, field, wrongType, wrongValue, type AsRead, type Decoding, type FieldType, type ObjectOf } from '../fields/field.js';
import { objectOf } from '../fields/object.js';
import { integer, text } from '../fields/scalars.js';
import type { Path } from '../problem.js';
import { kubernetesSelector } from './kubernetes-selector.js';
import { wrappedNumberHint } from './ports.js';

const HIGHEST_PORT = 65535;
const PORT_NAME = /^[a-zA-Z0-9_.-]{1,128}$/;
const PORT = 'a port: a number from 0 to 65535, or the name of a port';

/** A number or a text, kept as whichever it is. */
const numberOrText: FieldType<number | string> = {
  name: PORT,
  standIn: 0,
  json: { type: ['integer', 'string'] },
  isZero: () => false,
  decode(raw, path, to) {
    if (typeof raw === 'string' || (typeof raw === 'number' && Number.isInteger(raw))) return raw;
    return wrongType(numberOrText, raw, path, to, wrappedNumberHint(raw));
  },
};

const portFields = [field('protocol', text(), { write: 'given' }), field('port', numberOrText), field('endPort', integer({ name: 'the end of a range of ports' }), { write: 'given' })];

/** Ports have to be such as Calico's converter can read (the policy is converted wherever it is used). */
function checkPort({ port, endPort }: AsRead<ObjectOf<typeof portFields>>, path: Path, to: Decoding): void {
  if (port === undefined) return;
  if (!isPort(port)) wrongValue(`${describe(port)} is not ${PORT}`, [...path, 'port'], to);
  else if (endPort !== undefined && !isRange(port, endPort)) wrongValue(`${endPort} is not the end of a range of ports that starts at ${port}`, [...path, 'endPort'], to);
}

function isPort(port: number | string): boolean {
  const written = String(port);
  if (/^\d+$/.test(written)) return Number(written) <= HIGHEST_PORT;
  const range = /^(\d+):(\d+)$/.exec(written);
  return range === null ? typeof port === 'string' && PORT_NAME.test(port) : isRange(range[1] as string, Number(range[2]));
}

function isRange(start: number | string, end: number): boolean {
  return /^\d+$/.test(String(start)) && Number(start) <= end && end <= HIGHEST_PORT;
}

const policyPort = objectOf('a port of a Kubernetes policy', portFields, { check: checkPort });

/** Networks that Calico cannot read are stored, and left out where the policy is used. */
function checkBlock({ cidr, except = [] }: { readonly cidr?: string; readonly except?: readonly string[] }, path: Path, to: Decoding): void {
  if (cidr !== undefined && parseCidr(cidr) === undefined) {
    to.problems.warn('ignored', [...path, 'cidr'], `${describe(cidr)} is not a network such as 10.0.0.0/16: Calico will match any address here`);
  }
  for (const [index, each] of except.entries()) {
    if (parseCidr(each) === undefined) to.problems.warn('ignored', [...path, 'except', index], `${describe(each)} is not a network such as 10.0.0.0/16: Calico will make no exception for it`);
  }
}

const ipBlock = objectOf('a block of addresses', [field('cidr', text(), { write: 'always' }), field('except', listOf(text(), { name: 'a list of networks' }))], { check: checkBlock });

const peer = objectOf(
  'a peer of a Kubernetes policy',
  [field('podSelector', kubernetesSelector), field('namespaceSelector', kubernetesSelector), field('ipBlock', ipBlock, { goName: 'IPBlock' })],
  {
    check(value, path, to) {
      if (value.ipBlock === undefined) return;
      for (const name of ['podSelector', 'namespaceSelector'] as const) {
        if (value[name] !== undefined) to.problems.warn('ignored', [...path, name], `${name} is ignored beside ipBlock`);
      }
    },
  },
);

/** The rules of one direction of a Kubernetes policy: `from` or `to` whom, through which ports (reference/storage 3.6). */
export function kubernetesRules<const Direction extends 'ingress' | 'egress'>(name: Direction) {
  const [peers, other] = name === 'ingress' ? (['from', 'to'] as const) : (['to', 'from'] as const);
  const rule = objectOf(`a rule of ${name} of a Kubernetes policy`, [
    field('ports', listOf(policyPort, { name: 'a list of ports' })),
    field(peers, listOf(peer, { name: 'a list of peers' }), { mistakenFor: [other] }),
  ]);
  return field(name, listOf(rule, { name: 'a list of rules' }));
}
