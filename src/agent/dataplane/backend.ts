import type { Family } from '../../dataplane/desired.js';
import { findProgram, runProgram, type RunProgram } from '../../host/program.js';
import type { Log } from '../../text/log.js';

/** The programs of one backend of iptables. */
export interface IptablesPrograms {
  readonly backend: 'legacy' | 'nft';
  readonly save: string;
  readonly restore: string;
}

/** What the iptables and the kernel of this host can do. */
export interface Features {
  /** Whether MASQUERADE and SNAT take `--random-fully`. */
  readonly masqueradeFullyRandom: boolean;
  readonly snatFullyRandom: boolean;
  /** Whether iptables-restore waits for the lock itself. */
  readonly restoreWaits: boolean;
}

type Backend = IptablesPrograms['backend'];
type Given = 'Legacy' | 'NFT' | 'Auto';

const FAMILIES: readonly Family[] = [4, 6];
const DETECT_MS = 10_000;
/** Chains that the kubelet makes so that others see which backend it uses. */
const KUBERNETES = /KUBE-(IPTABLES-HINT|KUBELET-CANARY)/;

/** The program that saves or restores a family in a backend; that of no backend where it has none of its own. */
function programFor(family: Family, backend: Backend, verb: 'save' | 'restore', searchPath: string): string {
  const base = `ip${family === 4 ? '' : '6'}tables`;
  const own = `${base}-${backend}-${verb}`;
  return findProgram(own, searchPath) === undefined ? `${base}-${verb}` : own;
}

/** The programs of a family. */
export function programsOf(family: Family, backend: Backend, searchPath: string): IptablesPrograms {
  return { backend, save: programFor(family, backend, 'save', searchPath), restore: programFor(family, backend, 'restore', searchPath) };
}

/**
 * Chooses the backend as Felix does (reference/felix 4.5): the one that is given; else the one that the kubelet uses, else the one with more
 * rules, and of two with as many the legacy one.
 */
export async function chooseBackend(given: Given, searchPath: string, log: Log, run: RunProgram = runProgram): Promise<Backend> {
  if (given !== 'Auto') return given === 'NFT' ? 'nft' : 'legacy';
  const saved = async (backend: Backend): Promise<string> => {
    const outputs = await Promise.all(FAMILIES.map((family) => output(run, programFor(family, backend, 'save', searchPath))));
    return outputs.join('\n');
  };
  const [nft, legacy] = await Promise.all([saved('nft'), saved('legacy')]);
  const detected = KUBERNETES.test(nft) ? 'nft' : KUBERNETES.test(legacy) || countRules(legacy) >= countRules(nft) ? 'legacy' : 'nft';
  log.info(`the backend ${detected} of iptables is used: nft has ${countRules(nft)} rules, legacy ${countRules(legacy)}`);
  return detected;
}

async function output(run: RunProgram, file: string): Promise<string> {
  return run(file, [], { whole: true, timeoutMs: DETECT_MS }).then(({ stdout }) => stdout, () => '');
}

function countRules(saved: string): number {
  return saved.split('\n').filter((line) => line.startsWith('-')).length;
}

/**
 * What can be used here (reference/felix 4.5).
 * @param kernelRelease as `uname -r` prints it
 * @param overrides those of featureDetectOverride
 */
export async function detectFeatures(kernelRelease: string, overrides: ReadonlyMap<string, string>, log: Log, run: RunProgram = runProgram): Promise<Features> {
  const printed = await run('iptables', ['--version'], { timeoutMs: DETECT_MS }).then(({ stdout }) => stdout, () => '');
  const iptables = versionIn(/v(\d+\.\d+\.\d+)/.exec(printed)?.[1]);
  const kernelIsNew = atLeast(versionIn(/^\d+(\.\d+)*/.exec(kernelRelease)?.[0]), [3, 14, 0]);
  if (iptables.length === 0) log.warning('iptables does not say its version: what only newer ones can do is not used');
  const overridden = (name: string, detected: boolean): boolean => {
    const value = overrides.get(name)?.toLowerCase() ?? '';
    return /^(true|1|t)$/.test(value) || (detected && !/^(false|0|f)$/.test(value));
  };
  return {
    masqueradeFullyRandom: overridden('MASQFullyRandom', atLeast(iptables, [1, 6, 2]) && kernelIsNew),
    snatFullyRandom: overridden('SNATFullyRandom', atLeast(iptables, [1, 6, 0]) && kernelIsNew),
    restoreWaits: overridden('RestoreSupportsLock', atLeast(iptables, [1, 6, 2])),
  };
}

function versionIn(text: string | undefined): readonly number[] {
  return text === undefined ? [] : text.split('.').map(Number);
}

function atLeast(version: readonly number[], wanted: readonly number[]): boolean {
  for (const [at, part] of wanted.entries()) {
    const difference = (version[at] ?? 0) - part;
    if (difference !== 0) return difference > 0;
  }
  return true;
}
