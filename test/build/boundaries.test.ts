import { join } from 'node:path';
import { expect } from 'chai';
import { ESLint } from 'eslint';
import { before, describe, it } from 'mocha';

const root = join(import.meta.dirname, '../..');

/** A file of the tool, a line that must not be in it, and what the linter says. */
const FORBIDDEN: readonly (readonly [file: string, line: string, message: string])[] = [
  ['src/resources/registry.ts', "import 'node:fs';", 'Pure code does no I/O.'],
  ['src/resources/registry.ts', "void import('node:fs/promises');", 'Pure code does no I/O.'],
  ['src/selector/parse.ts', "import '../resources/kind.js';", 'src/selector may import only nothing of the other folders.'],
  ['src/ipam/block.ts', "import '../datastore/store.js';", 'Arithmetic knows of no store.'],
  ['src/manifest/files.ts', "import '../datastore/store.js';", 'src/manifest may import only resources, selector.'],
  ['src/changes/plan.ts', "import '../commands/get.js';", 'src/changes may import only resources, selector, manifest, datastore, ipam, output, get.'],
  ['src/changes/plan.ts', "void import('../commands/get.js');", 'src/changes may import only resources, selector, manifest, datastore, ipam, output, get.'],
  ['src/changes/plan.ts', "import '../base-command.js';", 'Only commands know of command classes and flags.'],
  ['src/get/get.ts', "import '@oclif/core';", 'Only commands know of oclif.'],
  ['src/commands/get.ts', "void import('etcd3');", 'Only src/datastore may import this.'],
  ['src/commands/get.ts', "import '@grpc/grpc-js';", 'Only src/datastore may import this.'],
  ['src/base-command.ts', "import 'etcd3';", 'Only src/datastore may import this.'],
  ['src/commands/get.ts', "import 'chalk';", 'Only src/output may import this.'],
  ['src/bgp/reply.ts', "import 'cli-table3';", 'Only src/output may import this.'],
  ['src/commands/get.ts', "import 'node:child_process';", 'Only src/host and src/names may import this.'],
  ['src/commands/get.ts', "import 'node:process';", 'Only src/base-command.ts, src/console.ts and src/bin touch the process.'],
  ['src/commands/get.ts', 'process.exit(1);', 'Only src/base-command.ts, src/console.ts and src/bin touch the process.'],
  ['src/flags.ts', 'process.exit(1);', 'Only src/base-command.ts, src/console.ts and src/bin touch the process.'],
];

const ALLOWED: readonly (readonly [file: string, line: string])[] = [
  ['src/datastore/connect.ts', "import 'etcd3';"],
  ['src/output/table.ts', "import 'cli-table3';"],
  ['src/base-command.ts', 'process.exit(1);'],
  ['src/commands/get.ts', "import '../datastore/store.js';"],
  ['src/ipam/release.ts', "import '../datastore/store.js';"],
];

describe('import boundaries', () => {
  let eslint: ESLint;
  before(() => {
    const ourRules = ['no-restricted-imports', 'no-restricted-globals', 'no-restricted-syntax'];
    // These rules look at words only: the types, for which the whole project would be read, are left out.
    const withoutTypes = { languageOptions: { parserOptions: { projectService: false } } };
    eslint = new ESLint({ cwd: root, overrideConfig: withoutTypes, ruleFilter: ({ ruleId }) => ourRules.includes(ruleId) });
  });

  async function complaints(file: string, line: string): Promise<string[]> {
    const [result] = await eslint.lintText(`${line}\n`, { filePath: join(root, file) });
    // The sentence of ours stands at the end, behind the linter's own.
    return (result?.messages ?? []).map(({ message }) => message);
  }

  for (const [file, line, message] of FORBIDDEN) {
    it(`${file}: ${line} is refused`, async function () {
      this.timeout(120_000);
      const found = await complaints(file, line);
      expect(found.map((each) => each.slice(-message.length))).to.deep.equal([message]);
    });
  }

  for (const [file, line] of ALLOWED) {
    it(`${file}: ${line} is allowed`, async function () {
      this.timeout(120_000);
      expect(await complaints(file, line)).to.deep.equal([]);
    });
  }
});
