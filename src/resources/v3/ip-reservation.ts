import { listOf } from '../fields/collections.js';
import { field } from '../fields/field.js';
import { objectOf } from '../fields/object.js';
import type { StoredKind, StoredObject } from '../kind.js';
import { joined } from './joined.js';
import { subdomainProblem } from './names.js';
import { cidrOrAddressText } from './networks.js';

const name = { heading: 'NAME', cell: (object: StoredObject) => object.metadata.name };

/** IPReservation: addresses that Calico never hands out by itself (v3-storage.md 3.11). */
export const ipReservation: StoredKind = {
  dialect: 'v3',
  kind: 'IPReservation',
  plural: 'ipreservations',
  namespaced: false,
  words: ['ipreservation', 'ipreservations', 'reservation', 'reservations'],
  spec: objectOf('the spec of an IPReservation', [field('reservedCIDRs', listOf(cidrOrAddressText), { mistakenFor: ['cidrs', 'reserved'] })]),
  nameProblem: subdomainProblem,
  columns: {
    ps: [name],
    wide: [name, { heading: 'CIDRS', cell: (object) => joined(object.spec['reservedCIDRs'], 80) }],
  },
};
