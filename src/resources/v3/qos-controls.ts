import { field } from '../fields/field.js';
import { objectOf } from '../fields/object.js';
import { integer } from '../fields/scalars.js';
import { dscpMark } from './felix-types.js';

const limit = integer({ name: 'a whole number', minimum: 0 });

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
] as const;

/** Limits and marks of an endpoint's traffic, in the order of the stored JSON. */
export const qosControls = objectOf('QoS controls', [...LIMITS.map((name) => field(name, limit)), field('dscp', dscpMark, { goName: 'DSCP' })]);
