import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { ROOT } from '../../scripts/support/calicoctl.js';

describe('what npm runs behind the installation of a clone', () => {
  it('ends as npm does, whose words stay the last', () => {
    const folder = mkdtempSync(join(tmpdir(), 'prepare-'));
    try {
      mkdirSync(join(folder, 'scripts'));
      copyFileSync(join(ROOT, 'scripts/prepare.js'), join(folder, 'scripts/prepare.js'));
      writeFileSync(join(folder, 'package.json'), '{"type": "module"}');
      writeFileSync(join(folder, 'npm'), '#!/bin/sh\necho "npm says no to $*" >&2\nexit 3\n', { mode: 0o755 });
      const { status, stderr } = spawnSync(process.execPath, [join(folder, 'scripts/prepare.js')], { encoding: 'utf8', env: { PATH: `${folder}:${process.env.PATH ?? ''}` } });
      expect({ status, stderr }).to.deep.equal({ status: 3, stderr: 'npm says no to ci\n' });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
