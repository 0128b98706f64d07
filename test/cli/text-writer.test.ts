import { expect } from 'chai';
import { buildSync } from 'esbuild';
import { after, before, describe, it } from 'mocha';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const lines = (count: number): string => Array.from({ length: count }, (_, index) => `line ${index + 1} ${'x'.repeat(90)}\n`).join('');

describe('TextWriter, in a process of its own', () => {
  let directory: string;
  let program: string;

  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'calicoctl-writer-'));
    program = join(directory, 'write-lines.mjs');
    const source = fileURLToPath(new URL('programs/write-lines.ts', import.meta.url));
    buildSync({ entryPoints: [source], bundle: true, platform: 'node', format: 'esm', outfile: program });
  });

  after(() => rmSync(directory, { recursive: true }));

  /** Runs a bash script in which `$W N` writes N lines; `go` is sent to its stdin when stderr says `alive`. */
  function bash(script: string): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      const child = spawn('bash', ['-c', script], { cwd: directory, env: { ...process.env, W: `${process.execPath} ${program}` } });
      let [stdout, stderr] = ['', ''];
      child.stdout.setEncoding('utf8').on('data', (text: string) => { stdout += text; });
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        stderr += text;
        if (stderr.includes('alive\n')) child.stdin.end('go\n');
      });
      // The script may end before it reads.
      child.stdin.on('error', () => undefined);
      child.on('error', reject).on('close', (code) => resolve({ code, stdout, stderr }));
    });
  }

  it('writes everything into a pipe', async () => {
    expect(await bash('$W 50000 2>/dev/null | cat')).to.deep.equal({ code: 0, stdout: lines(50_000), stderr: '' });
  });

  it('writes everything into a socket', async () => {
    expect(await bash('exec $W 50000 2>/dev/null')).to.deep.equal({ code: 0, stdout: lines(50_000), stderr: '' });
  });

  it('writes everything into a file', async () => {
    expect(await bash('$W 50000 >lines 2>/dev/null')).to.deep.equal({ code: 0, stdout: '', stderr: '' });
    expect(readFileSync(join(directory, 'lines'), 'utf8')).to.equal(lines(50_000));
  });

  it('lives on while nobody reads the pipe', async () => {
    expect(await bash('exec 3<&0; $W 50000 | { read -r go <&3; cat; }')).to.deep.equal({ code: 0, stdout: lines(50_000), stderr: 'alive\n' });
  });

  it('does not make the pipe non-blocking for others', async () => {
    const script = 'exec 3<&0; { $W 50000; yes | head -c 5000000; } | { read -r go <&3; wc -c; }';
    expect(await bash(script)).to.deep.equal({ code: 0, stdout: `${lines(50_000).length + 5_000_000}\n`, stderr: 'alive\n' });
  });

  it('ends in silence when the reader has had enough', async () => {
    expect(await bash('$W 50000 2>errors | head -n 1; echo ${PIPESTATUS[0]}; grep -v alive errors')).to.deep.equal({ code: 1, stdout: `${lines(1)}0\n`, stderr: '' });
  });

  it('says in one line that the device is full', async () => {
    expect(await bash('$W 1 >/dev/full')).to.deep.equal({ code: 1, stdout: '', stderr: 'cannot write the output: no space left on the device\n' });
  });

  it('says in one line that the output cannot be written to', async () => {
    expect(await bash('$W 1 1</dev/null')).to.deep.equal({ code: 1, stdout: '', stderr: 'cannot write the output: it is closed, or open for reading only\n' });
  });
});
