import type { Notify } from '../base/notice.js';
import type { InsightNotice } from '../insight/notices.js';
import { InvalidRequest } from '../base/errors.js';
import { Directory } from '../insight/directory.js';
import { LINT_CODES, isLintCode, type LintCode, type Severity } from '../insight/lint/codes.js';
import { lint } from '../insight/lint/lint.js';
import { located } from '../insight/lint/located.js';
import type { Network } from '../insight/network.js';
import { lintData } from '../output/views/policy/lint/data.js';
import { isAtLeast, lintJUnit, lintSarif } from '../output/views/policy/lint/exchange.js';
import { lintReport, type LintReport } from '../output/views/policy/lint/report.js';
import { lintText } from '../output/views/policy/lint/text.js';
import type { Colours } from '../output/theme/colours.js';
import type { Model } from '../policy/model.js';
import type { Dialect } from '../resources/kind.js';
import { similar } from '../text/similar.js';

/** Codes of findings, one or several with commas in each word. Throws InvalidRequest for a word that is none. */
export function readCodes(words: readonly string[] = []): readonly LintCode[] {
  return words.flatMap((word) => word.split(',')).map((code) => code.trim()).filter((code) => code !== '').map((code) => {
    if (isLintCode(code)) return code;
    const near = similar(code, Object.keys(LINT_CODES));
    throw new InvalidRequest(`--ignore: ${JSON.stringify(code)} is no code of a finding`, near === undefined ? 'write a code as lint prints it, such as shadowed' : `did you mean ${near}?`);
  });
}

/** How bad a finding has to be so that the command fails; `none`: it never does. */
export type FailOn = Severity | 'none';

interface Asked {
  readonly ignore: readonly LintCode[];
  readonly failOn: FailOn;
  readonly dialect: Dialect;
  readonly version: string;
  readonly notify: Notify<InsightNotice>;
}

/** What lint says of a network. */
export class Linted {
  readonly report: LintReport;
  private readonly directory: Directory;

  constructor({ resources, targets }: Network, model: Model, private readonly asked: Asked) {
    this.directory = new Directory(resources, asked.dialect);
    const { findings, ...counts } = lint(model, resources, asked);
    this.report = lintReport(located(findings, targets), counts, this.directory);
  }

  /** Whether anything was found that is as bad as --fail-on says. */
  get fails(): boolean {
    return this.report.findings.some(({ severity }) => this.counts(severity));
  }

  /** What is printed for people. */
  text(colours: Colours): string {
    return lintText(this.report, colours);
  }

  /** What is printed for programs: `json`, `sarif` or `junit`. */
  data(format: string): string {
    if (format === 'json') return lintData(this.report, this.directory);
    return format === 'sarif' ? lintSarif(this.report, this.asked.version) : lintJUnit(this.report, (severity) => this.counts(severity));
  }

  private counts(severity: Severity): boolean {
    return this.asked.failOn !== 'none' && isAtLeast(severity, this.asked.failOn);
  }
}
