import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { Part } from '../build/parts.js';
import { unpackedVersion } from '../support/unpacked.js';
import { DEBIAN_ARCHITECTURE, makeDebianPackage } from './debian.js';
import { makeExecutable } from './executable.js';
import { fetchToolImagePackages, makeToolImage } from './image.js';
import { makeNpmPackage } from './npm.js';
import { readProduct } from './product.js';
import { sbomOf, type Carried } from './sbom.js';

/**
 * `npm run package`: what is built, in every form that it is delivered in, each with a bill of materials beside it, and the digests of all.
 * Needs no network once it, or `npm run pretest`, has fetched the libraries of the image.
 */
const root = join(import.meta.dirname, '../..');
/** A folder that is named may hold what is somebody's own. */
const named = process.argv[2];
const folder = resolve(named ?? join(root, 'packages'));
const product = readProduct(root);
const { name, version } = product;

if (named === undefined) rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const executable = join(folder, `${name}-${version}-linux-${process.arch}`);
const debian = join(folder, `${name}_${version}_${DEBIAN_ARCHITECTURE}.deb`);
const image = join(folder, `${name}-${version}-image-${DEBIAN_ARCHITECTURE}.tar`);
const npm = makeNpmPackage(root, folder);
makeExecutable(join(root, 'dist'), executable);
makeDebianPackage(root, executable, debian, product);
makeToolImage(executable, image, product);

const parts = JSON.parse(readFileSync(join(root, 'dist/parts.json'), 'utf8')) as readonly Omit<Part, 'texts'>[];
const node: Carried = { name: 'node', version: process.versions.node, licence: 'MIT' };
const libraries = fetchToolImagePackages().map((library): Carried => ({ name: library, version: unpackedVersion(library), from: 'deb/debian' }));
const artefacts = [[npm, []], [executable, [node]], [debian, [node]], [image, [node, ...libraries]]] as const;
for (const [artefact, carried] of artefacts) writeFileSync(`${artefact}.cdx.json`, sbomOf(product, parts, carried));

const digests = artefacts.flatMap(([artefact]) => [artefact, `${artefact}.cdx.json`]).map((file) => `${createHash('sha256').update(readFileSync(file)).digest('hex')}  ${basename(file)}\n`);
writeFileSync(join(folder, 'SHA256SUMS'), digests.join(''));
for (const [artefact] of artefacts) console.log(`${artefact}, ${(statSync(artefact).size / 1e6).toFixed(1)} MB`);
