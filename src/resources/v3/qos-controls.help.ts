import type { HelpOf } from '../field-help.js';
import type { Of } from '../fields/field.js';
import type { qosControls } from './qos-controls.js';

/** Help for limits and marks of an endpoint's traffic; ingress is what the workload receives. */
export const qosHelp: HelpOf<Of<typeof qosControls>> = {
  ingressBandwidth: ['How many bits in a second the workload may receive; 0 means no limit.', 10000000, 0],
  ingressBurst: ['How many bits the workload may receive at once above the bandwidth.', 1000000],
  ingressPeakrate: ['How many bits in a second the workload may receive during a burst.', 20000000],
  ingressMinburst: ['How many bytes the workload may receive at peak rate in one packet: its MTU at least.', 1500],
  egressBandwidth: ['How many bits in a second the workload may send; 0 means no limit.', 10000000, 0],
  egressBurst: ['How many bits the workload may send at once above the bandwidth.', 1000000],
  egressPeakrate: ['How many bits in a second the workload may send during a burst.', 20000000],
  egressMinburst: ['How many bytes the workload may send at peak rate in one packet: its MTU at least.', 1500],
  ingressPacketRate: ['How many packets in a second the workload may receive; 0 means no limit.', 5000, 0],
  ingressPacketBurst: ['How many packets the workload may receive at once above the rate.', 500],
  egressPacketRate: ['How many packets in a second the workload may send; 0 means no limit.', 5000, 0],
  egressPacketBurst: ['How many packets the workload may send at once above the rate.', 500],
  ingressMaxConnections: ['How many connections to the workload may be open; 0 means no limit.', 1000, 0],
  egressMaxConnections: ['How many connections of the workload may be open; 0 means no limit.', 1000, 0],
  dscp: ['The DSCP mark that packets of the workload get when they leave the cluster.', 'EF'],
};
