import type { CheckResult, SystemCheck } from '../../../host/kernel/system-check.js';
import { safe } from '../../../text/safe.js';

/** The report as the official tool lays it out (reference/node 6), with how each thing is there and what needs it. */
export function checkText({ kernel, modules, sysctls, passed }: SystemCheck): string {
  const lines = [
    'Checking kernel version...',
    line(kernel.name, verdict(kernel)),
    ...(kernel.met ? [] : [safe(kernel.advice)]),
    'Checking kernel modules...',
    ...modules.flatMap((finding) => [...warning(finding, `Unable to detect the ${finding.name} module as Loaded/Builtin module or lsmod`), line(finding.name, `${verdict(finding)}\t${finding.found}`)]),
    'Checking kernel settings...',
    ...sysctls.flatMap((finding) => [...warning(finding, `${finding.name} is ${safe(finding.found)}`), line(finding.name, `${settingVerdict(finding)}\t${safe(finding.found)}`)]),
    passed ? 'System meets minimum system requirements to run Calico!' : "System doesn't meet one or more minimum systems requirements to run Calico",
  ];
  return `${lines.join('\n')}\n`;
}

function line(name: string, text: string): string {
  return `\t\t${safe(name).padEnd(20)}\t\t\t\t\t${text}`;
}

const UNMET = { required: 'FAIL', recommended: 'WARN', optional: 'NONE' } as const;

function verdict({ met, severity }: CheckResult): string {
  return met ? 'OK' : UNMET[severity];
}

/** A setting that can be made is not a failure. */
function settingVerdict(finding: CheckResult): string {
  return finding.severity === 'required' && !finding.met && finding.found !== 'missing' ? 'WARN' : verdict(finding);
}

function warning({ met, severity, neededBy, advice }: CheckResult, what: string): string[] {
  return met || severity === 'optional' ? [] : [`WARNING: ${what} (${severity}, needed by ${neededBy}): ${advice}`];
}

/** The same as `-o json` shows it. */
export function checkDocument({ kernel, modules, sysctls, sources, passed }: SystemCheck, poolsKnown: boolean): Record<string, unknown> {
  const document = ({ name, severity, neededBy, met, found, advice }: CheckResult): Record<string, unknown> => ({ name, severity, neededBy, met, found, advice: met ? null : advice });
  return { passed, kernel: document(kernel), modules: modules.map(document), sysctls: sysctls.map(document), poolsKnown, sources };
}
