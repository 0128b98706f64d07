import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeImage, type ImageSettings } from '../../scripts/image/archive.js';
import { makeLayer, NODE_SETTINGS } from '../../scripts/image/node-image.js';

/** Images with the files of the node image that start something else. */
const COMMANDS = {
  /** Says why, and ends. */
  crash: ['sh', '-c', "echo 'Starting the node'; echo 'Calico node failed to start' >&2; exit 3"],
  /** Never says that it started. */
  silent: ['sh', '-c', "trap 'exit 0' TERM; echo 'Waiting for the datastore'; sleep 600 & wait"],
  /** No engine can start it. */
  broken: ['no-such-program'],
} as const;

const SECOND = 1_000_000_000;
/** Starts as the node does, and is soon found to be ill. */
const SICK: ImageSettings = { ...NODE_SETTINGS, Healthcheck: { Test: ['CMD', 'false'], Interval: SECOND, Timeout: 5 * SECOND, StartPeriod: 0 } };

export type TestImage = 'node' | 'sick' | keyof typeof COMMANDS;

/** The name of a test image, for --node-image. */
export function imageName(image: TestImage): string {
  return `test/${image}:1`;
}

let layer: string | undefined;

/** Makes the archives of test images in a folder, ready for `docker load`. The files are packed once in a run. */
export function makeTestImages(folder: string, images: readonly TestImage[]): string[] {
  return images.map((image) => {
    const archive = join(folder, `${image}.tar`);
    writeImage(archive, packedLayer(), imageName(image), settingsOf(image));
    return archive;
  });
}

function settingsOf(image: TestImage): ImageSettings {
  if (image === 'node') return NODE_SETTINGS;
  return image === 'sick' ? SICK : { Cmd: COMMANDS[image], Env: NODE_SETTINGS.Env };
}

function packedLayer(): string {
  if (layer !== undefined && existsSync(layer)) return layer;
  const folder = mkdtempSync(join(tmpdir(), 'calicoctl-image-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  layer = join(folder, 'layer.tar');
  makeLayer(layer);
  return layer;
}
