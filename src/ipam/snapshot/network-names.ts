import { attributeAt, handleOf } from '../records/block.js';
import type { Attribute, Block } from '../records/block-codec.js';
import { USUAL_NETWORK } from '../cluster/owners.js';

/** The networks of the CNI plugins of a cluster: no setting in the store tells them, only the handles of what they assigned. */
export class NetworkNames {
  readonly #byNode = new Map<string, string>();
  readonly #counts = new Map<string, number>();

  /** Learns from the first container that a block has an address of; others of the block will not say otherwise. */
  learn(block: Block, ordinals: readonly number[]): void {
    for (const ordinal of ordinals) {
      const attribute = attributeAt(block, ordinal);
      const network = networkOfContainer(attribute);
      if (network === undefined) continue;
      const node = attribute?.secondary?.['node'];
      if (node !== undefined) this.#byNode.set(node, network);
      this.#counts.set(network, (this.#counts.get(network) ?? 0) + 1);
      return;
    }
  }

  /** The network of a node's plugin: what it is there, else what it mostly is, else Calico's usual name. */
  of(node: string): string {
    const [most] = [...this.#counts].sort(([, a], [, b]) => b - a);
    return this.#byNode.get(node) ?? most?.[0] ?? USUAL_NETWORK;
  }
}

/** What stands before the container in a handle. Tunnels, virtual machines, and pods by name have handles of another form. */
function networkOfContainer(attribute: Attribute | undefined): string | undefined {
  const handle = handleOf(attribute);
  const { pod, namespace, type, 'vmi-name': machine } = attribute?.secondary ?? {};
  if (handle === undefined || type !== undefined || machine !== undefined || handle === `${namespace}.${pod}`) return undefined;
  const end = handle.lastIndexOf('.');
  return end > 0 && (pod !== undefined || /^[0-9a-f]{64}$/.test(handle.slice(end + 1))) ? handle.slice(0, end) : undefined;
}
