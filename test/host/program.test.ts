import { expect } from 'chai';
import { describe, it } from 'mocha';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../../scripts/support/wait.js';
import { findProgram, runAttached, runProgram } from '../../src/host/program.js';

describe('a program that we start', () => {
  it('gets its words as they are, and no shell', async () => {
    const words = ['$(id)', '`id`', 'a b', "'", '"', '*', '', '--', '-n', 'x\ny'];
    const end = await runProgram('/usr/bin/printf', ['%s\\0', ...words]);
    expect(end).to.deep.equal({ code: 0, stdout: words.map((word) => `${word}\0`).join(''), stderr: '' });
  });

  it('tells each line as it comes, the unfinished last one too', async () => {
    const lines: string[] = [];
    const end = await runProgram('sh', ['-c', 'printf "one\\r\\ntwo\\n\\nlast"; printf "error" >&2; exit 3'], { onLine: (line, stream) => lines.push(`${stream}: ${line}`) });
    expect(end).to.deep.equal({ code: 3, stdout: 'one\r\ntwo\n\nlast', stderr: 'error' });
    expect(lines).to.deep.equal(['stdout: one', 'stdout: two', 'stdout: ', 'stdout: last', 'stderr: error']);
  });

  it('has only the environment that it is given', async () => {
    const { stdout } = await runProgram('/usr/bin/env', [], { env: { ONLY: 'this' } });
    // Node hands this one on by itself while coverage is measured.
    expect(stdout.replace(/^NODE_V8_COVERAGE=.*\n/m, '')).to.equal('ONLY=this\n');
  });

  it('is ended by the signal, also one that came before', async () => {
    const stop = new AbortController();
    const end = await runProgram('sh', ['-c', 'echo up; exec sleep 60'], { signal: stop.signal, onLine: () => stop.abort() });
    expect(end).to.deep.equal({ code: null, stdout: 'up\n', stderr: '' });
    expect((await runProgram('sleep', ['60'], { signal: stop.signal })).code).to.equal(null);
    expect(await runAttached('sleep', ['60'], { signal: stop.signal })).to.equal(null);
  });

  it('is ended with what it started itself', async () => {
    const stop = new AbortController();
    const end = await runProgram('sh', ['-c', 'sleep 1000 & echo up; wait'], { signal: stop.signal, onLine: () => stop.abort() });
    expect(end).to.deep.equal({ code: null, stdout: 'up\n', stderr: '' });
  });

  it('reads what it is given, also where it does not want it', async () => {
    const input = 'line\n'.repeat(200_000);
    expect((await runProgram('wc', ['-c'], { input })).stdout).to.equal('1000000\n');
    expect((await runProgram('true', [], { input })).code).to.equal(0);
  });

  it('reads all of it or nothing, also where we are killed meanwhile', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'calicoctl-input-'));
    const read = join(folder, 'read');
    const module = JSON.stringify(new URL('../../src/host/program.js', import.meta.url).href);
    const script = `const { runProgram } = await import(${module}); void runProgram('sh', ['-c', 'sleep 0.2; wc -c > "$0.new"; mv "$0.new" "$0"', ${JSON.stringify(read)}], { input: 'line\\n'.repeat(200_000) }); process.kill(process.pid, 'SIGKILL');`;
    expect((await runProgram(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script])).code).to.equal(null);
    expect(await eventually('it was read', () => readFile(read, 'utf8').catch(() => undefined))).to.equal('1000000\n');
    await rm(folder, { recursive: true });
  });

  it('has all of its output kept where that is asked for', async () => {
    expect((await runProgram('sh', ['-c', 'yes | head -c 3000000'], { whole: true })).stdout).to.have.lengthOf(3_000_000);
  });

  it('is ended when its time is over, also where it will not end', async () => {
    expect((await runProgram('sleep', ['60'], { timeoutMs: 50 })).code).to.equal(null);
    expect((await runProgram('sh', ['-c', "trap '' TERM; while :; do :; done"], { timeoutMs: 50 })).code).to.equal(null);
  });

  it('keeps the end of what is too long', async () => {
    const { stdout } = await runProgram('sh', ['-c', 'yes | head -c 3000000; echo end']);
    expect([stdout.length, stdout.slice(-6)]).to.deep.equal([1 << 20, 'y\nend\n']);
  });

  it('rejects where it cannot be started, and refuses a NUL', async () => {
    for (const [file, args] of [['/no/such/program', []], ['/etc/passwd', []], ['printf', ['a\0b']]] as const) {
      const code = await runProgram(file, args).then(() => 'started', (error: unknown) => (error as NodeJS.ErrnoException).code);
      expect(code).to.equal({ '/no/such/program': 'ENOENT', '/etc/passwd': 'EACCES', printf: 'ERR_INVALID_ARG_VALUE' }[file]);
    }
  });

  it('is found on the search path, where it can be executed', () => {
    expect(findProgram('sh', '/nowhere:/bin')).to.equal('/bin/sh');
    expect(findProgram('passwd', '/etc')).to.equal(undefined);
    expect(findProgram('tmp', '/')).to.equal(undefined);
    expect(findProgram('sh', '')).to.equal(undefined);
  });
});
