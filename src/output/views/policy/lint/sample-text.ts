import type { Directory } from '../../../../insight/directory.js';
import type { Sample } from '../../../../insight/lint/rule-use.js';
import type { Address } from '../../../../policy/packet.js';
import { trafficText } from '../traffic-text.js';

/** An example of packets: `tcp 80 from 10.0.0.1 (workloadEndpoint/...) to 10.0.0.2`. */
export function sampleText({ ends: { version, source, destination }, packets }: Sample, directory: Directory): string {
  return `${trafficText(packets, version)} from ${addressText(source, directory)} to ${addressText(destination, directory)}`;
}

function addressText({ text, objects }: Address, directory: Directory): string {
  const [object] = objects;
  return object === undefined ? text : `${text} (${directory.name(object.id)})`;
}
