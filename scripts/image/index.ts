import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { makeNodeImage } from './node-image.js';

const archive = fileURLToPath(new URL('../../image/calico-node.tar', import.meta.url));
const tag = process.argv[2] ?? 'calico/node:latest';
makeNodeImage(archive, tag);
console.log(`${archive} holds ${tag}, ${(statSync(archive).size / 1e6).toFixed(1)} MB; load it with: docker load -i ${archive}`);
