import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** How a container of the image starts, in the words of the image specification. Times are in nanoseconds. */
export interface ImageSettings {
  readonly Entrypoint?: readonly string[];
  readonly Cmd: readonly string[];
  readonly Env: readonly string[];
  readonly Labels?: Readonly<Record<string, string>>;
  readonly Healthcheck?: { readonly Test: readonly string[]; readonly Interval: number; readonly Timeout: number; readonly StartPeriod: number };
}

/** Docker's name of this machine's architecture. */
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64', s390x: 's390x', ppc64: 'ppc64le' };
/** Of everything in the image: the same files give the same bytes, whenever it is built. */
const SAME_EVERY_TIME = ['--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner'];

/** Packs a folder that looks like the root of a file system into the one layer of an image. */
export function packLayer(root: string, layer: string): void {
  execFileSync('tar', [...SAME_EVERY_TIME, '-C', root, '-cf', layer, '.']);
}

/**
 * Writes an image as `docker save` would: `docker load`, `podman load` and `nerdctl load` read it. No engine is needed.
 * @param tag such as `calico/node:latest`
 */
export function writeImage(archive: string, layer: string, tag: string, settings: ImageSettings): void {
  mkdirSync(dirname(archive), { recursive: true });
  const folder = mkdtempSync(`${archive}.`);
  try {
    const digest = sha256(readFileSync(layer));
    const config = JSON.stringify({
      architecture: ARCHITECTURES[process.arch] ?? process.arch, os: 'linux', created: '1970-01-01T00:00:00Z',
      config: settings, rootfs: { type: 'layers', diff_ids: [`sha256:${digest}`] }, history: [{ created: '1970-01-01T00:00:00Z', created_by: 'npm run image' }],
    });
    const name = `${sha256(Buffer.from(config))}.json`;
    mkdirSync(join(folder, digest));
    cpSync(layer, join(folder, digest, 'layer.tar'));
    writeFileSync(join(folder, name), config);
    writeFileSync(join(folder, 'manifest.json'), JSON.stringify([{ Config: name, RepoTags: [tag], Layers: [`${digest}/layer.tar`] }]));
    execFileSync('tar', [...SAME_EVERY_TIME, '--mode=u=rwX,go=rX', '-C', folder, '-cf', archive, 'manifest.json', name, digest]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
