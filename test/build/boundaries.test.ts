import { join } from 'node:path';
import { expect } from 'chai';
import { ESLint } from 'eslint';
import { before, describe, it } from 'mocha';
import { checkRooms, MAY_IMPORT } from '../../eslint.rooms.js';

const root = join(import.meta.dirname, '../..');

/** A file of the tool, a line that must not be in it, and what the linter says. */
const FORBIDDEN: readonly (readonly [file: string, line: string, message: string])[] = [
  ['src/resources/registry.ts', "import 'node:fs';", 'Pure code does no I/O.'],
  ['src/resources/registry.ts', "void import('node:fs/promises');", 'Pure code does no I/O.'],
  ['src/net/address.ts', "import 'node:net';", 'Pure code does no I/O.'],
  ['src/selector/parse.ts', "import '../resources/kind.js';", 'src/selector must not import other rooms.'],
  ['src/ipam/records/block.ts', "import '../../datastore/store.js';", 'Arithmetic knows of no store.'],
  ['src/manifest/files.ts', "import '../datastore/store.js';", 'src/manifest must not import rooms other than base, text, resources.'],
  ['src/resources/kind.ts', "import '../objects/target.js';", 'src/resources must not import rooms other than base, net, text, go, selector.'],
  ['src/config/file.ts', "import '../commands/get.js';", 'src/config must not import rooms other than base, text.'],
  ['src/config/file.ts', "void import('../commands/get.js');", 'src/config must not import rooms other than base, text.'],
  ['src/ipam/operations/assign.ts', "import '../../cli/exit-codes.js';", 'src/ipam must not import rooms other than base, net, text, go, selector, resources, datastore.'],
  ['src/output/views/changes/report.ts', "void import('../../../cli/exit-codes.js');", `src/output must not import rooms other than ${MAY_IMPORT.output?.join(', ')}.`],
  ['src/output/views/get/print.ts', "import '@oclif/core';", 'Only src/cli and src/commands and src/programs may import this.'],
  ['src/commands/get.ts', "void import('etcd3');", 'Only src/datastore may import this.'],
  ['src/commands/get.ts', "import '@grpc/grpc-js';", 'Only src/datastore may import this.'],
  ['src/cli/base-command.ts', "import 'etcd3';", 'Only src/datastore may import this.'],
  ['src/commands/get.ts', "import 'chalk';", 'Only src/output may import this.'],
  ['src/bgp/reply.ts', "import 'cli-table3';", 'Only src/output may import this.'],
  ['src/commands/get.ts', "import 'node:child_process';", 'Only src/host and src/dns may import this.'],
  ['src/commands/get.ts', "import 'node:process';", 'Only src/cli/shell.ts, src/cli/console.ts and src/programs touch the process.'],
  ['src/commands/get.ts', 'process.exit(1);', 'Only src/cli/shell.ts, src/cli/console.ts and src/programs touch the process.'],
  ['src/cli/flags.ts', 'process.exit(1);', 'Only src/cli/shell.ts, src/cli/console.ts and src/programs touch the process.'],
  ['scripts/tour/index.ts', "import '../../test/support/stored.js';", 'What scripts and tests share is in scripts/support.'],
];

const ALLOWED: readonly (readonly [file: string, line: string])[] = [
  ['src/datastore/etcd/connect.ts', "import 'etcd3';"],
  ['src/output/formats/table.ts', "import 'cli-table3';"],
  ['src/cli/shell.ts', 'process.exit(1);'],
  ['src/commands/get.ts', "import '../datastore/store.js';"],
  ['src/ipam/operations/release.ts', "import '../../datastore/store.js';"],
];

describe('the table of rooms', () => {
  it('takes rooms that name only rooms above them', () => {
    expect(() => checkRooms({ base: [], text: ['base'], changes: ['base', 'text'] }, ['base', 'text', 'changes'])).not.to.throw();
  });

  it('refuses two rooms that name each other', () => {
    expect(() => checkRooms({ get: ['changes'], changes: ['get'] }, ['get', 'changes'])).to.throw('src/get must not import src/changes');
  });

  it('refuses a circle over a third room', () => {
    expect(() => checkRooms({ get: ['text'], changes: ['get'], text: ['changes'] }, [])).to.throw('src/get must not import src/text');
  });

  it('refuses a folder that it does not know', () => {
    expect(() => checkRooms({ base: [] }, ['base', 'misc'])).to.throw('src/misc is new');
  });
});

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
