import type { KernelFacts } from './facts.js';
import { MODULES, presenceOf, tunnelModules, type ModuleRequirement, type Severity, type TunnelUse } from './modules.js';
import { SYSCTLS, type SysctlRequirement } from './sysctl.js';

/** The oldest kernel that Calico runs on (reference/node 6). */
export const OLDEST_KERNEL = '2.6.24';

/** What was found out about one requirement. */
export interface CheckResult {
  readonly name: string;
  readonly severity: Severity;
  readonly neededBy: string;
  readonly met: boolean;
  /** How a module is there, or the value of a setting. */
  readonly found: string;
  /** What to do where it is not met. */
  readonly advice: string;
}

/** The outcome of the whole check. */
export interface SystemCheck {
  readonly kernel: CheckResult;
  readonly modules: readonly CheckResult[];
  readonly sysctls: readonly CheckResult[];
  readonly sources: readonly string[];
  readonly passed: boolean;
}

/**
 * Compares a host with what Calico needs. A setting that "node run" or Felix makes is told, and is not a failure.
 * @param use which tunnels the pools use; undefined where that is not known
 */
export function checkSystem(facts: KernelFacts, sysctl: (name: string) => string | undefined, use: TunnelUse | undefined): SystemCheck {
  const kernel = kernelFinding(facts.release);
  const modules = [...MODULES, ...tunnelModules(use)].map((requirement) => moduleFinding(requirement, facts));
  const sysctls = SYSCTLS.filter(({ ipv6 }) => ipv6 !== true || facts.hasIpv6).map((requirement) => sysctlFinding(requirement, sysctl(requirement.name)));
  const failed = [kernel, ...modules].some(({ met, severity }) => !met && severity === 'required') || sysctls.some(({ found, severity }) => severity === 'required' && found === 'missing');
  return { kernel, modules, sysctls, sources: facts.sources, passed: !failed };
}

function kernelFinding(release: string): CheckResult {
  return {
    name: release,
    severity: 'required',
    neededBy: 'all of Calico',
    met: compareVersions(release, OLDEST_KERNEL) >= 0,
    found: release,
    advice: `Minimum kernel version to run Calico is ${OLDEST_KERNEL}. Detected kernel version: ${release}`,
  };
}

function moduleFinding(requirement: ModuleRequirement, facts: KernelFacts): CheckResult {
  const found = presenceOf(requirement, facts);
  const { name, severity, neededBy } = requirement;
  return { name, severity, neededBy, met: found !== 'missing', found, advice: `modprobe ${name}, or a kernel with ${requirement.options[0] ?? name}` };
}

function sysctlFinding({ name, severity, neededBy, accepts, wanted, advice }: SysctlRequirement, value: string | undefined): CheckResult {
  const met = value !== undefined && /^-?\d+$/.test(value) && accepts(Number(value));
  return { name, severity, neededBy, met, found: value ?? 'missing', advice: `${wanted} is wanted; ${advice}` };
}

/** Compares the leading numbers of two versions: 6.1.0-18-amd64 is later than 6.1.0. */
export function compareVersions(one: string, other: string): number {
  const numbers = (text: string): number[] => (/^\d+(?:\.\d+)*/.exec(text)?.[0] ?? '0').split('.').map(Number);
  const [left, right] = [numbers(one), numbers(other)];
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
