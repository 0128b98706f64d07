import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Refusal } from '../build/refusal.js';
import { brokenLinks } from './links.js';
import { writeSite } from './site.js';

/** `npm run site`: the documentation as pages that a browser opens from disk, in site/. */
const root = join(import.meta.dirname, '../..');
const target = join(root, 'site');
/** Made beside the old one, which stays until the new one is complete. */
const folder = `${target}.${process.pid}`;
try {
  mkdirSync(folder, { recursive: true });
  const count = writeSite(root, folder);
  const broken = brokenLinks(folder);
  if (broken.length > 0) throw new Refusal(broken.join('\n'));
  rmSync(target, { recursive: true, force: true });
  renameSync(folder, target);
  console.log(`${count} pages; open ${relative(process.cwd(), join(target, 'index.html'))}`);
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  console.error(error.message);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
