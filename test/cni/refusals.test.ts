import { expect } from 'chai';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'mocha';
import { ipam } from '../../src/cni/ipam/plugin.js';
import { sequences, stepsOf, type RecordedStep } from '../ipam/recorded.js';
import { callEnvironment, runHere } from '../support/cni.js';
import { MemoryStore } from '../support/memory-store.js';

/** What the official library was asked for, as far as a plugin can be asked for the same. */
interface Asked {
  readonly host: string;
  readonly ip?: string;
  readonly num4?: number;
  readonly num6?: number;
  readonly pools4?: readonly string[];
  readonly pools6?: readonly string[];
}

const NO_PLUGINS: readonly string[] = ['windows', 'maxBlocks', 'maxPerHandle', 'reserved4', 'reserved6', 'use', 'namespace'];
/** The plugin looks at the families of named pools before the library does. */
const PLUGINS_OWN = /provided IPv. IPPools list/;

const folder = mkdtempSync(join(tmpdir(), 'calicoctl-cni-'));
after(() => rmSync(folder, { recursive: true, force: true }));

describe('calico-ipam where the official library refused one address, or had none', () => {
  for (const sequence of sequences()) {
    const steps = [...stepsOf(sequence)].filter(({ step }) => isAskedOfPlugins(step) && wanted(step) !== undefined);
    if (steps.length === 0) continue;
    it(`${sequence.name}: says the same, ${steps.length} times`, async () => {
      for (const { step, number, before } of steps) {
        const { host, ip, num4, num6, pools4, pools6 } = step.args as unknown as Asked;
        const config = { cniVersion: '1.0.0', name: 'net1', type: 'calico', nodename: host, ipam_lock_file: join(folder, 'ipam.lock'), ipam: { assign_ipv4: num4 === 1, assign_ipv6: num6 === 1, ipv4_pools: pools4 ?? [], ipv6_pools: pools6 ?? [] } };
        const { stdout } = await runHere(ipam, { env: callEnvironment('ADD', { CNI_ARGS: ip === undefined ? '' : `IP=${ip}` }), stdin: config, store: new MemoryStore(justClaimed(before)) });
        const { code, msg } = JSON.parse(stdout) as { code: number; msg: string };
        expect(code, `step ${number}`).to.equal(999);
        expect(msg, `step ${number}`).to.equal(wanted(step));
      }
    });
  }
});

function isAskedOfPlugins({ op, args, error }: RecordedStep): boolean {
  const { num4 = 0, num6 = 0 } = args as unknown as Asked;
  return (op === 'assignIP' || op === 'autoAssign') && num4 <= 1 && num6 <= 1 && !NO_PLUGINS.some((name) => name in args) && !PLUGINS_OWN.test(error ?? '');
}

/** What is to be said; undefined where all was assigned. */
function wanted({ op, error, result }: RecordedStep): string | undefined {
  if (error !== undefined && error !== null) return error;
  if (op === 'assignIP') return undefined;
  const { v4, v6 } = result as { v4: Family | null; v6: Family | null };
  const [version, family] = v4?.shortfall === undefined ? [6, v6] : [4, v4];
  return family?.shortfall === undefined ? undefined : `failed to request IPv${version} addresses: ${family.shortfall}`;
}

interface Family {
  readonly shortfall?: string;
}

/** An empty block of another host may be taken a minute after its claim; no recording took so long. */
function justClaimed(store: ReadonlyMap<string, string>): Record<string, string> {
  const now = `"affinity_claim_time":"${new Date().toISOString().slice(0, 19)}Z"`;
  return Object.fromEntries([...store].map(([key, value]) => [key, value.replace(/"affinity_claim_time":"[^"]*"/, now)]));
}
