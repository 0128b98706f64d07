import { createRequire, Module } from 'node:module';
import { loadSync } from './services.js';

const require = createRequire(import.meta.url);
const loader = createRequire(require.resolve('etcd3')).resolve('@grpc/proto-loader');

// In the bundle this file is etcd3 itself, which finds our loader there (scripts/build/patches.ts). Started from source, it asks Node
// for the loader, and gets ours as well; whoever asks later gets the real one.
const real = require.cache[loader];
require.cache[loader] = Object.assign(new Module(loader), { exports: { loadSync }, loaded: true });
export const { Etcd3 } = require('etcd3') as typeof import('etcd3');
if (real === undefined) delete require.cache[loader];
else require.cache[loader] = real;
