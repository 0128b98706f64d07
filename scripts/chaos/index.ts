import { parseArgs } from 'node:util';
import { insideFolder, inNamespaces } from './isolation.js';
import { isGood, reportOf } from './report.js';
import { runChaos } from './run.js';

const USAGE = `Breaks a cluster of three etcd members while our commands and a rival work on it, and compares everything the commands
said with etcd's whole history. Needs root: the members live in network namespaces of their own, which end with the run.

  npm run chaos -- [--duration 5m] [--seed 1]

--duration: such as 90, 90s, 5m or 1h. --seed: what is done, to what, by whom; how it interleaves is up to the machine.
Ends with 0 where nothing was lost, doubled or false, with 1 where something was, with 2 where it could not be run.
`;

/** Milliseconds of a text such as `90`, `90s`, `5m` or `1h`. Throws on any other. */
function durationOf(text: string): number {
  const [, number, unit = 's'] = /^(\d+)([smh])?$/.exec(text) ?? [];
  if (number === undefined || Number(number) === 0) throw new Error(`--duration ${text}: write for example 90s, 5m or 1h`);
  return Number(number) * { s: 1000, m: 60_000, h: 3_600_000 }[unit as 's' | 'm' | 'h'];
}

/** A whole number of 32 bits, the size of what a seed decides. Throws on any other. */
function seedOf(text: string): number {
  if (!/^\d{1,10}$/.test(text) || Number(text) >= 2 ** 32) throw new Error(`--seed ${text}: write a whole number below ${2 ** 32}`);
  return Number(text);
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { duration: { type: 'string', default: '5m' }, seed: { type: 'string', default: String(Date.now() % 1_000_000) }, help: { type: 'boolean', short: 'h', default: false } } });
  if (values.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  const [durationMs, seed] = [durationOf(values.duration), seedOf(values.seed)];
  const folder = insideFolder();
  if (folder === undefined) return inNamespaces(durationMs, ['--duration', values.duration, '--seed', values.seed]);
  console.log(`chaos: seed ${seed}, duration ${durationMs / 1000} s, three members in namespaces`);
  const figures = await runChaos(folder, { seed, durationMs });
  process.stdout.write(reportOf(figures));
  return isGood(figures) ? 0 : 1;
}

process.exitCode = await main().catch((error: unknown) => {
  console.error(`chaos: ${error instanceof Error ? error.message : String(error)}`);
  return 2;
});
