import { expect } from 'chai';
import { build } from 'esbuild';
import { describe, it } from 'mocha';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The files that are loaded with a module at once, as opposed to those it may import later. */
async function loadedWith(entry: string): Promise<string[]> {
  const { metafile } = await build({ entryPoints: [entry], absWorkingDir: root, bundle: true, packages: 'external', platform: 'node', format: 'esm', write: false, metafile: true });
  const loaded = new Set<string>();
  const visit = (file: string): void => {
    if (loaded.has(file)) return;
    loaded.add(file);
    for (const { path, kind } of metafile.inputs[file]?.imports ?? []) if (kind === 'import-statement') visit(path);
  };
  visit(entry);
  return [...loaded].sort();
}

describe('what printers load', () => {
  for (const [entry, files] of [
    ['src/output/lists.ts', ['src/output/json.ts', 'src/output/lists.ts', 'src/output/safe.ts', 'src/output/yaml-keys.ts', 'src/output/yaml-scalar.ts', 'src/output/yaml.ts', 'src/resources/go-json.ts', 'src/resources/go-number.ts']],
    ['src/output/table.ts', ['src/output/safe.ts', 'src/output/table.ts']],
    ['src/output/bordered-table.ts', ['src/output/bordered-table.ts', 'src/output/safe.ts', 'src/output/width.ts', 'src/output/wrap.ts']],
    ['src/output/diagnostics.ts', ['src/output/colours.ts', 'src/output/diagnostics.ts', 'src/output/safe.ts', 'src/output/width.ts', 'src/resources/secret-names.ts']],
    ['src/output/text-writer.ts', ['node:fs', 'node:util', 'src/errors.ts', 'src/exit-codes.ts', 'src/output/text-writer.ts']],
  ] as const) {
    it(`loads nothing heavy with ${entry}`, async () => {
      expect(await loadedWith(entry)).to.deep.equal(files);
    });
  }
});
