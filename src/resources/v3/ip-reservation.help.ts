import type { HelpOf, KindHelp } from '../field-help.js';
import type { IpReservationSpec } from './ip-reservation.js';
import { metadataHelp } from './metadata.help.js';

const spec: HelpOf<IpReservationSpec> = {
  reservedCIDRs: ['Networks and addresses that Calico does not hand out by itself; somebody may still ask for one of them.', ['10.0.0.0/29']],
};

/** Help for IPReservation. */
export const ipReservationHelp: KindHelp = {
  help: 'Addresses of pools that are kept back from automatic assignment.',
  example: { metadata: { name: 'routers' }, spec: { reservedCIDRs: ['10.0.0.0/29'] } },
  metadata: metadataHelp,
  spec,
};
