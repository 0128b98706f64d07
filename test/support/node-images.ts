import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeImage } from '../../scripts/image/archive.js';
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

export type TestImage = 'node' | keyof typeof COMMANDS;

/** The name of a test image, for --node-image. */
export function imageName(image: TestImage): string {
  return `test/${image}:1`;
}

let layer: string | undefined;

/** Makes the archives of test images in a folder, ready for `docker load`. The files are packed once in a run. */
export function makeTestImages(folder: string, images: readonly TestImage[]): string[] {
  return images.map((image) => {
    const archive = join(folder, `${image}.tar`);
    const settings = image === 'node' ? NODE_SETTINGS : { Cmd: COMMANDS[image], Env: NODE_SETTINGS.Env };
    writeImage(archive, packedLayer(), imageName(image), settings);
    return archive;
  });
}

function packedLayer(): string {
  if (layer !== undefined && existsSync(layer)) return layer;
  const folder = mkdtempSync(join(tmpdir(), 'calicoctl-image-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  layer = join(folder, 'layer.tar');
  makeLayer(layer);
  return layer;
}
