import type { Model } from '../policy/model.js';
import type { RowExample } from './changed-rows.js';
import { examplePacket, strangeness } from './packet-groups.js';

/** Which of two examples tells a person more: two ends, a packet that people know, and workloads rather than addresses that nobody has. */
export function betterExample(models: readonly Model[]): (left: RowExample, right: RowExample) => RowExample {
  const distance = (text: string): number => {
    const kinds = models.map((model) => model.address(text).place?.gate.kind);
    return kinds.includes('workload') ? 0 : kinds.includes('self') ? 1 : 2;
  };
  const rank = ({ route: { src, dst }, packets }: RowExample): number => (src === dst ? 1000 : 0) + 10 * strangeness(examplePacket(packets)) + distance(src) + distance(dst);
  return (left, right) => (left === right || rank(left) <= rank(right) ? left : right);
}
