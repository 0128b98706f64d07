import { listOf } from '../fields/collections.js';
import { field, type Of } from '../fields/field.js';
import { objectOf } from '../fields/object.js';
import type { StoredKind } from '../kind.js';
import { listColumn, nameColumn } from './columns.js';
import { subdomainProblem } from './names.js';
import { cidrOrAddressText } from './networks.js';
import { STORED_AS } from './stored-as.js';

const spec = objectOf('the spec of an IPReservation', [field('reservedCIDRs', listOf(cidrOrAddressText), { mistakenFor: ['cidrs', 'reserved'] })]);

/** The spec of an IPReservation (reference/storage 3.11). */
export type IpReservationSpec = Of<typeof spec>;

/** IPReservation: addresses that Calico never hands out by itself (reference/storage 3.11). */
export const ipReservation: StoredKind<IpReservationSpec> = {
  dialect: 'v3',
  ...STORED_AS.IPReservation,
  words: ['ipreservation', 'ipreservations', 'reservation', 'reservations'],
  spec,
  nameProblem: subdomainProblem,
  columns: {
    ps: [nameColumn],
    wide: [nameColumn, listColumn('CIDRS', 'reservedCIDRs')],
  },
};
