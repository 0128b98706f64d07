import { spawnSync } from 'node:child_process';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inputsFile, inputsOf, isBuiltOf } from './inputs.js';
import { Refusal } from './refusal.js';

const root = join(import.meta.dirname, '../..');
const target = join(root, 'dist');
/** Built beside the old one, which stays usable until the new one is complete. */
const folder = `${target}.${process.pid}`;

const started = performance.now();
const inputs = inputsOf(root);
try {
  if (isBuiltOf(target, inputs) && !process.env['SHOW_WARM_RUNS']) console.log('built already, of the same sources');
  else {
    checkTypes();
    // It loads the sources, which are known to be sound only now.
    const { make } = await import('./make.js');
    console.log(`${await make(root, folder)}, in ${((performance.now() - started) / 1000).toFixed(1)} s`);
    writeFileSync(inputsFile(folder), inputs);
    rmSync(target, { recursive: true, force: true });
    renameSync(folder, target);
  }
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  console.error(error.message);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Throws Refusal where the compiler finds fault; what it says is on stdout. */
function checkTypes(): void {
  const { status } = spawnSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json', '--noEmit'], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) throw new Refusal('the types do not fit: nothing was built');
}
