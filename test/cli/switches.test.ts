import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { describe, it } from 'mocha';
import { calicoctl, ROOT } from '../../scripts/support/calicoctl.js';

interface ManifestFlag {
  readonly type: 'option' | 'boolean';
  readonly char?: string;
  readonly aliases?: readonly string[];
}

const COMMANDS = Object.entries((JSON.parse(readFileSync(`${ROOT}oclif.manifest.json`, 'utf8')) as { commands: Record<string, { flags: Record<string, ManifestFlag> }> }).commands);

/** Every way to write the switches of a command. */
function spellings(flags: Readonly<Record<string, ManifestFlag>>): readonly string[] {
  const switches = Object.entries(flags).filter(([, { type }]) => type === 'boolean');
  return switches.flatMap(([name, { char, aliases = [] }]) => [`--${name}`, ...(char === undefined ? [] : [`-${char}`]), ...aliases.map((alias) => (alias.length === 1 ? `-${alias}` : `--${alias}`))]);
}

// There is no etcd: what reaches for it ends with another code.
const env = { ETCD_ENDPOINTS: 'http://127.0.0.1:1' };

describe('switches of every command', () => {
  for (const [id, { flags }] of COMMANDS) {
    it(`take no value: ${id.replaceAll(':', ' ')}`, async () => {
      const written = spellings(flags);
      const { code, stdout, stderr } = await calicoctl([...id.split(':'), ...written.map((flag) => `${flag}=false`)], { env });
      expect({ code, stdout, stderr }).to.deep.equal({
        code: 2,
        stdout: '',
        stderr: `${written.map((flag) => `${flag} takes no value`).join(', ')}\nhint: ${written.map((flag) => `leave out ${flag}=false`).join('; ')}\n`,
      });
    });
  }
});
