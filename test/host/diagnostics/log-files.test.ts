import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { StepFailure } from '../../../src/host/diagnostics/capture.js';
import { isLogFile, logFiles } from '../../../src/host/diagnostics/log-files.js';

const ALWAYS = new AbortController().signal;

describe('log files', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'calicoctl-logs-'));
    mkdirSync(join(folder, 'logs', 'sub'), { recursive: true });
    writeFileSync(join(folder, 'secret'), 'not for you\n');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const at = (...names: string[]): string => join(folder, 'logs', ...names);

  /** Everything found, with the content of files or the reason it was left alone. */
  async function found(top: string, meanwhile: (path: string) => void = () => undefined): Promise<Record<string, string>> {
    const all: Record<string, string> = {};
    for await (const each of logFiles(top)) {
      const name = each.path.join('/');
      meanwhile(name);
      const pieces: Buffer[] = [];
      if (isLogFile(each)) await each.copy((piece) => Promise.resolve(pieces.push(piece) > 0), ALWAYS);
      all[name] = isLogFile(each) ? Buffer.concat(pieces).toString() : `(${each.reason})`;
    }
    return all;
  }

  it('regular files only; links, pipes and sockets are named', async () => {
    writeFileSync(at('felix.log'), 'felix\n');
    writeFileSync(at('sub', 'a\nb'), 'odd\n');
    symlinkSync(join(folder, 'secret'), at('link'));
    symlinkSync('/', at('sub', 'root'));
    symlinkSync('nowhere', at('dangling'));
    execFileSync('mkfifo', [at('pipe')]);
    expect(await found(at())).to.deep.equal({
      dangling: '(a symbolic link)',
      'felix.log': 'felix\n',
      link: '(a symbolic link)',
      pipe: '(neither a file nor a folder)',
      'sub/a\nb': 'odd\n',
      'sub/root': '(a symbolic link)',
    });
  });

  it('the folder that was named may be a link', async () => {
    writeFileSync(at('felix.log'), 'felix\n');
    symlinkSync(at(), join(folder, 'other'));
    expect(await found(join(folder, 'other'))).to.deep.equal({ 'felix.log': 'felix\n' });
  });

  it('a folder that is exchanged for a link while it is read leads nowhere', async () => {
    writeFileSync(at('sub', 'a'), 'first\n');
    writeFileSync(at('sub', 'b'), 'second\n');
    mkdirSync(join(folder, 'trap'));
    writeFileSync(join(folder, 'trap', 'b'), 'not for you\n');
    const exchange = (name: string): void => {
      if (name !== 'sub/a') return;
      renameSync(at('sub'), join(folder, 'moved'));
      symlinkSync(join(folder, 'trap'), at('sub'));
    };
    expect(await found(at(), exchange)).to.deep.equal({ 'sub/a': 'first\n', 'sub/b': 'second\n' });
  });

  it('a log that grows while it is copied ends where it ended', async () => {
    writeFileSync(at('felix.log'), 'felix\n');
    expect(await found(at(), () => appendFileSync(at('felix.log'), 'more\n'))).to.deep.equal({ 'felix.log': 'felix\n' });
  });

  it('folders that are too deep', async () => {
    mkdirSync(at(...Array<string>(20).fill('d')), { recursive: true });
    expect(await found(at())).to.deep.equal({ [Array<string>(16).fill('d').join('/')]: '(folders deeper than 16 are left alone)' });
  });

  for (const [title, path, message] of [
    ['no folder', '/nowhere/at/all', 'there is no such folder'],
    ['a file', '/proc/self/comm', 'it is not a folder'],
  ] as const) {
    it(title, async () => {
      const failure = await found(path).catch((error: unknown) => error);
      expect([failure instanceof StepFailure, (failure as Error).message]).to.deep.equal([true, message]);
    });
  }
});
