import { expect } from 'chai';
import { describe, it } from 'mocha';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readTargets } from '../../src/changes/read-targets.js';
import { ListedError, ManifestError } from '../../src/base/errors.js';
import type { Verb } from '../../src/resources/kind.js';

const RIGHT = 'apiVersion: v1\nkind: policy\nmetadata: {name: a}\n';

describe('manifests of which some cannot be read', () => {
  async function failure(verb: Verb, text: string, others = ['gone.yaml']): Promise<unknown> {
    const folder = mkdtempSync(join(tmpdir(), 'manifests-'));
    try {
      writeFileSync(join(folder, 'a.yaml'), text);
      for (const empty of ['none', 'nothing']) mkdirSync(join(folder, empty));
      await readTargets([...others, 'a.yaml'].map((name) => join(folder, name)), { verb, stdin: process.stdin, uuid: () => 'x' });
      return undefined;
    } catch (error) {
      if (error instanceof ManifestError) return { meaning: error.meaning, unread: error.unread.map((line) => line.replace(folder, '.')), problems: error.diagnostics.map(({ line, message }) => `${String(line)}: ${message}`) };
      if (error instanceof ListedError) return { meaning: error.meaning, lines: error.lines.map((line) => line.replace(folder, '.')) };
      throw error;
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  const gone = 'cannot read ./gone.yaml: no such file or directory';
  const wrong: readonly (readonly [what: string, text: string, problem: string])[] = [
    ['a wrong field', `${RIGHT}spec: {order: x}\n`, '4: expected a finite number, found "x"'],
    ['wrong syntax', 'a: @b\n', '1: a value cannot start with @'],
  ];
  for (const verb of ['validate', 'apply', 'create', 'replace', 'convert'] as const) {
    for (const [what, text, problem] of wrong) {
      it(`${verb} tells of ${what} in another one too`, async () => expect(await failure(verb, text)).to.deep.equal({ meaning: 'invalid-document', unread: [gone], problems: [problem] }));
    }
  }
  for (const verb of ['validate', 'apply', 'delete', 'get'] as const) {
    it(`${verb} of others that are right is refused as before`, async () => expect(await failure(verb, RIGHT)).to.deep.equal({ meaning: 'failed', lines: [gone] }));
  }

  const empty = ['no manifests in directory ./none', 'no manifests in directory ./nothing'];
  for (const verb of ['validate', 'apply'] as const) {
    it(`${verb} tells of all folders without manifests, and of what is wrong elsewhere`, async () => {
      const others = ['none', 'gone.yaml', 'nothing'];
      for (const [, text, problem] of wrong) expect(await failure(verb, text, others)).to.deep.equal({ meaning: 'invalid-document', unread: [gone, ...empty], problems: [problem] });
      expect(await failure(verb, RIGHT, others)).to.deep.equal({ meaning: 'failed', lines: [gone, ...empty] });
      expect(await failure(verb, RIGHT, ['none', 'nothing'])).to.deep.equal({ meaning: 'invalid-document', lines: empty });
    });
  }
});
