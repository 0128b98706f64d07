import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packLayer, writeImage, type ImageSettings } from '../../scripts/image/archive.js';
import { makeLayer, NODE_SETTINGS } from '../../scripts/image/node-image.js';
import { unpackedPackage, unpackWithLibraries } from '../../scripts/support/unpacked.js';

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

/** Makes the archive of an image `busybox` with the shell's commands and nothing else, as containers are shown with. */
export function makeBusybox(folder: string): string {
  const root = mkdtempSync(join(tmpdir(), 'calicoctl-busybox-'));
  try {
    for (const name of unpackWithLibraries(['busybox'], [])) cpSync(unpackedPackage(name), root, { recursive: true, verbatimSymlinks: true });
    for (const unused of ['usr/share', 'usr/lib/x86_64-linux-gnu/gconv']) rmSync(join(root, unused), { recursive: true, force: true });
    const busybox = join(root, 'bin/busybox');
    for (const name of execFileSync(busybox, ['--list'], { encoding: 'utf8' }).split('\n')) if (name !== '' && !existsSync(join(root, 'bin', name))) symlinkSync('busybox', join(root, 'bin', name));
    for (const name of ['proc', 'sys', 'dev', 'etc', 'tmp', 'run']) mkdirSync(join(root, name), { recursive: true });
    const packed = join(folder, 'busybox.layer');
    packLayer(root, packed);
    const archive = join(folder, 'busybox.tar');
    writeImage(archive, packed, 'busybox:latest', { Cmd: ['sh'], Env: ['PATH=/bin:/sbin:/usr/bin:/usr/sbin'] });
    return archive;
  } finally {
    rmSync(root, { recursive: true });
  }
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
