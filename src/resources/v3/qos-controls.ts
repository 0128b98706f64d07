import { describe, field, wrongValue, type FieldType } from '../fields/field.js';
import { objectOf } from '../fields/object.js';
import { integer } from '../fields/scalars.js';

const HIGHEST_DSCP = 63;
const DSCP_NAME = /^(DF|EF|CS[0-6]|AF[1-4][1-3])$/i;

/** A differentiated services code point: its number or its name. */
const dscp: FieldType<number | string> = {
  name: 'a DSCP value: 0 to 63, or a name such as AF11',
  standIn: 0,
  isZero: () => false,
  decode(raw, path, to) {
    const value = typeof raw === 'string' && /^\d+$/.test(raw) ? Number(raw) : raw;
    if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= HIGHEST_DSCP) return value;
    if (typeof value === 'string' && DSCP_NAME.test(value)) return value;
    return wrongValue(`${describe(raw)} is not ${dscp.name}`, path, to);
  },
};

const limit = integer({ name: 'a limit', minimum: 0 });

const LIMITS = [
  'ingressBandwidth',
  'ingressBurst',
  'ingressPeakrate',
  'ingressMinburst',
  'egressBandwidth',
  'egressBurst',
  'egressPeakrate',
  'egressMinburst',
  'ingressPacketRate',
  'ingressPacketBurst',
  'egressPacketRate',
  'egressPacketBurst',
  'ingressMaxConnections',
  'egressMaxConnections',
];

/** Limits of an endpoint's traffic, in the order of the stored JSON. */
export const qosControls = objectOf('QoS controls', [...LIMITS.map((name) => field(name, limit)), field('dscp', dscp, { goName: 'DSCP' })]);
