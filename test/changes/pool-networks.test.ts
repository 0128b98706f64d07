import { expect } from 'chai';
import { describe, it } from 'mocha';
import { Readable } from 'node:stream';
import { readTargets } from '../../src/changes/read-targets.js';
import { ManifestError, type Diagnostic } from '../../src/base/errors.js';

function pool(name: string, cidr: string, printed = false): string {
  return `{apiVersion: projectcalico.org/v3, kind: IPPool, metadata: {name: ${name}${printed ? ', uid: u' : ''}}, spec: {cidr: '${cidr}'}}\n---\n`;
}

const classic = (cidr: string): string => `{apiVersion: v1, kind: ipPool, metadata: {cidr: '${cidr}'}}\n---\n`;

/** What `validate` says of documents of one line each: severity, line, path and message. */
async function judged(...documents: readonly string[]): Promise<readonly string[]> {
  const options = { verb: 'validate', stdin: Readable.from([Buffer.from(documents.join(''))]), uuid: () => 'x' } as const;
  const diagnostics = await readTargets(['-'], options).then(({ warnings }) => warnings, (error: unknown): readonly Diagnostic[] => {
    if (error instanceof ManifestError) return error.diagnostics;
    throw error;
  });
  return diagnostics.map(({ severity, line, path, message }) => `${severity} ${String(line)} ${path ?? ''}: ${message}`);
}

describe('pools of one run of validate', () => {
  it('are refused where their networks overlap, at the later document, whichever is in the other', async () => {
    expect(await judged(pool('a', '10.0.0.0/16'), pool('b', '10.1.0.0/16'), pool('c', '10.0.5.0/24'))).to.deep.equal(['error 5 spec.cidr: the network 10.0.5.0/24 overlaps with 10.0.0.0/16 of IPPool(a) (<stdin>:1)']);
    expect(await judged(pool('c', '10.0.5.0/24'), classic('10.0.0.0/16'))).to.deep.equal(['error 3 metadata.cidr: the network 10.0.0.0/16 overlaps with 10.0.5.0/24 of IPPool(c) (<stdin>:1)']);
    expect(await judged(pool('a', 'fd00::/64'), pool('b', 'fd00::/64'))).to.have.length(1);
    expect(await judged(pool('a', '10.0.0.0/8'), pool('b', '10.1.0.0/16'), pool('c', '10.1.2.0/24'), pool('d', '10.2.0.0/16'))).to.have.length(3);
  });

  it('are taken where they do not: apart, of two families, one twice', async () => {
    expect(await judged(pool('a', '10.0.0.0/25'), pool('b', '10.0.0.128/25'), pool('c', '::/32'), pool('a', '10.0.0.0/25'), classic('10.0.1.0/25'), classic('10.0.1.0/25'))).to.deep.equal([]);
  });

  it('are warned of where both may be stored already: what get prints is taken', async () => {
    const said = ['warning 3 spec.cidr: the network 10.0.5.0/24 overlaps with 10.0.0.0/16 of IPPool(a) (<stdin>:1)'];
    expect(await judged(pool('a', '10.0.0.0/16', true), pool('b', '10.0.5.0/24', true))).to.deep.equal(said);
    expect(await judged(classic('10.0.0.0/16'), classic('10.0.5.0/24'))).to.deep.equal(['warning 3 metadata.cidr: the network 10.0.5.0/24 overlaps with 10.0.0.0/16 of IPPool(cidr=10.0.0.0/16) (<stdin>:1)']);
    expect(await judged(pool('a', '10.0.0.0/16', true), pool('b', '10.0.5.0/24'))).to.deep.equal(said.map((line) => line.replace('warning', 'error')));
  });
});
