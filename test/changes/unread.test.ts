import { expect } from 'chai';
import { describe, it } from 'mocha';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readTargets } from '../../src/changes/read-targets.js';
import { ListedError, ManifestError } from '../../src/errors.js';
import type { Verb } from '../../src/resources/kind.js';

const RIGHT = 'apiVersion: v1\nkind: policy\nmetadata: {name: a}\n';

describe('manifests of which some cannot be read', () => {
  async function failure(verb: Verb, text: string): Promise<unknown> {
    const folder = mkdtempSync(join(tmpdir(), 'manifests-'));
    try {
      writeFileSync(join(folder, 'a.yaml'), text);
      await readTargets([join(folder, 'gone.yaml'), join(folder, 'a.yaml')], { verb, stdin: process.stdin, uuid: () => 'x' });
      return undefined;
    } catch (error) {
      if (error instanceof ManifestError) return { exitCode: error.exitCode, unread: error.unread.map((line) => line.replace(folder, '.')), problems: error.diagnostics.map(({ line, message }) => `${String(line)}: ${message}`) };
      if (error instanceof ListedError) return { exitCode: error.exitCode, lines: error.lines.map((line) => line.replace(folder, '.')) };
      throw error;
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  const gone = 'cannot read ./gone.yaml: no such file or directory';
  const wrong: readonly (readonly [what: string, text: string, problem: string])[] = [
    ['a wrong field', `${RIGHT}spec: {order: x}\n`, '4: expected an order, found "x"'],
    ['wrong syntax', 'a: @b\n', '1: a value cannot start with @'],
  ];
  for (const verb of ['validate', 'apply', 'create', 'replace', 'convert'] as const) {
    for (const [what, text, problem] of wrong) {
      it(`${verb} tells of ${what} in another one too`, async () => expect(await failure(verb, text)).to.deep.equal({ exitCode: 3, unread: [gone], problems: [problem] }));
    }
  }
  for (const verb of ['validate', 'apply', 'delete', 'get'] as const) {
    it(`${verb} of others that are right is refused as before`, async () => expect(await failure(verb, RIGHT)).to.deep.equal({ exitCode: 1, lines: [gone] }));
  }
});
