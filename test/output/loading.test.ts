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
    ['src/output/formats/lists.ts', ['src/go/indented-json.ts', 'src/go/json.ts', 'src/go/number.ts', 'src/go/yaml-keys.ts', 'src/go/yaml-scalar.ts', 'src/go/yaml.ts', 'src/output/formats/lists.ts', 'src/text/safe.ts']],
    ['src/output/formats/table.ts', ['src/output/formats/fitted-table.ts', 'src/output/formats/table.ts', 'src/text/safe.ts', 'src/text/width.ts']],
    ['src/output/formats/bordered-table.ts', ['src/output/formats/bordered-table.ts', 'src/text/safe.ts', 'src/text/width.ts', 'src/text/wrap.ts']],
    ['src/output/views/diagnostics.ts', ['src/output/theme/colours.ts', 'src/output/views/diagnostics.ts', 'src/text/prose.ts', 'src/text/safe.ts', 'src/text/secret-names.ts', 'src/text/width.ts']],
    ['src/cli/text-writer.ts', ['node:fs', 'node:util', 'src/base/errors.ts', 'src/cli/text-writer.ts']],
  ] as const) {
    it(`loads nothing heavy with ${entry}`, async () => {
      expect(await loadedWith(entry)).to.deep.equal(files);
    });
  }
});
