import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { CALICO_VERSION } from '../../src/base/calico-version.js';
import { packLayer, writeImage, type ImageSettings } from './archive.js';
import { makeRootfs } from './rootfs.js';

const SECOND = 1_000_000_000;

/** How the node's container starts and when it is healthy. */
export const NODE_SETTINGS: ImageSettings = {
  Cmd: ['start-calico-node'],
  Env: ['PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
  Labels: { 'org.opencontainers.image.title': 'calico/node', 'org.opencontainers.image.version': CALICO_VERSION, 'org.opencontainers.image.description': 'BIRD under the contract of calicoctl node run' },
  Healthcheck: { Test: ['CMD', 'node-health'], Interval: 10 * SECOND, Timeout: 5 * SECOND, StartPeriod: 10 * SECOND },
};

/** Makes the layer of the node image: its file system, packed. */
export function makeLayer(layer: string): void {
  mkdirSync(dirname(layer), { recursive: true });
  const root = mkdtempSync(`${layer}.`);
  try {
    makeRootfs(root);
    packLayer(root, layer);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** Makes the node image and returns once `archive` holds it, ready for `docker load`. */
export function makeNodeImage(archive: string, tag: string): void {
  const layer = `${archive}.layer`;
  try {
    makeLayer(layer);
    writeImage(archive, layer, tag, NODE_SETTINGS);
  } finally {
    if (existsSync(layer)) rmSync(layer);
  }
}
